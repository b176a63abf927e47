"""What the line carries, by when our packets came at its other end. Pure; times are monotonic seconds.

Delay first, as in draft-ietf-rmcat-gcc-02: a queue that grows means less than what arrives just now. Loss alone means
little: radio loses packets at any rate. Only a lot of it is obeyed.
"""

from collections import deque
from typing import Final

from kiosk.media.congestion.flight import Flight, Sent
from kiosk.media.congestion.probing import Probe, Probing
from kiosk.media.congestion.rate import START_BPS, Report, Rtts
from kiosk.media.congestion.trend import Trend

LEAST_BPS: Final = 100_000
LOSS_LEAST_BPS: Final = 200_000
"""Loss alone goes no lower: less of a picture does not make a lossy line better."""
BACK_OFF: Final = 0.85
"""Of what arrives while a queue grows."""
BACK_OFF_FLOODED: Final = 0.75
"""A long queue shall be gone soon."""
BACK_OFF_EVERY_S: Final = 0.4
"""A change must have been seen at the far end before the next one."""
ARRIVED_S: Final = 0.5
ARRIVED_LEAST_S: Final = 0.2
ARRIVED_JITTERS: Final = 8
ARRIVED_MOST_S: Final = 2.0
LOSS_WINDOW_S: Final = 2.0
LOSS_LEAST_PACKETS: Final = 40
LOSS_HIGH: Final = 0.15
LOSS_HOLDS: Final = 0.12
LOSSY: Final = 0.04
CALM_S: Final = 2.0
"""So long after the rate was lowered, loss may still be of that time."""
LOSS_EVERY_S: Final = 1.0
QUEUE_GROWS_S: Final = 0.015
"""A trend without so much of a queue is noise."""
QUEUE_LOW_S: Final = 0.03
"""While more waits on the way, nothing more is asked for."""
QUEUE_FLOODS_S: Final = 0.06
QUEUE_STANDS_S: Final = 0.1
JITTERS: Final = 1.5
"""By so many times the jitter, whatever is told of a queue must be longer."""
STAYS_S: Final = 1.5
STAYS: Final = 0.8
"""A queue that is still so long after STAYS_S of less than arrived is none of ours."""
RISE_PER_S: Final = 1.08
RISE_NEAR_PER_S: Final = 1.04
NEAR: Final = (0.9, 1.1)
"""These parts of the rate that filled the line last."""
FORGET_S: Final = 30.0
"""A line that was full is another one after so long."""
USED: Final = 1.5
"""Not more than this part of what arrives is thought possible without a burst that shows it."""
ENOUGH: Final = 0.95
"""Of the most that is wanted: no burst is sent for the rest."""
SILENT_S: Final = 1.0
"""With no word from the far end for so long, nothing rises."""
REMB_HOLDS_S: Final = 5.0
SETTLE_S: Final = 0.3
"""So long after a change no burst is sent."""


class LineRate:
    """A rate.Rate for a far end that tells when each packet came. All of a transport's packets pass `sent`."""

    def __init__(self, most_bps: int, now_s: float) -> None:
        """`most_bps`: of the picture."""
        self._most_bps = float(most_bps)
        self._flight = Flight()
        self._trend = Trend()
        self._probing = Probing(now_s)
        self._rtts = Rtts()
        self._total_bps = float(min(START_BPS, most_bps))
        """Of all streams."""
        self._others: deque[tuple[float, int]] = deque()
        self._others_bytes = 0
        self._arrived: deque[tuple[float, int]] = deque()
        self._arrived_bytes = 0
        self._window_s = ARRIVED_S
        self._fates: deque[tuple[float, int, int]] = deque()
        self._full_bps: float | None = None
        self._full_at_s = now_s
        self._changed_at_s = now_s
        self._lessened_at_s = now_s - LOSS_EVERY_S
        self._stood: tuple[float, float] | None = None
        self._told_at_s: float | None = None
        self._advanced_at_s = now_s
        self._remb: tuple[int, float] | None = None
        self.loss = 0.0
        """Share of the packets lost on the way, in the last seconds."""

    @property
    def target_bps(self) -> float:
        """For the picture, packets' headers included."""
        return min(max(self._total_bps - self._others_bps, LEAST_BPS), self._most_bps)

    @property
    def rtt_s(self) -> float | None:
        """The newest round trip."""
        return self._rtts.newest_s

    def sent(self, size_bytes: int, is_picture: bool, now_s: float) -> int:
        """A packet of so many bytes, headers included, leaves now: its transport-wide sequence number (16 bits)."""
        if not is_picture:
            self._others.append((now_s, size_bytes))
            self._others_bytes += size_bytes
        return self._flight.sent(Sent(now_s, size_bytes, is_picture, self._probing.number_of(size_bytes)))

    def told(self, fci: bytes, now_s: float) -> None:
        """The far end tells when packets came. Raises ValueError for what is no such message."""
        packets = self._flight.told(fci)
        self._told_at_s = now_s
        lost = came = 0
        for packet in packets:
            self._probing.told(packet)
            if packet.arrived_at_s is None:
                lost += 1
                continue
            came += 1
            lost -= packet.was_lost
            self._trend.note(packet.sent_at_s, packet.arrived_at_s)
            self._arrived.append((packet.arrived_at_s, packet.size_bytes))
            self._arrived_bytes += packet.size_bytes
        self._fates.append((now_s, lost, came))
        self._judge(now_s)

    def estimate(self, remb_bps: int, now_s: float) -> None:
        """The far end says how much it can take of all that we send."""
        self._remb = remb_bps, now_s
        if remb_bps < self._total_bps:
            self._change(max(remb_bps, LEAST_BPS), now_s)

    def report(self, report: Report, now_s: float) -> None:
        """The far end has reported; of this, the round trip counts."""
        self._rtts.note(report.rtt_s, now_s)

    def advance(self, sent_bps: float, now_s: float) -> float:  # noqa: ARG002 - what arrived is known better
        """The target now; to be called several times a second."""
        passed_s, self._advanced_at_s = now_s - self._advanced_at_s, now_s
        while self._others and now_s - self._others[0][0] > 1.0:
            self._others_bytes -= self._others.popleft()[1]
        if self._full_bps is not None and now_s - self._full_at_s > FORGET_S:
            self._full_bps = None
        if self._is_free(now_s) and self.loss < LOSS_HOLDS:
            limit = min(USED * self._arrived_bps, self._limit_bps(now_s))
            risen = self._total_bps * self._rise_per_s**passed_s
            self._total_bps = max(self._total_bps, min(risen, limit))
        return self.target_bps

    def is_lossy(self, now_s: float) -> bool:
        """Packets are lost, and not because they are too many."""
        return self.loss >= LOSSY and now_s - self._changed_at_s > CALM_S and self._is_free(now_s)

    def probe(self, now_s: float) -> Probe | None:
        """A burst to send now, to find out whether more is possible; seldom."""
        if not self._is_free(now_s) or self.loss >= LOSS_HIGH or now_s - self._changed_at_s < SETTLE_S:
            return None
        limit_bps = self._limit_bps(now_s)
        return self._probing.plan(self._total_bps, limit_bps, now_s) if self._total_bps < ENOUGH * limit_bps else None

    @property
    def _others_bps(self) -> float:
        return self._others_bytes * 8.0

    @property
    def _arrived_bps(self) -> float:
        return self._arrived_bytes * 8 / self._window_s

    @property
    def _newly_arrived_bps(self) -> float:
        """Of the last moment alone."""
        newest_s = self._arrived[-1][0]
        size_bytes, oldest_s = 0, newest_s
        for arrived_s, each in reversed(self._arrived):
            if newest_s - arrived_s > ARRIVED_LEAST_S:
                break
            size_bytes, oldest_s = size_bytes + each, arrived_s
        return min(size_bytes * 8 / max(newest_s - oldest_s, ARRIVED_LEAST_S / 2), self._arrived_bps)

    @property
    def _rise_per_s(self) -> float:
        share = self._total_bps / self._full_bps if self._full_bps is not None else 0.0
        return RISE_NEAR_PER_S if NEAR[0] <= share < NEAR[1] else RISE_PER_S

    @property
    def _stands_s(self) -> float:
        return QUEUE_STANDS_S + JITTERS * self._trend.jitter_s

    def _limit_bps(self, now_s: float) -> float:
        most_bps = self._most_bps + self._others_bps
        if self._remb is not None and now_s - self._remb[1] < REMB_HOLDS_S:
            return min(most_bps, max(self._remb[0], LEAST_BPS))
        return most_bps

    def _is_free(self, now_s: float) -> bool:
        """Nothing waits, and the far end is heard."""
        if self._told_at_s is None or now_s - self._told_at_s > SILENT_S:
            return False
        return self._trend.queue_s < max(QUEUE_LOW_S, self._trend.jitter_s)

    def _judge(self, now_s: float) -> None:
        self._forget(now_s)
        trend = self._trend
        grows = trend.is_growing and trend.queue_s > max(QUEUE_GROWS_S, JITTERS * trend.jitter_s)
        is_flooded = trend.is_flooded(QUEUE_FLOODS_S + JITTERS * trend.jitter_s)
        if grows or is_flooded or trend.standing_s > self._stands_s:
            self._probing.put_off(now_s)
            if now_s - self._changed_at_s >= BACK_OFF_EVERY_S:
                self._make_room(now_s, is_flooded)
        elif self.loss > LOSS_HIGH and now_s - self._lessened_at_s >= LOSS_EVERY_S:
            self._lessened_at_s = now_s
            least_bps = LOSS_LEAST_BPS + self._others_bps
            wanted_bps = min((1 - 0.5 * self.loss) * self._total_bps, self._arrived_bps)
            self._change(max(min(least_bps, self._total_bps), wanted_bps), now_s)
        carried_bps = self._probing.result_bps(now_s)
        if carried_bps is not None and carried_bps > self._total_bps:
            self._total_bps = min(carried_bps, self._limit_bps(now_s))

    def _make_room(self, now_s: float, is_flooded: bool) -> None:
        standing_s = self._trend.standing_s
        if standing_s > self._stands_s:
            if self._stood is None:
                self._stood = now_s, standing_s
            elif now_s - self._stood[0] > STAYS_S:
                if standing_s > STAYS * self._stood[1]:
                    self._trend.forget_base()
                    self._stood = None
                    return
                self._stood = now_s, standing_s
        else:
            self._stood = None
        arrived_bps = self._newly_arrived_bps if is_flooded else self._arrived_bps
        wanted_bps = max((BACK_OFF_FLOODED if is_flooded else BACK_OFF) * arrived_bps, LEAST_BPS)
        self._full_bps, self._full_at_s = arrived_bps, now_s
        if wanted_bps < self._total_bps:
            self._change(wanted_bps, now_s)

    def _change(self, to_bps: float, now_s: float) -> None:
        self._total_bps = to_bps
        self._changed_at_s = now_s

    def _forget(self, now_s: float) -> None:
        arrived = self._arrived
        # What comes in clumps is counted over more of them.
        self._window_s = min(ARRIVED_S + ARRIVED_JITTERS * self._trend.jitter_s, ARRIVED_MOST_S)
        while arrived and arrived[-1][0] - arrived[0][0] > self._window_s:
            self._arrived_bytes -= arrived.popleft()[1]
        while now_s - self._fates[0][0] > LOSS_WINDOW_S:
            self._fates.popleft()
        lost = sum(each for _, each, _ in self._fates)
        packets = lost + sum(each for _, _, each in self._fates)
        if packets >= LOSS_LEAST_PACKETS:
            self.loss = min(1.0, max(0.0, lost / packets))
