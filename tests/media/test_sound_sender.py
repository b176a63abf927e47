"""Our payloads in aiortc's sender. A failure of a name here means: read their new release first."""

import asyncio
import inspect
from typing import Any

import av
import pytest
from aiortc import MediaStreamTrack, RTCRtpSender
from aiortc.mediastreams import MediaStreamError
from aiortc.rtcrtpsender import RTCEncodedFrame
from aiortc.rtp import RtcpReceiverInfo, RtcpRrPacket

from kiosk.devices.microphone.voice import block_of, tone
from kiosk.frames import SILENCE
from kiosk.media import Incoming, MediaSession, Outgoing, Settings
from kiosk.media.aiortc_adapter import send_sound, sound_sender
from kiosk.media.libopus import OpusDecoder
from kiosk.media.rings import Wake
from kiosk.media.sound_out import SoundLine, SoundSending

from .far_end import FarEnd, loudest_hz


class Track(MediaStreamTrack):
    """Never asked for a frame."""

    kind = "audio"

    async def recv(self) -> av.AudioFrame:
        raise AssertionError


class Bare:
    """A sender as far as the seam knows one."""

    def __init__(self) -> None:
        self.track = Track()
        self._enabled = True
        self._ssrc = 7
        self.handled: list[object] = []

    async def _next_encoded_frame(self, codec: object) -> object:
        raise AssertionError

    async def _handle_rtcp_packet(self, packet: object) -> None:
        self.handled.append(packet)


def taken_over() -> tuple[SoundLine, SoundSending, Any]:
    line = SoundLine()
    sending = SoundSending(line, Wake(asyncio.get_running_loop()))
    line.on_put = sending
    sender: Any = Bare()
    send_sound(sender, sending)
    return line, sending, sender


async def next_frame(line: SoundLine, sender: Any, block: bytes, lost_samples: int = 0) -> RTCEncodedFrame | None:
    asked = asyncio.create_task(sender._next_encoded_frame(None))
    await asyncio.sleep(0)
    line.put(block, lost_samples)
    frame: RTCEncodedFrame | None = await asked
    return frame


async def test_payloads_come_with_time_and_level() -> None:
    line, sending, sender = taken_over()
    line.put(SILENCE)
    frames = [await next_frame(line, sender, block_of(tone(440), number), number) for number in range(3)]
    assert all(frames)
    # The first was put before anybody asked: its time has passed, it is not sent.
    assert [frame.timestamp for frame in frames if frame] == [960, 1921, 2883]
    assert [frame.audio_level for frame in frames if frame] == [pytest.approx(-12, abs=1)] * 3
    assert [len(OpusDecoder().decode(frame.payloads[0])) for frame in frames if frame] == [960] * 3
    figures = sending.figures()
    assert (figures.payloads, figures.dropped, figures.lost_samples) == (3, 0, 3)
    assert figures.level_dbfs == pytest.approx(-12, abs=1)
    assert 5_000 < figures.bitrate_bps < 60_000


async def test_a_loop_that_comes_late_finds_the_newest() -> None:
    line, sending, sender = taken_over()
    await next_frame(line, sender, SILENCE)
    for _ in range(8):
        line.put(SILENCE)
    frames = [await sender._next_encoded_frame(None) for _ in range(5)]
    assert [frame.timestamp for frame in frames] == [960 * number for number in range(4, 9)]
    assert sending.figures().dropped == 3


async def test_a_disabled_sender_sends_nothing_and_an_ended_track_ends() -> None:
    line, _, sender = taken_over()
    sender._enabled = False
    assert await next_frame(line, sender, SILENCE) is None
    sender.track.stop()
    with pytest.raises(MediaStreamError):
        await sender._next_encoded_frame(None)


async def test_reported_loss_turns_the_error_correction_on() -> None:
    _, sending, sender = taken_over()
    assert sending.figures().fec_percent == 0
    reports = [
        RtcpReceiverInfo(ssrc=ssrc, fraction_lost=lost, packets_lost=9, highest_sequence=9, jitter=0, lsr=0, dlsr=0)
        for ssrc, lost in ((8, 255), (7, 26))
    ]
    packet = RtcpRrPacket(ssrc=1, reports=reports)
    await sender._handle_rtcp_packet(packet)
    assert sender.handled == [packet], "aiortc gets it too"
    assert (sending.figures().fec_percent, round(sending.figures().loss_percent)) == (10, 10)


@pytest.mark.parametrize(("dbfs", "expected"), [(-100.0, -127), (-99.4, -99), (-12.6, -13), (0.0, 0), (3.0, 0)])
def test_levels_as_packets_carry_them(dbfs: float, expected: int) -> None:
    assert sound_sender.dbov(dbfs) == expected


def test_the_names_that_are_taken_over_exist() -> None:
    class Renamed:
        """A sender of another release."""

    renamed: Any = Renamed()
    with pytest.raises(AttributeError, match="not the aiortc"):
        send_sound(renamed, renamed)
    assert list(inspect.signature(RTCRtpSender._next_encoded_frame).parameters) == ["self", "codec"]
    assert list(inspect.signature(RTCRtpSender._handle_rtcp_packet).parameters) == ["self", "packet"]
    assert list(inspect.signature(RTCEncodedFrame.__init__).parameters) == [
        "self",
        "payloads",
        "timestamp",
        "audio_level",
    ]
    assert "_next_encoded_frame" in RTCRtpSender._run_rtp.__code__.co_names


async def test_a_real_far_end_hears_us_and_its_reports_arrive() -> None:
    far, outgoing = FarEnd(), Outgoing()
    session = MediaSession(Settings(), outgoing, Incoming())
    try:
        await session.connect(far)
        peer = session._peer
        assert peer is not None
        assert outgoing.sound.on_put is peer.sound_out
        number = 0
        reports: list[float] = []
        report = peer.sound_out.report

        def noting(lost: float) -> None:
            reports.append(lost)
            report(lost)

        vars(peer.sound_out)["report"] = noting
        while not (reports and far.sound_count > 40):
            outgoing.sound.put(block_of(tone(440), number))
            number += 1
            await asyncio.sleep(0.01)
            assert number < 1500
        assert 0 <= reports[0] < 1
        assert loudest_hz(far.heard()) == pytest.approx(440, abs=10)
    finally:
        await session.close()
        await far.close()
