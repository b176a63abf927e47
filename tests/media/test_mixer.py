"""Several people's sound, made one."""

import numpy as np
import pytest

from kiosk.frames import BLOCK_SAMPLES, SILENCE
from kiosk.media.mixer import Mixer, beginning, ending


class Level:
    """Somebody whose sound is one number, rising by one with each block."""

    def __init__(self, level: int) -> None:
        self.level = level

    def next_block(self, speaker_delay_s: float) -> bytes:
        self.level += 1
        return block(self.level)


class Quiet:
    """Somebody who says nothing."""

    def next_block(self, speaker_delay_s: float) -> bytes:
        return bytes(len(SILENCE))


def block(level: int) -> bytes:
    return np.full(BLOCK_SAMPLES, level, np.int16).tobytes()


def first(mixer: Mixer) -> int:
    return int(np.frombuffer(mixer.next_block(), np.int16)[0])


def test_nobody_is_silence() -> None:
    assert Mixer().next_block() == SILENCE


def test_one_alone_goes_through() -> None:
    mixer = Mixer()
    mixer.add(Level(0))
    mixer.add(Quiet())
    assert [first(mixer), first(mixer)] == [1, 2]


def test_all_are_added() -> None:
    mixer = Mixer()
    for level in (0, 10, 100):
        mixer.add(Level(level))
    assert [first(mixer), first(mixer)] == [113, 116]


@pytest.mark.parametrize(("level", "expected"), [(30_000, 32_767), (-30_000, -32_768)])
def test_loud_sums_do_not_wrap_around(level: int, expected: int) -> None:
    mixer = Mixer()
    mixer.add(Level(level))
    mixer.add(Level(level))
    assert first(mixer) == expected


def test_whoever_is_added_twice_is_heard_once() -> None:
    mixer, level = Mixer(), Level(0)
    mixer.add(level)
    mixer.add(level)
    assert [first(mixer), first(mixer)] == [1, 2]


def test_who_leaves_fades_within_5_ms_and_the_others_stay() -> None:
    mixer, leaving = Mixer(), Level(1000)
    mixer.add(leaving)
    mixer.add(Level(0))
    mixer.next_block()
    mixer.remove(leaving)
    mixer.remove(Quiet())
    sound = np.frombuffer(mixer.next_block(), np.int16)
    assert sound[0] == 1001 + 2
    assert max(abs(np.diff(sound))) < 10
    assert set(sound[240:]) == {2}
    assert mixer.next_block() == block(3)


def test_who_said_nothing_leaves_without_a_sound() -> None:
    mixer, quiet = Mixer(), Quiet()
    mixer.add(quiet)
    mixer.next_block()
    mixer.remove(quiet)
    assert mixer.next_block() == SILENCE


def test_sound_that_begins_or_ends_makes_no_step() -> None:
    both = np.frombuffer(block(8000) + ending(block(8000)), np.int16)
    assert max(abs(np.diff(both))) < 50
    both = np.frombuffer(SILENCE + beginning(block(8000)), np.int16)
    assert max(abs(np.diff(both))) < 50
    assert both[-1] == 8000
    assert ending(SILENCE) == SILENCE
