"""Feedback read back: what our own writer writes, and whatever else may come."""

from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.media.congestion.feedback import Feedback, read
from kiosk.media.congestion.flight import KEPT, KEPT_S, Flight, Sent
from kiosk.media.transport_feedback import TransportFeedback

REFERENCE = 7


def fci(first: int, statuses: bytes, deltas: bytes = b"", count: int = 1) -> bytes:
    return pack("!HHL", first, count, REFERENCE << 8) + statuses + deltas


@pytest.mark.parametrize(
    ("message", "arrivals_s"),
    [
        (fci(9, b"\x20\x02", b"\x04\x04", 2), [0.001, 0.002]),
        (fci(9, b"\x40\x01", b"\xff\xfc"), [-0.001]),
        (fci(9, b"\x00\x03", count=3), [None, None, None]),
        (fci(9, b"\xb0\x00", b"\x04\x08", 3), [0.001, 0.003, None]),
        (fci(9, b"\xd2\x00", b"\x04\x00\x08", 3), [0.001, None, 0.003]),
        # A run that says more than the count.
        (fci(9, b"\x3f\xff", b"\x04"), [0.001]),
        # Padding behind.
        (fci(9, b"\x20\x01", b"\x04\x00\x01"), [0.001]),
    ],
)
def test_messages(message: bytes, arrivals_s: list[float | None]) -> None:
    assert read(message) == Feedback(9, REFERENCE, arrivals_s)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x00" * 7,
        fci(9, b""),
        fci(9, b"\x20\x02", b"\x04", 2),
        fci(9, b"\x40\x01", b"\x04"),
        fci(9, b"\x60\x01", b"\x04\x04"),
    ],
)
def test_what_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(ValueError, match="transport feedback"):
        read(message)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_no_bytes_break_the_reader_or_what_is_in_flight(data: bytes) -> None:
    flight = Flight()
    for number in range(100):
        flight.sent(Sent(number / 100, 100, True, None))
    for message in (data, fci(0, b"") + data, fci(90, b"\x20\x09", data, 9)):
        try:
            told = flight.told(message)
        except ValueError:
            continue
        assert len(told) <= 100


def sent(flight: Flight, count: int, begin_s: float = 0.0) -> list[int]:
    return [flight.sent(Sent(begin_s + at / 1000, 100 + at, True, None)) for at in range(count)]


def test_what_was_sent_is_found_again_over_the_end_of_the_numbers_and_of_the_far_clock() -> None:
    flight, far = Flight(), TransportFeedback()
    sent(flight, 65_530, -100.0)
    far_clock_s = (1 << 24) * 0.064 - 0.5
    found = []
    for at in range(100):
        number = flight.sent(Sent(at / 100, at, True, None))
        assert number == (65_530 + at) & 0xFFFF
        if at % 10 != 3:
            far.note(number, far_clock_s + at / 100 + 0.05)
        if at % 20 == 19:
            for message in far.take(far_clock_s + at / 100):
                found += flight.told(message)
    assert [packet.size_bytes for packet in found] == list(range(100))
    assert [packet.size_bytes for packet in found if packet.arrived_at_s is None] == list(range(3, 100, 10))
    came = [packet for packet in found if packet.arrived_at_s is not None]
    took_s = [(packet.arrived_at_s or 0.0) - packet.sent_at_s for packet in came]
    assert max(took_s) - min(took_s) < 0.001


def test_a_packet_that_was_told_lost_may_come_later_and_is_told_of_once() -> None:
    flight = Flight()
    sent(flight, 3)
    assert [packet.was_lost for packet in flight.told(fci(0, b"\xa8\x00", b"\x04\x04", 3))] == [False, True, False]
    assert flight.told(fci(0, b"\xa8\x00", b"\x04\x04", 3)) == []
    (late,) = flight.told(fci(1, b"\x20\x02", b"\x04\x04", 2))
    assert late.was_lost
    assert late.arrived_at_s == pytest.approx(REFERENCE * 0.064 + 0.001)


def test_what_is_in_flight_is_bounded() -> None:
    flight = Flight()
    sent(flight, 2 * KEPT)
    assert len(flight._packets) == KEPT
    flight.sent(Sent(2 * KEPT / 1000 + KEPT_S + 1, 1, True, None))
    assert len(flight._packets) == 1
