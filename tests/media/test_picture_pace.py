"""Which pictures are sent, which part of them, and when a key frame is."""

import numpy as np
import pytest

from kiosk.frames import VideoFrame
from kiosk.media.picture_out.pace import Pace, Rhythm, cropped
from kiosk.media.picture_out.requests import EVERY_S, KeyRequests

from .far_end import flat_frame


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


def test_half_the_pace_takes_every_other_picture() -> None:
    pace = Pace(30)
    sent = [pace.is_due(number / 30) for number in range(10)]
    pace.fps = 15
    sent += [pace.is_due(number / 30) for number in range(10, 30)]
    assert all(sent[:10])
    assert sum(sent[10:]) == pytest.approx(10, abs=1)


def test_the_rhythm_is_the_cameras_and_steady() -> None:
    rhythm = Rhythm()
    assert {rhythm.note(number / 30 + 0.004 * (number % 2), 30) for number in range(60)} == {30}
    slow = [rhythm.note(2 + number / 12, 30) for number in range(60)]
    assert slow[-1] == pytest.approx(12, abs=1)
    assert len(set(slow[-30:])) <= 2
    assert rhythm.note(10.0, 10) <= 10


def test_a_part_is_a_view() -> None:
    frame = flat_frame(100, 110, 120, (64, 48))
    part = cropped(frame, 16, 8, 32, 24)
    assert isinstance(part, VideoFrame)
    assert (part.width, part.height, part.u.shape) == (32, 24, (12, 16))
    assert np.shares_memory(part.y, frame.y)


def test_key_frames_asked_for_in_a_storm() -> None:
    requests = KeyRequests()
    assert requests.ask(10.0, rtt_s=0.1) == 0.0
    assert requests.ask(10.01, rtt_s=0.1) is None
    requests.sent(10.05)
    # One is on its way to whoever asks now.
    assert requests.ask(10.1, rtt_s=0.1) is None
    later_s = requests.ask(10.2, rtt_s=0.1)
    assert later_s == pytest.approx(EVERY_S - 0.15)
    assert requests.ask(10.25, rtt_s=0.1) is None
    requests.sent(10.4)
    assert requests.ask(11.0, rtt_s=0.1) == 0.0
