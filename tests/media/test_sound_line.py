"""The line from microphone to sender: moments, gaps, fades; and the expected loss."""

import time

import numpy as np
import pytest

from kiosk.devices.microphone.voice import block_of, tone
from kiosk.frames import BLOCK_SAMPLES, SILENCE
from kiosk.media.sound_out import SoundLine
from kiosk.media.sound_out.loss import Loss

LOUD = (np.ones(BLOCK_SAMPLES) * 20_000).astype("<i2").tobytes()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Its last value is the time."""
    times = [10.0]
    monkeypatch.setattr(time, "monotonic", lambda: times[-1])
    return times


def timestamps(line: SoundLine) -> list[int]:
    times = []
    while (sound := line.take()) is not None:
        times.append(sound.timestamp)
    return times


def test_time_counts_samples_and_pauses(clock: list[float]) -> None:
    line = SoundLine(10)
    # Jitter below 200 ms is none of the sound's; half a second is.
    for passed_s in (0.0, 0.0, 0.15, 0.02, 0.5, 0.02):
        clock.append(clock[-1] + passed_s)
        line.put(SILENCE)
    assert timestamps(line) == [0, 960, 1920, 2880, 2880 + 24_000, 2880 + 24_960]


@pytest.mark.parametrize("lost_samples", [1, 137, 960, 4800, 480_000])
def test_lost_samples_are_time_to_the_sample(clock: list[float], lost_samples: int) -> None:
    line = SoundLine()
    line.put(SILENCE)
    # The clock says about the same; what the microphone says counts, and only that.
    clock.append(clock[-1] + lost_samples / 48_000 + 0.05)
    line.put(SILENCE, lost_samples)
    line.put(SILENCE)
    assert timestamps(line) == [0, 960 + lost_samples, 1920 + lost_samples]
    assert line.lost_samples == lost_samples


def test_a_full_line_drops_the_oldest_and_keeps_the_time() -> None:
    line = SoundLine(3)
    for _ in range(5):
        line.put(SILENCE)
    assert line.depth == 3
    assert timestamps(line) == [1920, 2880, 3840]


def longest_step(blocks: list[bytes]) -> int:
    samples = np.frombuffer(b"".join(blocks), "<i2").astype(int)
    return int(np.abs(np.diff(np.concatenate([[0], samples, [0]]))).max())


def sent(line: SoundLine) -> list[bytes]:
    blocks = []
    while (sound := line.take()) is not None:
        blocks.append(sound.block)
    return blocks


@pytest.mark.parametrize("at", [0, 1, 7])
@pytest.mark.parametrize("hz", [0, 450, 3000])
def test_begin_pause_and_end_make_no_step(at: int, hz: int) -> None:
    line = SoundLine(20)
    line.on_put = lambda: None
    sound = tone(hz) if hz else np.full(48_000, 20_000, np.int16)
    steepest = int(np.abs(np.diff(sound.astype(int))).max())
    line.put(block_of(sound, at))
    line.put(block_of(sound, at + 1))
    said = sent(line)
    line.end()
    line.end()
    tail = sent(line)
    assert len(tail) == 1
    assert longest_step(said + tail) < steepest + 400
    line.put(block_of(sound, at + 2))
    assert sent(line)[0][:2] == b"\0\0", "the next beginning rises again"


def test_a_gap_is_followed_by_a_rise() -> None:
    line = SoundLine()
    line.put(LOUD)
    line.put(LOUD)
    line.put(LOUD, lost_samples=500)
    first = [int(np.frombuffer(block, "<i2")[0]) for block in sent(line)]
    assert first == [0, 20_000, 0]


def test_the_end_of_what_nobody_sent_is_nothing() -> None:
    line = SoundLine()
    line.put(LOUD)
    line.end()
    assert line.take() is None


def test_expected_loss_rises_at_once_and_falls_slowly() -> None:
    loss = Loss()
    seen = [round(loss.expected(*report), 3) for report in ((0.0, 0.0), (0.2, 1.0), (0.0, 11.0), (0.05, 21.0))]
    assert seen == [0.0, 0.2, 0.1, 0.05]
    assert loss.reported == 0.05
    assert loss.expected(0.0, 100.0) == 0.0
