"""Do our packets take longer and longer? Then a queue grows on the way. Pure; times are seconds.

The trendline of draft-ietf-rmcat-gcc-02, section 5, with its adaptive threshold. Beside it: how much longer than at
best even the luckiest of the last packets took, which shows a queue; and how much the packets of each moment differ,
which shows jitter, of which no lesser rate would take anything away.
"""

from collections import deque
from statistics import median
from typing import Final

BURST_S: Final = 0.005
"""Packets that left within so short a time are one group."""
POINTS: Final = 20
SMOOTHING: Final = 0.9
GAIN: Final = 4.0
COUNT_LIMIT: Final = 60
THRESHOLD_MS: Final = 12.5
THRESHOLD_LEAST_MS: Final = 6.0
THRESHOLD_MOST_MS: Final = 600.0
THRESHOLD_UP: Final = 0.0087
THRESHOLD_DOWN: Final = 0.039
OUTLIER_MS: Final = 15.0
STEP_LIMIT_MS: Final = 100.0
OVER_S: Final = 0.01
"""So long the line must be over the threshold."""
JUMP_S: Final = 3.0
"""A clock that moves by so much, forward or back, began anew."""
BASE_S: Final = 10.0
RECENT_S: Final = 0.3
STANDING_S: Final = 1.0
FLOOD_S: Final = 0.12
FLOOD_PACKETS: Final = 3
SPAN_S: Final = 0.3
SPANS: Final = 7
PICTURE_S: Final = 0.05
"""By so much the packets of one picture differ on a line that just carries them."""


class Trend:
    """Fed with packets that came, in the order in which they were sent."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.is_growing = False
        """A queue grows."""
        self._group: tuple[float, float, float] | None = None  # first and last departure, last arrival
        self._before: tuple[float, float] | None = None  # last departure and arrival
        self._points: deque[tuple[float, float]] = deque(maxlen=POINTS)
        self._count = 0
        self._summed_ms = self._smoothed_ms = 0.0
        self._began_s = 0.0
        self._threshold_ms = THRESHOLD_MS
        self._over_s = 0.0
        self._over_count = 0
        self._slope_before = 0.0
        self._judged_at_s: float | None = None
        self._delays: deque[tuple[float, float]] = deque()
        self._bases: deque[tuple[float, float]] = deque()
        self._span: tuple[float, float, float] | None = None  # since when, least and greatest delay
        self._spreads: deque[float] = deque(maxlen=SPANS)
        self.jitter_s = 0.0
        """By how much packets differ that left in the same third of a second, in most of the last ones; 0 for no
        more than what pictures of many packets cause themselves."""

    @property
    def queue_s(self) -> float:
        """By how much even the luckiest packet of the last third of a second was later than at best."""
        return self._over_base_s(RECENT_S)

    @property
    def standing_s(self) -> float:
        """The same of the last second: what jitters has lucky packets in it."""
        return self._over_base_s(STANDING_S)

    def is_flooded(self, queue_s: float) -> bool:
        """Every packet of the last tenth of a second waited for longer than that, and the later ones for longer still:
        the line has become much narrower. After a mere pause the later ones wait less."""
        if not self._delays:
            return False
        newest_s = self._delays[-1][0]
        halves: tuple[list[float], list[float]] = ([], [])
        for at_s, delay_s in reversed(self._delays):
            if newest_s - at_s > FLOOD_S:
                break
            halves[newest_s - at_s > FLOOD_S / 2].append(delay_s)
        later, earlier = halves
        if min(len(later), len(earlier)) < FLOOD_PACKETS:
            return False
        return min(later) > min(earlier) > self._bases[0][1] + queue_s

    def forget_base(self) -> None:
        """What packets take now is the best: another way, or a queue that others fill."""
        self._bases.clear()
        if self._delays:
            at_s = self._delays[-1][0]
            self._bases.append((at_s, min(delay_s for _, delay_s in self._delays)))

    def note(self, sent_at_s: float, arrived_at_s: float) -> None:
        """A packet has come."""
        self._note_delay(sent_at_s, arrived_at_s)
        group = self._group
        if group is None:
            self._group = (sent_at_s, sent_at_s, arrived_at_s)
            return
        first_s, last_s, came_s = group
        if abs((arrived_at_s - came_s) - (sent_at_s - last_s)) > JUMP_S:
            self._begin()
            self.note(sent_at_s, arrived_at_s)
            return
        if sent_at_s - first_s <= BURST_S:
            self._group = (first_s, max(last_s, sent_at_s), max(came_s, arrived_at_s))
            return
        # What queued behind others and came together is one group, too.
        if 0 <= arrived_at_s - came_s <= BURST_S and arrived_at_s - came_s < sent_at_s - last_s:
            self._group = (first_s, sent_at_s, arrived_at_s)
            return
        if self._before is not None:
            before_sent_s, before_came_s = self._before
            took_s = came_s - before_came_s
            if took_s >= 0:
                self._add(1000 * (took_s - (last_s - before_sent_s)), came_s, last_s - before_sent_s)
        self._before = (last_s, came_s)
        self._group = (sent_at_s, sent_at_s, arrived_at_s)

    def _add(self, longer_ms: float, came_s: float, apart_s: float) -> None:
        if not self._count:
            self._began_s = came_s
        self._count += 1
        self._summed_ms += longer_ms
        self._smoothed_ms = SMOOTHING * self._smoothed_ms + (1 - SMOOTHING) * self._summed_ms
        self._points.append((1000 * (came_s - self._began_s), self._smoothed_ms))
        slope = _slope(self._points) if len(self._points) == POINTS else 0.0
        self._judge(min(self._count, COUNT_LIMIT) * slope * GAIN, slope, came_s, apart_s)

    def _judge(self, trend_ms: float, slope: float, now_s: float, apart_s: float) -> None:
        if trend_ms > self._threshold_ms:
            self._over_s += apart_s if self._over_count else apart_s / 2
            self._over_count += 1
            if self._over_s > OVER_S and self._over_count > 1 and slope >= self._slope_before:
                self._over_s, self._over_count = 0.0, 0
                self.is_growing = True
        else:
            self._over_s, self._over_count = 0.0, 0
            self.is_growing = False
        self._slope_before = slope
        passed_ms = 0.0 if self._judged_at_s is None else min(1000 * (now_s - self._judged_at_s), STEP_LIMIT_MS)
        self._judged_at_s = now_s
        height_ms = abs(trend_ms)
        if height_ms > self._threshold_ms + OUTLIER_MS:
            return
        speed = THRESHOLD_DOWN if height_ms < self._threshold_ms else THRESHOLD_UP
        threshold_ms = self._threshold_ms + speed * (height_ms - self._threshold_ms) * passed_ms
        self._threshold_ms = min(max(threshold_ms, THRESHOLD_LEAST_MS), THRESHOLD_MOST_MS)

    def _note_delay(self, sent_at_s: float, arrived_at_s: float) -> None:
        delay_s = arrived_at_s - sent_at_s
        self._delays.append((sent_at_s, delay_s))
        while sent_at_s - self._delays[0][0] > STANDING_S:
            self._delays.popleft()
        self._note_spread(sent_at_s, delay_s)
        bases = self._bases
        while bases and bases[-1][1] >= delay_s:
            bases.pop()
        bases.append((sent_at_s, delay_s))
        while sent_at_s - bases[0][0] > BASE_S:
            bases.popleft()

    def _note_spread(self, sent_at_s: float, delay_s: float) -> None:
        if self._span is None or sent_at_s - self._span[0] > SPAN_S:
            if self._span is not None:
                self._spreads.append(self._span[2] - self._span[1])
                if len(self._spreads) == SPANS:
                    spread_s = median(self._spreads)
                    self.jitter_s = spread_s if spread_s > PICTURE_S else 0.0
            self._span = sent_at_s, delay_s, delay_s
        else:
            since_s, least_s, greatest_s = self._span
            self._span = since_s, min(least_s, delay_s), max(greatest_s, delay_s)

    def _over_base_s(self, window_s: float) -> float:
        if not self._delays:
            return 0.0
        since_s = self._delays[-1][0] - window_s
        return min(delay_s for at_s, delay_s in self._delays if at_s >= since_s) - self._bases[0][1]


def _slope(points: deque[tuple[float, float]]) -> float:
    """Of the straight line through them, by least squares."""
    count = len(points)
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    above = sum((x - mean_x) * (y - mean_y) for x, y in points)
    below = sum((x - mean_x) ** 2 for x, _ in points)
    return above / below if below else 0.0
