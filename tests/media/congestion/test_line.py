"""The rate on simulated lines: as much as they carry, and little in their queues."""

import statistics
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.media.congestion import LineRate, Report
from kiosk.media.congestion.line import LEAST_BPS, LOSS_LEAST_BPS, REMB_HOLDS_S
from kiosk.media.congestion.trend import Trend

from .simulated import Line, Sending

MOST_BPS = 1_200_000
SOUND_BPS = 56_000


def jitter(most_s: float) -> Callable[[float], float]:
    """Drawn anew each tenth of a second."""
    chance = Random(3)
    drawn_s = [chance.uniform(0, most_s) for _ in range(10_000)]
    return lambda now_s: drawn_s[int(now_s * 10) % len(drawn_s)]


@pytest.mark.parametrize("loss", [0.0, 0.02, 0.05, 0.10])
def test_a_free_line_is_used_at_once_whatever_it_loses(loss: float) -> None:
    sending = Sending(Line(loss=loss))
    targets = sending.run(20)
    assert min(targets[30:]) > 0.95 * MOST_BPS
    assert sending.rate.loss == pytest.approx(loss, abs=0.05)
    assert sending.probe_bytes < 20_000
    assert sending.rate.is_lossy(sending.now_s) is (loss >= 0.05)


@pytest.mark.parametrize("loss", [0.0, 0.05])
@pytest.mark.parametrize("capacity_bps", [400_000, 700_000, 1_000_000])
def test_a_narrow_line_is_filled_and_its_queue_is_not(capacity_bps: float, loss: float) -> None:
    sending = Sending(Line(capacity_bps, loss))
    sending.run(10)
    sending.delays_s.clear()
    sending.line.dropped = 0
    targets = sending.run(40)
    assert sending.line.dropped == 0
    assert statistics.mean(targets) > 0.8 * (capacity_bps - SOUND_BPS)
    assert statistics.median(sending.delays_s) < 0.06
    assert statistics.quantiles(sending.delays_s, n=20)[-1] < 0.12


def test_a_cap_in_mid_call_is_obeyed_within_seconds_and_found_gone_within_seconds() -> None:
    sending = Sending(Line())
    assert sending.run(10)[-1] > 0.95 * MOST_BPS
    sending.line.capacity_bps = 500_000
    for _ in range(15):
        sending.run(0.1)
        assert not sending.rate.is_lossy(sending.now_s)
    # What was sent before the first word of it came back: the queue and half a second's too much.
    assert sending.line.dropped < 45
    dropped = sending.line.dropped
    sending.delays_s.clear()
    targets = sending.run(15)
    assert sending.line.dropped == dropped
    assert max(sending.delays_s) < 0.2
    assert not sending.rate.is_lossy(sending.now_s)
    assert targets[-1] > 300_000
    sending.line.capacity_bps = 1_000_000
    targets = sending.run(8)
    assert max(targets) > 0.9 * (1_000_000 - SOUND_BPS)


@pytest.mark.parametrize("most_s", [0.03, 0.1, 0.3])
def test_jitter_is_not_taken_for_a_queue(most_s: float) -> None:
    sending = Sending(Line(jitter_s=jitter(most_s)))
    sending.run(10)
    targets = sending.run(50)
    assert statistics.mean(targets) > 0.6 * MOST_BPS
    assert min(targets) > 0.3 * MOST_BPS


@pytest.mark.parametrize(
    "line",
    [
        Line(feedback_loss=0.3),
        Line(feedback_delay_s=jitter(0.25)),
        Line(loss=0.05, feedback_loss=0.1, feedback_delay_s=jitter(0.25)),
    ],
    ids=["lost", "out of order", "both"],
)
def test_feedback_may_be_lost_and_late(line: Line) -> None:
    targets = Sending(line).run(20)
    assert min(targets[50:]) > 0.9 * MOST_BPS


def test_numbers_wrap_around() -> None:
    assert min(Sending(Line(), first_number=65_000).run(15)[30:]) > 0.95 * MOST_BPS


def test_a_line_that_drops_at_once_what_is_too_much_is_not_flooded() -> None:
    sending = Sending(Line(500_000, queue_s=0.03))
    targets = sending.run(40)
    assert 300_000 < statistics.mean(targets[100:]) < 600_000
    assert sending.rate.loss < 0.15


def test_heavy_loss_is_obeyed_and_not_for_ever() -> None:
    sending = Sending(Line(loss=0.3))
    assert min(sending.run(30)) >= 0.9 * LOSS_LEAST_BPS
    assert sending.rate.target_bps < 0.5 * MOST_BPS
    sending.line.loss = 0.02
    assert sending.run(15)[-1] > 0.9 * MOST_BPS


def test_a_way_that_takes_longer_from_now_on_is_not_a_queue_for_ever() -> None:
    sending = Sending(Line())
    sending.run(10)
    sending.line.delay_s = 0.25
    sending.run(12)
    assert sending.run(20)[-1] > 0.9 * MOST_BPS


def test_a_far_end_that_says_nothing_lets_nothing_rise() -> None:
    rate = LineRate(MOST_BPS, 0.0)
    for step in range(100):
        rate.sent(1000, True, step / 10)
        rate.advance(400_000, step / 10)
        assert rate.probe(step / 10) is None
    assert rate.target_bps == 400_000


def test_an_estimate_is_a_limit_while_it_is_fresh() -> None:
    sending = Sending(Line())
    sending.run(10)
    for _ in range(10):
        sending.rate.estimate(500_000, sending.now_s)
        assert sending.run(1)[-1] <= 500_000
    sending.run(REMB_HOLDS_S)
    assert sending.run(10)[-1] > 0.9 * MOST_BPS


def test_the_round_trip_is_the_reports() -> None:
    rate = LineRate(MOST_BPS, 0.0)
    assert rate.rtt_s is None
    rate.report(Report(1, 0, 0.07), 1.0)
    rate.report(Report(2, 0, -3.0), 2.0)
    assert rate.rtt_s == 0.07


@pytest.mark.parametrize(
    ("delays_ms", "expected"),
    [
        ((10, 10, 10, 90, 110, 130, 150), True),
        # A pause on the way: what waited comes at once.
        ((10, 10, 10, 150, 120, 90, 60), False),
        ((10, 10, 10, 50, 55, 58, 59), False),
        ((10, 10, 10, 150, 10, 170, 190), False),
        ((150, 150, 150, 150, 150, 150, 150), False),
    ],
)
def test_a_flood_is_seen_at_once(delays_ms: list[int], expected: bool) -> None:
    trend = Trend()
    for picture, delay_ms in enumerate(delays_ms):
        for packet in range(3):
            sent_s = picture / 30 + packet / 1000
            trend.note(sent_s, sent_s + delay_ms / 1000 + packet / 1000)
    assert trend.is_flooded(0.06) is expected


def test_a_clock_that_jumps_begins_anew() -> None:
    trend = Trend()
    for step in range(100):
        trend.note(step / 30, step / 30 + (500.0 if step > 50 else 0.02))
    assert (trend.is_growing, trend.queue_s) == (False, 0.0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("told"), st.binary(min_size=8, max_size=40)),
            st.tuples(st.just("sent"), st.integers(1, 1500)),
            st.tuples(st.just("remb"), st.integers(0, 10**9)),
            st.tuples(st.just("wait"), st.integers(0, 3000)),
        ),
        max_size=60,
    )
)
def test_whatever_is_told_the_target_stays_within_bounds(words: list[tuple[str, bytes | int]]) -> None:
    rate, now_s = LineRate(MOST_BPS, 0.0), 0.0
    for kind, value in words:
        if isinstance(value, bytes):
            try:
                rate.told(b"\x00\x00\x00\x09" + value[4:], now_s)
            except ValueError:
                continue
        elif kind == "sent":
            rate.sent(value, value % 2 == 0, now_s)
        elif kind == "remb":
            rate.estimate(value, now_s)
        else:
            now_s += value / 1000
            rate.advance(400_000, now_s)
            rate.probe(now_s)
        assert LEAST_BPS <= rate.target_bps <= MOST_BPS
        assert 0.0 <= rate.loss <= 1.0
