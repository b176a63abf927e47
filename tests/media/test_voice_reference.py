"""The loudspeaker's sound in step with the microphone's, whatever threads and clocks do."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kiosk.frames import BLOCK_SAMPLES
from kiosk.media.voice.reference import CAPACITY_SAMPLES, MOST_SAMPLES, Reference

PERIOD = 30_000


def played(number: int) -> NDArray[np.int16]:
    """Samples that tell their own place, from 1; 0 is silence."""
    return (1 + (number * BLOCK_SAMPLES + np.arange(BLOCK_SAMPLES)) % PERIOD).astype(np.int16)


def begun() -> tuple[Reference, "itertools.count[int]"]:
    """One block put and taken."""
    reference, numbers = Reference(), itertools.count()
    reference.put(played(next(numbers)))
    reference.take()
    return reference, numbers


def test_silence_until_the_loudspeaker_begins_and_then_every_sample() -> None:
    reference = Reference()
    assert not reference.take().any()
    taken = []
    for number in range(500):
        reference.put(played(number))
        taken.append(reference.take())
    steps = np.diff(np.concatenate(taken).astype(int))
    assert set(steps.tolist()) == {1, 1 - PERIOD}
    assert (reference.starved, reference.skipped_samples) == (0, 0)


def test_threads_that_come_now_before_and_now_after_each_other_move_it_once() -> None:
    reference, numbers = begun()
    taken = []
    for number in range(500):
        if number % 3:
            reference.put(played(next(numbers)))
            taken.append(reference.take())
        else:
            taken.append(reference.take())
            reference.put(played(next(numbers)))
    assert (reference.starved, reference.skipped_samples) == (1, 0)
    steps = np.diff(np.concatenate(taken[1:]).astype(int))
    assert set(steps.tolist()) == {1, 1 - PERIOD}


@pytest.mark.parametrize("lost_samples", [1, 480, 1000, 4800])
def test_samples_that_the_microphone_lost_are_left_out(lost_samples: int) -> None:
    reference, numbers = begun()
    # While the microphone's thread was away, the loudspeaker's went on.
    for _ in range(1 + -(-lost_samples // BLOCK_SAMPLES)):
        reference.put(played(next(numbers)))
    assert int(reference.take(lost_samples)[0]) == BLOCK_SAMPLES + 1 + lost_samples


def test_a_loudspeaker_that_is_off_is_silence_and_one_that_begins_again_is_heard() -> None:
    reference, numbers = begun()
    assert [reference.take().any() for _ in range(5)] == [False] * 5
    assert reference.starved == 1
    reference.put(played(next(numbers)))
    assert reference.take().all()


def test_a_late_block_leaves_the_sound_in_order() -> None:
    reference, numbers = begun()
    assert not reference.take().any()
    reference.put(played(next(numbers)))
    reference.put(played(next(numbers)))
    assert int(reference.take()[0]) == BLOCK_SAMPLES + 1


@pytest.mark.parametrize("ppm", [-200, 200])
def test_two_clocks_are_kept_together(ppm: int) -> None:
    reference, numbers = begun()
    put_until, lowest = 1.0, []
    takes = 50_000
    for number in range(takes):
        while put_until < (number + 2) * (1 + ppm * 1e-6):
            reference.put(played(next(numbers)))
            put_until += 1
        reference.take()
        lowest.append(reference.depth_samples)
    for start in range(0, takes - 100, 100):
        assert min(lowest[start : start + 100]) <= MOST_SAMPLES
    moved_blocks = reference.starved + reference.skipped_samples / BLOCK_SAMPLES
    assert moved_blocks == pytest.approx(abs(ppm) * 1e-6 * takes, abs=3)


def test_a_microphone_that_comes_later_begins_with_the_newest() -> None:
    reference = Reference()
    for number in range(200):
        reference.put(played(number))
    assert reference.depth_samples == CAPACITY_SAMPLES
    assert int(reference.take()[-1]) == int(played(199)[-1])


def test_a_pile_is_cut_back_within_two_seconds() -> None:
    reference, numbers = begun()
    for _ in range(8):
        reference.put(played(next(numbers)))
    for _ in range(100):
        reference.put(played(next(numbers)))
        reference.take()
    assert reference.depth_samples <= MOST_SAMPLES


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.just(-1), st.integers(0, 3000)), max_size=300))
def test_any_order_gives_whole_blocks_and_stays_bounded(calls: list[int]) -> None:
    reference, numbers = Reference(), itertools.count()
    for call in calls:
        if call < 0:
            reference.put(played(next(numbers)))
        else:
            assert len(reference.take(call)) == BLOCK_SAMPLES
        assert 0 <= reference.depth_samples <= CAPACITY_SAMPLES
