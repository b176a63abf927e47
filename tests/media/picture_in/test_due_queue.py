"""Coded pictures that wait for their time."""

from kiosk.media.picture_in.due_queue import BEHIND_S, CAPACITY, Due, DueQueue
from kiosk.media.picture_in.jitter_buffer import Coded


def due(number: int, at_s: float, is_key: bool = False) -> Due:
    return Due("VP8", Coded(b"x", number, is_key, at_s, 1), at_s)


def taken(queue: DueQueue, now_s: float) -> list[int]:
    numbers = []
    while (next_one := queue.take(now_s)) is not None:
        numbers.append(next_one.coded.timestamp)
    return numbers


def test_each_is_taken_at_its_time() -> None:
    queue = DueQueue()
    queue.put(due(1, 1.0))
    queue.put(due(2, 2.0))
    assert queue.next_due_s() == 1.0
    assert taken(queue, 0.5) == []
    assert taken(queue, 1.0) == [1]
    assert not queue.is_due(1.9)
    assert queue.is_due(2.0)
    assert taken(queue, 2.5) == [2]
    assert queue.next_due_s() is None


def test_one_that_falls_behind_goes_on_at_its_newest_key_frame() -> None:
    queue = DueQueue()
    for number in range(30):
        queue.put(due(number, number / 30, is_key=number in (0, 20)))
    assert taken(queue, 2.0) == list(range(20, 30))
    assert queue.dropped == 20
    assert not queue.needs_key


def test_one_that_falls_behind_without_a_key_frame_waits_for_one() -> None:
    queue = DueQueue()
    for number in range(30):
        queue.put(due(number, number / 30))
    assert taken(queue, BEHIND_S + 0.1) == []
    assert queue.needs_key
    queue.put(due(30, 2.0))
    assert taken(queue, 2.0) == []
    queue.put(due(31, 2.0, is_key=True))
    assert taken(queue, 2.0) == [31]
    assert not queue.needs_key


def test_it_has_a_bound() -> None:
    queue = DueQueue()
    for number in range(CAPACITY * 2):
        queue.put(due(number, 1e9, is_key=number == 3))
        assert len(queue) <= CAPACITY
    assert queue.needs_key


def test_behind_a_broken_picture_only_a_key_frame_counts() -> None:
    queue = DueQueue()
    for number in range(5):
        queue.put(due(number, 0.0, is_key=number == 3))
    queue.broken()
    assert taken(queue, 0.0) == [3, 4]
    queue.broken()
    queue.put(due(5, 0.0))
    assert taken(queue, 0.0) == []
    assert queue.needs_key
