"""How much is sent, and when: controller, pacer, what is sent again, steps of size."""

import itertools
from collections import deque
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.media.congestion import START_BPS, Probe, Report
from kiosk.media.picture_out.controller import LEAST_BPS, LOSS_LEAST_BPS, SOUND_BPS, Controller
from kiosk.media.picture_out.ladder import STEPS, UP_AFTER_S, Effort, Ladder, first_within, heat_cap
from kiosk.media.picture_out.pacer import OVERHEAD_BYTES, Pacer
from kiosk.media.picture_out.packets import KEPT, KEPT_S, History, Packet
from kiosk.media.picture_out.temperature import read_temperature_c
from kiosk.media.picture_out.traffic import BESIDE_MOST, MARGIN, Traffic

PACKET_BYTES = 1000


class Line:
    """A line of some rate with a queue of 300 ms, and a far end that reports once a second and estimates as browsers
    do: from the rate that arrived, down when packets queue up, slowly up else."""

    def __init__(self, capacity_bps: float, estimates: bool = True, loss: float = 0.0, most_bps: int = 2_500_000):
        self.capacity_bps = capacity_bps
        self.loss = loss
        self.estimates = estimates
        self.now_s = 100.0
        self.controller = Controller(most_bps, self.now_s)
        self.queued = 0.0
        self.dropped = 0
        self.sent = 0
        self._remb = 0.0
        self._credit = 0.0
        self._shares: deque[float] = deque(maxlen=10)

    def run(self, for_s: float) -> list[float]:
        """The targets, 20 a second."""
        return [self._step(0.05) for _ in range(round(for_s * 20))]

    def _step(self, passed_s: float) -> float:
        self.now_s += passed_s
        target = self.controller.advance(self.controller.target_bps, self.now_s)
        offered = (target + SOUND_BPS) * passed_s / 8
        self.queued += offered - self.capacity_bps * passed_s / 8
        limit = self.capacity_bps * 0.3 / 8
        over = max(0.0, self.queued - limit)
        self.queued = min(max(self.queued, 0.0), limit)
        self._credit += offered / PACKET_BYTES
        whole = int(self._credit)
        self._credit -= whole
        self.sent += whole
        self.dropped += round(over / PACKET_BYTES) + round(self.loss * whole)
        queue_s = self.queued * 8 / self.capacity_bps
        arrived_bps = min(self.capacity_bps, offered * 8 / passed_s)
        self._shares.append(queue_s)
        if self.estimates:
            if queue_s > 0.02 and queue_s > self._shares[0]:
                self._remb = 0.85 * arrived_bps
                self.controller.estimate(round(self._remb), self.now_s)
            elif round(self.now_s * 20) % 20 == 0:
                self._remb = min(max(self._remb * 1.08, arrived_bps), 1.5 * arrived_bps + 10_000)
                self.controller.estimate(round(self._remb), self.now_s)
        if round(self.now_s * 20) % 20 == 10:
            self.controller.report(Report(self.sent, self.dropped, 0.04 + queue_s), self.now_s)
        return target


def test_on_a_free_line_the_rate_rises_fast_to_the_most() -> None:
    line = Line(10_000_000, estimates=False)
    targets = line.run(12)
    assert targets[0] == pytest.approx(START_BPS, rel=0.05)
    assert targets[60] > 3 * START_BPS
    assert targets[-1] == 2_500_000


@pytest.mark.parametrize("estimates", [True, False])
def test_a_narrow_line_is_filled_and_not_flooded(estimates: bool) -> None:
    line = Line(500_000, estimates)
    line.run(20)
    dropped = line.dropped
    targets = line.run(60)
    assert line.dropped - dropped <= (0 if estimates else 0.03 * line.sent)
    assert sum(targets) / len(targets) > 0.6 * (500_000 - SOUND_BPS)
    assert min(targets) > 0.4 * (500_000 - SOUND_BPS)


@pytest.mark.parametrize("estimates", [True, False])
def test_a_line_that_collapses_is_followed_and_one_that_recovers_too(estimates: bool) -> None:
    line = Line(2_000_000, estimates)
    assert line.run(20)[-1] > 1_000_000
    line.capacity_bps = 300_000
    targets = line.run(12)
    assert targets[-1] < 320_000
    assert min(line.run(10)) >= LEAST_BPS
    line.capacity_bps = 2_000_000
    targets = line.run(60)
    assert targets[-1] > 1_000_000


def test_an_estimate_is_never_exceeded_and_leaves_room_for_the_sound() -> None:
    controller = Controller(2_500_000, 0.0)
    controller.estimate(300_000, 0.1)
    assert controller.target_bps == 300_000 - SOUND_BPS
    for step in range(100):
        controller.advance(controller.target_bps, 0.1 + step * 0.2)
    assert controller.target_bps == 300_000 - SOUND_BPS
    controller.estimate(1_000_000, 30.0)
    for step in range(100):
        controller.advance(controller.target_bps, 30 + step * 0.2)
    assert controller.target_bps == 1_000_000 - SOUND_BPS


@pytest.mark.parametrize(
    ("loss", "rises", "falls"), [(0.0, True, False), (0.02, True, False), (0.06, False, False), (0.3, False, True)]
)
def test_what_loss_does(loss: float, rises: bool, falls: bool) -> None:
    controller = Controller(2_500_000, 0.0)
    controller.report(Report(1000, 0, 0.05), 0.0)
    before = controller.target_bps
    lost, highest = 0, 1000
    for second in range(1, 6):
        highest += 100
        lost += round(100 * loss)
        controller.report(Report(highest & 0xFFFFFFFF, lost, 0.05), float(second))
        controller.advance(controller.target_bps, float(second))
        if second == 1:
            before = controller.target_bps
    assert (controller.target_bps > before, controller.target_bps < before) == (rises, falls)
    assert controller.target_bps >= LOSS_LEAST_BPS


def test_reports_that_come_too_often_are_put_together() -> None:
    controller = Controller(2_500_000, 0.0)
    for tenth in range(40):
        # One of the ten small windows lost a half, the whole lost a twentieth.
        controller.report(Report(10 * tenth, 5 * ((tenth + 9) // 10), 0.05), tenth / 10)
    assert controller.loss == pytest.approx(0.05, abs=0.02)


def test_one_long_round_trip_is_jitter_and_three_are_a_queue() -> None:
    controller = Controller(2_500_000, 0.0)
    for second, rtt_s in enumerate((0.05, 0.3, 0.05, 0.3, 0.05)):
        controller.report(Report(100 * second, 0, rtt_s), float(second))
    assert controller.queue_s < 0.01
    before = controller.target_bps
    for second in range(5, 9):
        controller.report(Report(100 * second, 0, 0.3), float(second))
    assert controller.queue_s == pytest.approx(0.25)
    assert controller.target_bps < before


def test_a_queue_on_the_way_back_is_not_ours_when_the_far_end_estimates() -> None:
    controller = Controller(2_500_000, 0.0)
    for second in range(20):
        controller.estimate(1_000_000, float(second))
        controller.report(Report(100 * second, 0, 0.05 if second < 3 else 0.4), float(second))
        controller.advance(controller.target_bps, float(second))
    assert controller.target_bps == 1_000_000 - SOUND_BPS


def test_an_estimate_that_rises_is_followed_at_once_even_near_a_rate_that_was_too_much() -> None:
    controller = Controller(2_500_000, 0.0)
    controller.estimate(300_000, 0.0)
    for step in range(1, 50):
        remb_bps = round(300_000 * 1.08 ** (step / 5))
        controller.estimate(remb_bps, step / 5)
        assert controller.advance(controller.target_bps, step / 5) == remb_bps - SOUND_BPS


def test_who_sends_little_does_not_rise() -> None:
    controller = Controller(2_500_000, 0.0)
    for step in range(50):
        controller.advance(0.3 * controller.target_bps, step * 0.2)
    assert controller.target_bps == START_BPS


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("remb"), st.integers(0, 10**9), st.just(0), st.just(0.0)),
            st.tuples(st.just("report"), st.integers(0, 2**32 - 1), st.integers(-(2**23), 2**23), st.floats(-1e5, 1e5)),
            st.tuples(st.just("wait"), st.integers(0, 10_000), st.just(0), st.just(0.0)),
        ),
        max_size=40,
    )
)
def test_whatever_is_reported_the_target_stays_within_bounds(words: list[tuple[str, int, int, float]]) -> None:
    controller, now_s = Controller(1_200_000, 0.0), 0.0
    for kind, number, lost, rtt_s in words:
        match kind:
            case "remb":
                controller.estimate(number, now_s)
            case "report":
                controller.report(Report(number, lost, rtt_s), now_s)
            case _:
                now_s += number / 1000
                controller.advance(controller.target_bps, now_s)
        assert LEAST_BPS <= controller.target_bps <= 1_200_000


def packets(count: int, now_s: float, first: int = 0, size: int = 1100) -> list[Packet]:
    return [Packet((first + at) & 0xFFFF, 0, at == count - 1, bytes(size), now_s) for at in range(count)]


def sent_at(pacer: Pacer, now_s: float) -> list[float]:
    """When each packet leaves, until none is left."""
    times = [now_s for _ in pacer.due(now_s)]
    while (wait_s := pacer.wait_s()) is not None:
        now_s += wait_s
        times += [now_s for _ in pacer.due(now_s)]
    return times


def test_a_mean_picture_leaves_at_once() -> None:
    pacer = Pacer(500_000, 0.0)
    for number in range(30):
        pacer.add(packets(2, number / 30, size=900))
        assert len(pacer.due(number / 30)) == 2
    assert pacer.waited_s == 0
    assert pacer.wait_s() is None


@pytest.mark.parametrize("target_bps", [200_000, 440_000, 2_000_000])
def test_a_key_frame_never_fills_the_queue_of_a_line_that_carries_the_target(target_bps: int) -> None:
    pacer = Pacer(target_bps, 0.0)
    pacer.add(packets(40, 0.0))
    times = sent_at(pacer, 0.0)
    assert len(times) == 40
    queue, deepest, before_s = 0.0, 0.0, 0.0
    for at_s in times:
        queue = max(0.0, queue - (at_s - before_s) * target_bps / 8) + 1100 + OVERHEAD_BYTES
        deepest, before_s = max(deepest, queue), at_s
    assert deepest < 0.24 * target_bps / 8 + 2500
    total_s = 40 * (1100 + OVERHEAD_BYTES) * 8 / target_bps
    assert 0.3 * total_s < times[-1] < 1.05 * total_s


def test_what_is_sent_again_goes_first() -> None:
    pacer = Pacer(200_000, 0.0)
    pacer.add(packets(20, 0.0))
    first = len(pacer.due(0.0))
    again = Packet(999, 0, False, bytes(500), 0.0, again=True)
    pacer.add([again])
    leaving: list[Packet] = []
    now_s = 0.0
    while not leaving:
        now_s += pacer.wait_s() or 0.0
        leaving = pacer.due(now_s)
    assert leaving[0] is again
    assert pacer.backlog_s == pytest.approx((20 - first - len(leaving) + 1) * (1100 + OVERHEAD_BYTES) * 8 / 200_000)
    before = pacer.clear()
    assert before is not None
    assert before.sequence_number == first + len(leaving) - 1
    assert pacer.clear() is None
    assert (pacer.backlog_s, pacer.wait_s()) == (0, None)


@pytest.mark.parametrize("waiting", [0, 3, 40])
def test_a_burst_goes_evenly_at_its_rate_whatever_waits(waiting: int) -> None:
    pacer, now_s = Pacer(400_000, 0.0), 10.0
    pacer.add(packets(waiting, now_s))
    pacer.due(now_s)
    pacer.begin_burst(Probe(1_000_000, 12_000), now_s)
    left: list[tuple[float, int]] = []
    while pacer.wait_s() is not None and now_s < 10.09:
        left += [(now_s, len(packet.payload) + OVERHEAD_BYTES) for packet in pacer.due(now_s)]
        while pacer.lacks:
            pacer.filled(1100)
            left.append((now_s, 1100 + OVERHEAD_BYTES))
        now_s += pacer.wait_s() or 0.0
    size = sum(size for _, size in left[1:])
    assert size * 8 / (left[-1][0] - left[0][0]) == pytest.approx(1_000_000, rel=0.1)
    assert size > 9_000
    assert pacer.lacks is False


def test_a_burst_with_nothing_to_send_is_over() -> None:
    pacer = Pacer(400_000, 0.0)
    pacer.begin_burst(Probe(1_000_000, 12_000), 0.0)
    pacer.due(0.01)
    assert pacer.lacks
    pacer.filled(0)
    assert (pacer.lacks, pacer.wait_s()) == (False, None)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 0.3), st.integers(0, 30), st.integers(1, 1160)), max_size=30))
def test_the_pacer_keeps_order_loses_nothing_and_keeps_the_rate(words: list[tuple[float, int, int]]) -> None:
    pacer, now_s, number, left = Pacer(400_000, 0.0), 0.0, 0, []
    size = 0
    for passed_s, count, length in words:
        now_s += passed_s
        left += pacer.due(now_s)
        pacer.add(packets(count, now_s, number, length))
        number += count
        size += count * (length + OVERHEAD_BYTES)
    begun_s = now_s
    while (wait_s := pacer.wait_s()) is not None:
        now_s += wait_s
        left += pacer.due(now_s)
    assert [packet.sequence_number for packet in left] == list(range(number))
    assert now_s - begun_s <= size * 8 / 400_000 + 0.1


def test_what_was_lost_is_sent_again_once_in_a_round_trip_and_not_when_old() -> None:
    history = History()
    for packet in packets(10, 0.0, first=65_530):
        history.sent(packet, 0.0)
    lost = [65_535, 0, 3, 77]
    chosen = history.wanted(lost, 1_000_000, 0.1, 0.05)
    assert [packet.sequence_number for packet in chosen] == [65_535, 0, 3]
    assert history.wanted(lost, 1_000_000, 0.1, 0.1) == []
    assert len(history.wanted(lost, 1_000_000, 0.1, 0.2)) == 3
    assert history.wanted(lost, 1_000_000, 0.1, KEPT_S + 0.1) == []


def test_a_far_end_whose_round_trip_is_a_little_shorter_is_answered_each_time() -> None:
    history = History()
    for packet in packets(3, 0.0):
        history.sent(packet, 0.0)
    answers = [len(history.wanted([1], 1e6, 0.045, 0.05 + 0.04 * time)) for time in range(5)]
    assert answers == [1, 1, 1, 1, 1]


def test_what_fills_a_burst_is_large_new_and_each_time_another_one() -> None:
    history = History()
    assert history.filler(0.0) is None
    for number in range(100):
        for packet in packets(1, number / 100, number, 1000 if number % 2 else 200):
            history.sent(packet, number / 100)
    fillers = [history.filler(1.0) for _ in range(8)]
    numbers = {packet.sequence_number for packet in fillers if packet is not None}
    assert len(numbers) == 8
    assert all(number % 2 and number > 80 for number in numbers)
    assert history.filler(1.0 + 2 * KEPT_S) is None


def test_what_is_left_for_the_pictures() -> None:
    traffic, now_s = Traffic(), 0.0
    assert traffic.coded_bps(1_000_000) == pytest.approx(880_000)
    for step in range(200):
        now_s = step / 100
        traffic.forget(now_s)
        traffic.note(1000, again=False, now_s=now_s)
        if step % 10 == 0:
            traffic.note(1000, again=True, now_s=now_s)
    assert traffic.sent_bps == pytest.approx(110 * 8 * (1000 + OVERHEAD_BYTES), rel=0.03)
    beside = 8 * (100 * OVERHEAD_BYTES + 10 * (1000 + OVERHEAD_BYTES)) / 1e6
    assert traffic.coded_bps(1_000_000) == pytest.approx((1 - MARGIN - beside) * 1e6, rel=0.01)
    for _ in range(500):
        traffic.note(1000, again=True, now_s=now_s)
    assert traffic.coded_bps(1_000_000) == pytest.approx((1 - MARGIN - BESIDE_MOST) * 1e6)
    traffic.forget(now_s + 2)
    assert traffic.sent_bps == 0


def test_a_storm_of_requests_gets_half_the_target_and_no_more() -> None:
    history, size, now_s = History(), 0, 0.0
    for step in range(1000):
        now_s = step / 100
        for packet in packets(2, now_s, first=2 * step):
            history.sent(packet, now_s)
        wanted = history.wanted(range(max(0, 2 * step - 150), 2 * step), 400_000, 0.02, now_s)
        size += sum(len(packet.payload) for packet in wanted)
    assert size * 8 / now_s <= 0.5 * 400_000 * 1.11
    assert size * 8 / now_s > 0.4 * 400_000


def test_the_history_is_bounded() -> None:
    history = History()
    for packet in packets(5000, 0.0):
        history.sent(packet, 0.0)
    assert len(history.wanted(range(5000), 1e12, 0.0, 0.0)) == KEPT


def test_sizes_follow_the_rate_with_hysteresis() -> None:
    ladder, now_s = Ladder(START_BPS), 0.0

    def settle(rate_bps: float, for_s: float = 20.0) -> int:
        nonlocal now_s
        for _ in range(round(for_s * 5)):
            now_s += 0.2
            ladder.note(rate_bps, 0, now_s)
        return ladder.index

    assert STEPS[ladder.index].height == 480
    assert settle(700_000, UP_AFTER_S - 1) == 2
    assert settle(700_000) == 1
    assert settle(1_090_000) == 1
    assert settle(1_110_000) == 0
    assert settle(810_000) == 0
    assert settle(790_000) == 1
    assert settle(150_000) == 3
    assert settle(50_000) == 4
    assert settle(170_000) == 4
    assert settle(1_500_000) == 0
    for number in range(100):
        # A rate that swings around a border stays on one side.
        now_s += 0.2
        ladder.note(700_000 if number % 2 else 900_000, 0, now_s)
    assert ladder.index == 0


@pytest.mark.parametrize(
    ("size", "expected"),
    [((640, 480), 2), ((1280, 720), 0), ((1920, 1080), 0), ((320, 240), 3), ((960, 540), 1), ((640, 360), 2)],
)
def test_what_the_settings_allow(size: tuple[int, int], expected: int) -> None:
    assert first_within(*size) == expected


def test_a_cap_holds_at_once_and_is_not_climbed_over() -> None:
    ladder = Ladder(2_000_000)
    assert ladder.note(2_000_000, 2, 0.0) == STEPS[2]
    for second in range(60):
        assert ladder.note(2_000_000, 2, float(second)) == STEPS[2]
    for second in range(60, 80):
        ladder.note(2_000_000, 0, float(second))
    assert ladder.index == 0


@pytest.mark.parametrize(
    ("temperature_c", "before", "expected"),
    [
        (None, 4, 0), (20.0, 0, 0), (76.9, 0, 0), (77.0, 0, 1), (80.0, 0, 2), (90.0, 0, 4),
        (81.0, 4, 4), (79.9, 4, 2), (76.5, 2, 2), (75.0, 2, 1), (72.9, 2, 0), (72.9, 4, 0),
    ],
)  # fmt: skip
def test_heat(temperature_c: float | None, before: int, expected: int) -> None:
    assert heat_cap(temperature_c, before) == expected


def test_a_slow_processor_gets_smaller_pictures_and_tries_again_later_and_later() -> None:
    effort, now_s, caps = Effort(), 0.0, []
    for _ in range(30 * 200):
        now_s += 1 / 30
        # 720p takes too long, the next smaller is easy.
        caps.append(effort.note(0.030 if effort.cap == 0 else 0.009, effort.cap, now_s))
    assert 1 in caps[: 30 * 4]
    changes = sum(a != b for a, b in itertools.pairwise(caps))
    assert changes <= 2 * 5
    assert caps.count(1) > 0.9 * len(caps)


def test_a_single_slow_picture_changes_nothing() -> None:
    effort = Effort()
    assert {effort.note(0.5 if number % 10 == 0 else 0.005, 0, number / 30) for number in range(600)} == {0}


def test_the_boards_warmth(tmp_path: Path) -> None:
    assert read_temperature_c(tmp_path) is None
    for number, (kind, text) in enumerate([("acpitz", "99000"), ("cpu-thermal", "61850\n")]):
        zone = tmp_path / f"thermal_zone{number}"
        zone.mkdir()
        (zone / "type").write_text(kind + "\n")
        (zone / "temp").write_text(text)
    assert read_temperature_c(tmp_path) == 61.85
    (tmp_path / "thermal_zone1" / "temp").write_text("garbled")
    assert read_temperature_c(tmp_path) is None
