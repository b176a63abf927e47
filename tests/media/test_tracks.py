"""What is sent: size, rate, time, and nothing that was not put."""

import asyncio
import dataclasses
import time

import pytest
from aiortc.mediastreams import MediaStreamError

from kiosk.frames import SILENCE, VideoFrame
from kiosk.media import Settings
from kiosk.media.picture_track import Pace, PictureTrack
from kiosk.media.rings import Wake, WakingLatest
from kiosk.media.sound_out import SoundLine
from kiosk.media.sound_track import SoundTrack
from kiosk.media.steering import Steering

from .far_end import flat_frame


def pictures(settings: Settings | None = None) -> tuple[WakingLatest[VideoFrame], PictureTrack]:
    slot: WakingLatest[VideoFrame] = WakingLatest()
    wake = Wake(asyncio.get_running_loop())
    slot.on_put = wake
    return slot, PictureTrack(slot, Steering(), wake, settings or Settings(width=320, height=240))


def sounds() -> tuple[SoundLine, SoundTrack]:
    line = SoundLine()
    wake = Wake(asyncio.get_running_loop())
    line.on_put = wake
    return line, SoundTrack(line, wake)


def at(captured_at_s: float, size: tuple[int, int] = (320, 240)) -> VideoFrame:
    frame = flat_frame(100, 110, 120, size)
    return VideoFrame(frame.y, frame.u, frame.v, captured_at_s)


async def test_picture_time_is_the_cameras_and_always_grows() -> None:
    slot, track = pictures()
    times = []
    for captured_at_s in (100.0, 100.04, 101.0, 101.0 + 1e-7 + 1 / 30, 50.0, 50.1):
        slot.put(at(captured_at_s))
        picture = await track.recv()
        assert picture.time_base is not None
        times.append(picture.pts)
    assert times == [0, 3600, 90_000, 93_000, 93_001, 93_002]
    assert track.sent == 6


@pytest.mark.parametrize(
    ("size", "expected"), [((320, 240), (320, 240)), ((1280, 720), (320, 180)), ((161, 121), (160, 120))]
)
async def test_a_picture_is_made_to_fit(size: tuple[int, int], expected: tuple[int, int]) -> None:
    slot, track = pictures()
    slot.put(at(0.0, size))
    picture = await track.recv()
    assert (picture.width, picture.height) == expected


@pytest.mark.parametrize("size", [(320, 240), (161, 121), (640, 480)])
async def test_a_steered_picture_shows_a_part_in_the_size_of_the_whole(size: tuple[int, int]) -> None:
    slot, wake, steering = WakingLatest[VideoFrame](), Wake(asyncio.get_running_loop()), Steering()
    track = PictureTrack(slot, steering, wake, Settings(width=320, height=240))
    whole = at(0.0, size)
    whole.y[:, : size[0] // 2] = 200
    sent = []
    for number, order in enumerate([(0, 0, 0), (-1, 0, 1), (1, 0, 0)]):
        # Ordered long ago: by now it is done.
        steering.steer(*order, 3.0, time.monotonic() - 10)
        slot.put(dataclasses.replace(whole, captured_at_s=float(number)))
        sent.append(await track.recv())
    assert len({(picture.width, picture.height) for picture in sent}) == 1
    means = [float(picture.to_ndarray()[: picture.height].mean()) for picture in sent]
    assert means == pytest.approx([150, 200, 100], abs=4)


async def test_a_track_waits_until_something_is_put() -> None:
    slot, picture_track = pictures()
    line, sound_track = sounds()
    waiting = [asyncio.create_task(picture_track.recv()), asyncio.create_task(sound_track.recv())]
    _, pending = await asyncio.wait(waiting, timeout=0.1)
    assert len(pending) == 2
    slot.put(at(0.0))
    line.put(SILENCE)
    await asyncio.wait_for(asyncio.gather(*waiting), 1)


async def test_a_stopped_track_ends() -> None:
    _, picture_track = pictures()
    _, sound_track = sounds()
    picture_track.stop()
    sound_track.stop()
    with pytest.raises(MediaStreamError):
        await picture_track.recv()
    with pytest.raises(MediaStreamError):
        await sound_track.recv()


async def test_sound_that_piled_up_before_the_first_call_is_forgotten() -> None:
    line, track = sounds()
    for number in range(4):
        line.put(bytes([number]) * len(SILENCE))
    receiving = asyncio.create_task(track.recv())
    await asyncio.sleep(0)
    line.put(bytes([9]) * len(SILENCE))
    sound = await receiving
    assert bytes(sound.planes[0])[0] == 9
    assert sound.pts == 4 * 960


@pytest.mark.parametrize(
    ("camera_hz", "fps", "expected"), [(30, 30, 300), (60, 30, 300), (29.97, 30, 300), (15, 30, 150), (50, 20, 200)]
)
def test_the_pace_is_kept_in_the_long_run(camera_hz: float, fps: int, expected: int) -> None:
    pace = Pace(fps)
    sent = sum(pace.is_due(5.0 + number / camera_hz) for number in range(round(10 * camera_hz)))
    assert expected - 3 <= sent <= expected + 1


def test_a_camera_that_jitters_loses_nothing() -> None:
    pace = Pace(30)
    jitter_s = (0.0, 0.008, -0.008, 0.004, -0.006)
    assert all(pace.is_due(number / 30 + jitter_s[number % 5]) for number in range(300))


def test_after_a_pause_and_after_a_clock_that_began_anew_pictures_go_on() -> None:
    pace = Pace(30)
    assert all(pace.is_due(seconds) for seconds in (100.0, 200.0, 200.034, 3.0, 3.034))
    assert not pace.is_due(3.036)
