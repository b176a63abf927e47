"""Feedback on when each packet came: read back as a far end would read it."""

from struct import unpack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.media.transport_feedback import KEPT_S, PACKETS_LIMIT, TransportFeedback


def read(fci: bytes) -> dict[int, float | None]:
    """By number: when it came (seconds, modulo the reference's wrap-around), None for lost; checks the form."""
    base, count, reference = unpack("!HHL", fci[:8])
    at = 8
    statuses: list[int] = []
    while len(statuses) < count:
        (chunk,) = unpack("!H", fci[at : at + 2])
        at += 2
        if not chunk & 0x8000:
            statuses += [chunk >> 13 & 3] * (chunk & 0x1FFF)
        elif chunk & 0x4000:
            statuses += [chunk >> shift & 3 for shift in range(12, -2, -2)]
        else:
            statuses += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    assert all(status == 0 for status in statuses[count:])
    now = (reference >> 8) * 256
    found: dict[int, float | None] = {}
    for place, status in enumerate(statuses[:count]):
        assert status < 3
        delta = None
        if status == 1:
            delta, at = fci[at], at + 1
        elif status == 2:
            (delta,) = unpack("!h", fci[at : at + 2])
            at += 2
        if delta is not None:
            now += delta
        found[(base + place) & 0xFFFF] = None if delta is None else now / 4000
    assert at == len(fci)
    return found


def told(feedback: TransportFeedback, now_s: float) -> dict[int, float | None]:
    found: dict[int, float | None] = {}
    for fci in feedback.take(now_s):
        found |= read(fci)
    return found


def test_what_came_is_told_once_and_in_order() -> None:
    feedback = TransportFeedback()
    for number in range(5):
        feedback.note(number, 10.0 + number * 0.01)
    expected = {number: 10.0 + number * 0.01 for number in range(5)}
    assert told(feedback, 10.1) == pytest.approx(expected)
    assert feedback.take(10.2) == []
    feedback.note(5, 10.25)
    assert told(feedback, 10.3) == {5: 10.25}


def test_lost_packets_are_told_of_and_numbers_wrap_around() -> None:
    feedback = TransportFeedback()
    for number in (65_534, 65_535, 2, 3):
        feedback.note(number, 1.0)
    assert told(feedback, 1.1) == {65_534: 1.0, 65_535: 1.0, 0: None, 1: None, 2: 1.0, 3: 1.0}


def test_a_packet_that_comes_late_is_told_of_with_those_behind_it() -> None:
    feedback = TransportFeedback()
    for number in (1, 2, 4, 5):
        feedback.note(number, 1.0)
    assert told(feedback, 1.05)[4] == 1.0
    feedback.note(3, 1.06)
    feedback.note(3, 1.07)
    assert told(feedback, 1.1) == pytest.approx({3: 1.06, 4: 1.0, 5: 1.0})


def test_a_packet_that_comes_too_late_is_not_told_of() -> None:
    feedback = TransportFeedback()
    feedback.note(1, 1.0)
    feedback.note(3, 1.0)
    told(feedback, 1.1)
    feedback.note(4, 2.0)
    told(feedback, 1.1 + KEPT_S + 0.5)
    feedback.note(2, 2.1)
    assert told(feedback, 2.2) == {}


def test_a_long_silence_begins_a_new_message() -> None:
    feedback = TransportFeedback()
    feedback.note(1, 1.0)
    feedback.note(2, 20.0)
    assert len(messages := feedback.take(20.1)) == 2
    assert [read(fci) for fci in messages] == [{1: 1.0}, {2: 20.0}]
    assert [fci[7] for fci in messages] == [0, 1]


def test_a_gap_is_bounded() -> None:
    feedback = TransportFeedback()
    feedback.note(0, 1.0)
    feedback.note(20_000, 1.1)
    found = told(feedback, 1.2)
    assert len(found) <= PACKETS_LIMIT
    assert found[20_000] == pytest.approx(1.1)


@pytest.mark.parametrize(
    ("pattern", "size"),
    [
        # A run of small deltas: one chunk.
        ("1" * 100, 8 + 2 + 100),
        # Loss here and there: vectors of 14.
        ("10110111011111" * 2, 8 + 2 * 2 + 22),
        # A run of losses between two packets.
        ("1" + "0" * 60 + "1", 8 + 2 + 2 + 2 + 2 - 0),
    ],
)
def test_chunks_are_small(pattern: str, size: int) -> None:
    feedback = TransportFeedback()
    for number, came in enumerate(pattern):
        if came == "1":
            feedback.note(number, 64.0)
    (fci,) = feedback.take(64.1)
    assert len(fci) <= size
    assert [value is not None for value in read(fci).values()] == [came == "1" for came in pattern]


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 0xFFFF),
    st.lists(st.tuples(st.integers(-3, 40), st.floats(0, 0.3), st.booleans()), min_size=1, max_size=120),
)
def test_what_is_told_is_what_came(first: int, steps: list[tuple[int, float, bool]]) -> None:
    feedback = TransportFeedback()
    number, now_s, came = first, 100.0, dict[int, float]()
    found: dict[int, float | None] = {}
    for step, pause_s, asks in steps:
        number += step
        now_s += pause_s
        came.setdefault(number & 0xFFFF, now_s)
        feedback.note(number & 0xFFFF, now_s)
        if asks:
            for key, value in told(feedback, now_s).items():
                if value is not None or key not in found:
                    found[key] = value
    for key, value in told(feedback, now_s).items():
        if value is not None or key not in found:
            found[key] = value
    assert found
    for key, value in found.items():
        assert value is None or value == pytest.approx(came[key], abs=0.0003)
