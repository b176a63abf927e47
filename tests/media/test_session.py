"""A session against a plain aiortc peer over real UDP."""

import asyncio
import itertools
import threading
import time
from collections.abc import AsyncIterator, Callable

import pytest

from kiosk.errors import MediaError, RoomProtocolError
from kiosk.frames import SILENCE, VideoFrame
from kiosk.media import Incoming, MediaSession, Outgoing, Settings
from kiosk.media.convert import from_av
from kiosk.media.liveness import QUIET_TIMEOUT_S
from kiosk.rooms.port import IceServer, StreamStatistics

from .far_end import BLUE, GREEN, RED, FarEnd, Hands, loudest_hz, until

QUICK = Settings(width=320, height=240, connect_timeout_s=5.0, silence_timeout_s=1.0)


class Visit:
    """A terminal's side, with what it got."""

    def __init__(self, settings: Settings = QUICK) -> None:
        self.outgoing = Outgoing()
        self.incoming = Incoming()
        self.pictures: list[VideoFrame] = []
        self.incoming.on_picture = self.pictures.append
        self.hands = Hands(self.outgoing)
        self.session = MediaSession(settings, self.outgoing, self.incoming)

    async def listen(self, blocks: int) -> bytes:
        """That many blocks of sound that are not silence, taken at the loudspeaker's pace."""
        heard: list[bytes] = []

        def took() -> bool:
            block = self.incoming.next_block()
            if block != SILENCE:
                heard.append(block)
            return len(heard) >= blocks

        await until(took, "remote sound")
        return b"".join(heard)

    async def close(self) -> None:
        self.hands.stop()
        await self.session.close()


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    visit = Visit()
    yield visit
    await visit.close()


@pytest.fixture
async def far() -> AsyncIterator[FarEnd]:
    far = FarEnd()
    yield far
    await far.close()


def mean_colour(frame: VideoFrame) -> tuple[float, float, float]:
    return float(frame.y.mean()), float(frame.u.mean()), float(frame.v.mean())


@pytest.mark.parametrize("codec", ["vp8", "h264"])
async def test_picture_and_sound_go_both_ways(codec: str) -> None:
    visit = Visit(Settings(width=320, height=240, video_codec=codec))  # type: ignore[arg-type]
    far = FarEnd()
    try:
        await visit.session.connect(far)
        assert far.acks == 1
        assert (far.offers[0].count("a=content:main"), far.offers[0].count("a=content:slides")) == (2, 1)
        await until(lambda: visit.pictures and far.pictures and far.sound_count > 60, "pictures and sound both ways")
        assert mean_colour(visit.pictures[-1]) == pytest.approx(RED, abs=4)
        shown = far.pictures[-1]
        assert (shown.width, shown.height) == (320, 240)
        assert mean_colour(from_av(shown, 0.0)) == pytest.approx(GREEN, abs=4)
        assert loudest_hz(far.heard()) == pytest.approx(600, abs=10)
        assert loudest_hz(await visit.listen(25)) == pytest.approx(1000, abs=10)
        stats = await visit.session.stats()
        assert (stats.video_codec, stats.sound_codec) == (codec.upper(), "opus")
        assert (stats.width, stats.height) == (320, 240)
        assert min(stats.packets_sent, stats.packets_received, stats.pictures_sent, stats.pictures_received) > 0
        assert stats.bytes_sent > stats.packets_sent
    finally:
        await visit.close()
        await far.close()


async def test_the_far_end_chooses_among_the_codecs_offered(visit: Visit) -> None:
    far = FarEnd(video_codec="h264")
    try:
        await visit.session.connect(far)
        assert (await visit.session.stats()).video_codec == "H264"
    finally:
        await far.close()


async def test_a_pause_stops_all_rtp_within_200_ms_and_can_end(visit: Visit, far: FarEnd) -> None:
    await visit.session.connect(far)
    await until(lambda: far.picture_count > 5 and far.sound_count > 10, "picture and sound")
    visit.hands.is_on = False
    visit.outgoing.clear()
    paused_s = time.monotonic()
    await asyncio.sleep(0.8)
    assert max(far.rtp_arrivals_s) - paused_s < 0.2
    before = far.picture_count, far.sound_count
    visit.hands.is_on = True
    await until(lambda: far.picture_count > before[0] + 5 and far.sound_count > before[1] + 10, "all of it again")


async def test_a_pause_counts_as_passed_time_in_the_sound(visit: Visit, far: FarEnd) -> None:
    await visit.session.connect(far)
    await until(lambda: far.sound_count > 10, "sound")
    visit.hands.is_on = False
    await asyncio.sleep(0.6)
    visit.hands.is_on = True
    count = far.sound_count
    await until(lambda: far.sound_count > count + 10, "sound again")
    times = [part.pts for part in far.sound if part.pts is not None]
    longest_s = max(b - a for a, b in itertools.pairwise(times)) / 48_000
    assert longest_s == pytest.approx(0.6, abs=0.15)


async def test_nothing_is_made_up_for_a_patient_who_sends_nothing(visit: Visit, far: FarEnd) -> None:
    visit.hands.is_on = False
    await visit.session.connect(far)
    await until(lambda: len(visit.pictures) > 5, "remote pictures")
    assert far.rtp_arrivals_s == []


async def test_watching_outlasts_a_far_end_that_sends_nothing_but_lives(visit: Visit) -> None:
    far = FarEnd(send=False)
    visit.hands.is_on = False
    try:
        await visit.session.connect(far)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(QUIET_TIMEOUT_S + 1):
                await visit.session.watch()
    finally:
        await far.close()


async def test_a_far_end_that_vanishes_is_noticed_in_time(visit: Visit, far: FarEnd) -> None:
    await visit.session.connect(far)
    await until(lambda: len(visit.pictures) > 15, "remote pictures")
    watching = asyncio.create_task(visit.session.watch())
    await asyncio.sleep(0)
    far.vanish()
    vanished_s = time.monotonic()
    with pytest.raises(MediaError, match=r"nothing has come from the far end for 1 s"):
        await watching
    assert 0.9 < time.monotonic() - vanished_s < 1.8


async def test_a_machine_that_lost_its_address_does_not_wait_for_the_silence_to_last(
    visit: Visit, far: FarEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    await visit.session.connect(far)
    await until(lambda: len(visit.pictures) > 15, "remote pictures")
    watching = asyncio.create_task(visit.session.watch())
    monkeypatch.setattr("kiosk.media.gathering.get_host_addresses", lambda **_: ["192.0.2.7"])
    await asyncio.sleep(0.5)
    assert not watching.done(), "a path that works was given up"
    far.vanish()
    with pytest.raises(MediaError, match="lost an address"):
        await asyncio.wait_for(watching, 0.9)


async def test_an_offer_of_addresses_that_are_gone_is_given_up(
    visit: Visit, far: FarEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    def move(sdp: str) -> str:
        far.vanish()
        monkeypatch.setattr("kiosk.media.gathering.get_host_addresses", lambda **_: ["192.0.2.7"])
        return sdp

    far.edit = move
    with pytest.raises(MediaError, match="lost an address"):
        await asyncio.wait_for(visit.session.connect(far), 3)


async def test_a_far_end_that_hangs_up_is_noticed_at_once(visit: Visit, far: FarEnd) -> None:
    await visit.session.connect(far)
    await until(lambda: visit.pictures and far.sound_count, "media")
    watching = asyncio.create_task(visit.session.watch())
    await asyncio.sleep(0)
    await far.close()
    with pytest.raises(MediaError):
        await asyncio.wait_for(watching, 1.0)


async def test_closing_while_watched_says_so(visit: Visit, far: FarEnd) -> None:
    await visit.session.connect(far)
    await until(lambda: visit.pictures, "media")
    watching = asyncio.create_task(visit.session.watch())
    await asyncio.sleep(0)
    closing = asyncio.create_task(visit.session.close())
    with pytest.raises(MediaError, match="closed"):
        await watching
    await closing


async def test_a_call_without_a_path_fails_in_time() -> None:
    visit = Visit(Settings(connect_timeout_s=0.5))
    far = FarEnd()

    def fall_silent(sdp: str) -> str:
        far.vanish()
        return sdp

    far.edit = fall_silent
    try:
        with pytest.raises(MediaError, match=r"no path for media within 0\.5 s"):
            await visit.session.connect(far)
    finally:
        await visit.close()
        await far.close()


async def test_relay_only_without_a_relay_is_refused_before_anything_is_offered(visit: Visit, far: FarEnd) -> None:
    far.relay_only = True
    far.ice_servers = (IceServer(("stun:stun.example.org",)),)
    with pytest.raises(MediaError, match="no usable TURN server"):
        await visit.session.connect(far)
    assert far.offers == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("v=0", "<html>", "does not begin with v=0"),
        ("a=ice-pwd", "a=x-pwd", "audio section has no a=ice-pwd"),
        ("a=setup:active", "a=setup:actpass", "neither active nor passive"),
        ("m=video", "m=audio", "sections and their mid"),
        ("udp", "udp x", "cannot be used"),
    ],
)
async def test_an_unusable_answer_is_named_without_its_text(
    visit: Visit, far: FarEnd, old: str, new: str, message: str
) -> None:
    far.edit = lambda sdp: sdp.replace(old, new)
    with pytest.raises(RoomProtocolError, match=message) as caught:
        await visit.session.connect(far)
    assert "candidate" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert far.acks == 0


async def test_closing_leaves_no_task_and_no_thread_behind() -> None:
    def threads() -> set[str]:
        # The loop's own workers stay until the loop ends.
        return {thread.name for thread in threading.enumerate() if not thread.name.startswith("asyncio_")}

    tasks_before, threads_before = asyncio.all_tasks(), threads()
    visit, far = Visit(), FarEnd()
    await visit.session.connect(far)
    await until(lambda: visit.pictures and far.sound_count, "media")
    visit.hands.stop()
    await far.close()
    begun_s = time.monotonic()
    await visit.session.close()
    await visit.session.close()
    assert time.monotonic() - begun_s < 2.0
    await until(lambda: asyncio.all_tasks() == tasks_before and threads() == threads_before, "the rest to end")
    assert visit.outgoing.pictures.on_put is None
    assert visit.outgoing.sound.on_put is None


async def test_closing_in_the_middle_of_connecting_leaves_nothing_behind(far: FarEnd) -> None:
    tasks_before = asyncio.all_tasks()
    visit = Visit()
    connecting = asyncio.create_task(visit.session.connect(far))
    await until(lambda: far.acks, "the answer")
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    await visit.close()
    await far.close()
    await until(lambda: asyncio.all_tasks() <= tasks_before, "the rest to end")


async def test_a_new_session_takes_over_the_same_visit(visit: Visit, far: FarEnd) -> None:
    await visit.session.connect(far)
    await until(lambda: visit.pictures, "a remote picture")
    second_far = FarEnd(colour=BLUE)
    second = MediaSession(QUICK, visit.outgoing, visit.incoming)
    try:
        await second.connect(second_far)
        visit.pictures.clear()
        received = (await visit.session.stats()).pictures_received
        await until(lambda: len(visit.pictures) > 10, "pictures of the second")
        # The first one is not closed yet and goes on receiving, but not for the patient.
        assert (await visit.session.stats()).pictures_received > received
        assert {mean_colour(frame)[1] > 200 for frame in visit.pictures} == {True}
        await visit.session.close()
        await until(lambda: second_far.picture_count > 5 and second_far.sound_count > 5, "picture and sound")
    finally:
        await second.close()
        await second_far.close()


async def test_no_picture_comes_after_the_visit_has_ended(visit: Visit, far: FarEnd) -> None:
    await visit.session.connect(far)
    await until(lambda: len(visit.pictures) > 3, "remote pictures")
    visit.incoming.close()
    count = len(visit.pictures)
    received = (await visit.session.stats()).pictures_received
    await asyncio.sleep(0.3)
    assert (await visit.session.stats()).pictures_received > received
    assert len(visit.pictures) == count
    assert visit.incoming.next_block() == SILENCE


async def test_a_closing_session_is_heard_no_more_while_the_next_one_connects(visit: Visit, far: FarEnd) -> None:
    await visit.session.connect(far)
    await until(lambda: len(visit.pictures) > 3, "remote pictures")
    closing = asyncio.create_task(visit.session.close())
    await asyncio.sleep(0)
    count = len(visit.pictures)
    second, second_far = MediaSession(QUICK, visit.outgoing, visit.incoming), FarEnd(colour=BLUE)
    try:
        begun_s = time.monotonic()
        await second.connect(second_far)
        await until(lambda: len(visit.pictures) > count, "a picture of the second")
        assert time.monotonic() - begun_s < 5.0
        assert mean_colour(visit.pictures[count]) == pytest.approx(BLUE, abs=4)
        await until(lambda: len(visit.pictures) > count + 5, "more of them")
        assert {round(mean_colour(frame)[1] / 40) for frame in visit.pictures[count:]} == {round(BLUE[1] / 40)}
    finally:
        await closing
        await second.close()
        await second_far.close()


async def test_slides_come_beside_the_picture(visit: Visit, far: FarEnd) -> None:
    slides: list[VideoFrame] = []
    visit.incoming.on_slides = slides.append
    far.slides = BLUE
    await visit.session.connect(far)
    await until(lambda: len(slides) > 3 and len(visit.pictures) > 3, "slides and pictures")
    assert mean_colour(slides[-1]) == pytest.approx(BLUE, abs=4)
    assert mean_colour(visit.pictures[-1]) == pytest.approx(RED, abs=4)
    visit.incoming.close()
    count = len(slides)
    await asyncio.sleep(0.2)
    assert len(slides) == count


def without_slides(sdp: str) -> str:
    return sdp[: sdp.index("m=video", sdp.index("m=video") + 1)].replace("BUNDLE 0 1 2", "BUNDLE 0 1")


def refusing_slides(sdp: str) -> str:
    return without_slides(sdp) + "m=video 0 UDP/TLS/RTP/SAVPF 97\r\na=mid:2\r\na=inactive\r\n"


@pytest.mark.parametrize("edit", [without_slides, refusing_slides])
async def test_a_far_end_without_slides_is_well(visit: Visit, far: FarEnd, edit: Callable[[str], str]) -> None:
    far.edit = edit
    await visit.session.connect(far)
    await until(lambda: visit.pictures and far.pictures and far.sound_count > 5, "picture and sound")


async def test_no_slides_are_offered_when_not_wanted() -> None:
    visit, far = Visit(Settings(slides=False)), FarEnd()
    try:
        await visit.session.connect(far)
        assert far.offers[0].count("m=video") == 1
    finally:
        await visit.close()
        await far.close()


async def test_a_room_of_sound_alone_is_offered_no_picture(visit: Visit, far: FarEnd) -> None:
    far.video = False
    await visit.session.connect(far)
    await until(lambda: far.sound_count > 10, "sound")
    assert "m=video" not in far.offers[0]
    assert (await visit.session.stats()).video_codec is None
    assert (await visit.session.statistics()).video == StreamStatistics()


async def test_the_platform_gets_figures_of_each_kind(visit: Visit, far: FarEnd) -> None:
    assert (await visit.session.statistics()).audio == StreamStatistics()
    await visit.session.connect(far)
    await until(lambda: len(visit.pictures) > 5 and far.sound_count > 20 and far.picture_count > 5, "media")
    statistics = await visit.session.statistics()
    for stream, codec in ((statistics.audio, "opus"), (statistics.video, "VP8")):
        assert (stream.received_codec, stream.sent_codec) == (codec, codec)
        assert min(stream.received_packets, stream.sent_packets) > 5
        assert stream.received_bytes > 12 * stream.received_packets
        assert stream.sent_bytes > 0
        assert 0 <= stream.jitter_s < 1
        assert 0 <= stream.lost_packets <= stream.received_packets


async def test_the_far_end_steers_what_it_sees(visit: Visit, far: FarEnd) -> None:
    # The camera sees green on the left and red on the right.
    visit.hands.colours = (GREEN, RED)
    await visit.session.connect(far)
    await until(lambda: far.pictures and visit.session, "a picture")
    assert not visit.outgoing.steered
    visit.outgoing.steer(0, 0, 1, 3.0)
    assert visit.outgoing.steered
    await until(lambda: is_size(visit, 1 / 3), "zoomed in")
    visit.outgoing.steer(1, 0, 0, 3.0)
    await until(lambda: mean_colour(from_av(far.pictures[-1], 0.0)) == pytest.approx(RED, abs=6), "the right side")
    assert (far.pictures[-1].width, far.pictures[-1].height) == (320, 240)
    visit.outgoing.whole()
    assert not visit.outgoing.steered
    middle = [(a + b) / 2 for a, b in zip(GREEN, RED, strict=True)]
    await until(lambda: mean_colour(from_av(far.pictures[-1], 0.0)) == pytest.approx(middle, abs=8), "both sides")


async def test_a_card_is_sent_as_large_as_the_camera_sees_it(far: FarEnd) -> None:
    visit = Visit(Settings(width=160, height=120))
    try:
        await visit.session.connect(far)
        await until(lambda: far.pictures, "a picture")
        assert far.pictures[-1].width == 160
        visit.outgoing.prefer_detail(True)
        await until(lambda: far.pictures[-1].width == 320, "a larger picture")
        visit.outgoing.prefer_detail(False)
        await until(lambda: far.pictures[-1].width == 160, "the usual size")
    finally:
        await visit.close()


def is_size(visit: Visit, size: float) -> bool:
    return visit.outgoing.steering.window(time.monotonic()).size == pytest.approx(size)
