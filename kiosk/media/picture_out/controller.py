"""How much is sent to a far end that does not tell when each packet came: from what it estimates (REMB), what it lost
(receiver reports), and how the round trip grows. Pure; times are monotonic seconds.

Rules after those of the first WebRTC releases (draft-ietf-rmcat-gcc-02, section 6), with the round trip as a third
sign for far ends that estimate nothing.
"""

from typing import Final

from kiosk.media.congestion import START_BPS, Report, Rtts

LEAST_BPS: Final = 100_000
LOSS_LEAST_BPS: Final = 200_000
"""Loss alone goes no lower: less of a picture does not make a lossy line better."""
SOUND_BPS: Final = 60_000
"""Of what the far end can take in all, this is the sound's, headers included."""
LOSS_WINDOW_S: Final = 0.8
LOSS_HIGH: Final = 0.10
LOSS_LOW: Final = 0.03
RISE_FAST_PER_S: Final = 1.5
RISE_PER_S: Final = 1.08
RISE_NEAR_PER_S: Final = 1.03
NEAR: Final = 1.15
"""From SETTLED to this part of a rate that was once too much, it rises slowly."""
QUEUE_HOLD_S: Final = 0.06
QUEUE_HIGH_S: Final = 0.15
QUEUE_BACK_OFF: Final = 0.85
BACK_OFF_EVERY_S: Final = 1.0
ESTIMATE_HOLDS_S: Final = 5.0
RTT_SAMPLES: Final = 3
"""A queue stands in each of the last reports; a jittery line has a short round trip among them."""
SETTLED: Final = 0.9
"""Up to this part of a rate that was once too much, it rises fast again."""
FORGET_S: Final = 20.0
"""A rate that was too much is tried again in earnest after so long: lines change."""
USED: Final = 0.6
"""Who sends less than this part of the target proves nothing about the line, and does not rise."""


class Controller:
    """A congestion.Rate."""

    def __init__(self, most_bps: int, now_s: float) -> None:
        self._most_bps = float(most_bps)
        self.target_bps = float(min(START_BPS, most_bps))
        self._remb_bps: int | None = None
        self._remb_at_s = now_s
        self._too_much_bps: float | None = None
        self._too_much_at_s = now_s
        self._window: Report | None = None
        self._window_at_s = now_s
        self.loss = 0.0
        """Share of the packets lost on the way, in the last whole window."""
        self._rtts = Rtts()
        self._risen_at_s = now_s
        self._backed_off_at_s = now_s - BACK_OFF_EVERY_S

    @property
    def rtt_s(self) -> float | None:
        """The newest round trip."""
        return self._rtts.newest_s

    @property
    def queue_s(self) -> float:
        """How long packets stand in a queue, as far as the round trip tells."""
        newest_s, least_s = self._rtts.newest(RTT_SAMPLES), self._rtts.least_s
        if len(newest_s) < RTT_SAMPLES or least_s is None:
            return 0.0
        return min(newest_s) - least_s

    def estimate(self, remb_bps: int, now_s: float) -> None:
        """The far end can take so much, of all that we send."""
        limit = self._limit(remb_bps)
        if limit < self.target_bps:
            self._came_down(limit, now_s)
        self._remb_bps, self._remb_at_s = remb_bps, now_s

    def report(self, report: Report, now_s: float) -> None:
        """The far end has reported."""
        self._rtts.note(report.rtt_s, now_s)
        if self._count(report, now_s) and self.loss > LOSS_HIGH:
            self._back_off(1 - 0.5 * self.loss, LOSS_LEAST_BPS, now_s)
        if self.queue_s > QUEUE_HIGH_S and not self._is_estimated(now_s):
            self._back_off(QUEUE_BACK_OFF, LEAST_BPS, now_s)

    def advance(self, sent_bps: float, now_s: float) -> float:
        """The target now; to be called several times a second with what has been sent in the last one."""
        passed_s, self._risen_at_s = now_s - self._risen_at_s, now_s
        if self._too_much_bps is not None and now_s - self._too_much_at_s > FORGET_S:
            self._too_much_bps = None
        has_room = self.queue_s < QUEUE_HOLD_S or self._is_estimated(now_s)
        if self.loss < LOSS_LOW and has_room and sent_bps >= USED * self.target_bps:
            risen = self.target_bps * self._rise_per_s(now_s) ** passed_s
            limit = self._most_bps if self._remb_bps is None else self._limit(self._remb_bps)
            self.target_bps = max(self.target_bps, min(risen, limit, self._most_bps))
        return self.target_bps

    def _count(self, report: Report, now_s: float) -> bool:
        """Whether this report completes a window of loss."""
        if self._window is None:
            self._window, self._window_at_s = report, now_s
            return False
        expected = (report.highest_sequence - self._window.highest_sequence) & 0xFFFFFFFF
        if now_s - self._window_at_s < LOSS_WINDOW_S or not 0 < expected < 1 << 31:
            return False
        self.loss = min(1.0, max(0.0, (report.packets_lost - self._window.packets_lost) / expected))
        self._window, self._window_at_s = report, now_s
        return True

    def _is_estimated(self, now_s: float) -> bool:
        """Whether the far end watches our packets' delay itself. Then the round trip says nothing more: its longer half
        may be the way back, where what we receive fills the queue."""
        return self._remb_bps is not None and now_s - self._remb_at_s < ESTIMATE_HOLDS_S

    def _rise_per_s(self, now_s: float) -> float:
        if self._is_estimated(now_s):
            # The far end searches the line's limit itself, and does so by what arrives.
            return RISE_FAST_PER_S if self.loss == 0 else RISE_PER_S
        share = self.target_bps / self._too_much_bps if self._too_much_bps is not None else 0.0
        if share < SETTLED and self.loss == 0:
            return RISE_FAST_PER_S
        return RISE_NEAR_PER_S if SETTLED <= share < NEAR else RISE_PER_S

    def _limit(self, remb_bps: int) -> float:
        return max(remb_bps - SOUND_BPS, 0.7 * remb_bps, LEAST_BPS)

    def _back_off(self, factor: float, least_bps: int, now_s: float) -> None:
        if now_s - self._backed_off_at_s >= BACK_OFF_EVERY_S and self.target_bps > least_bps:
            self._backed_off_at_s = now_s
            self._came_down(max(least_bps, self.target_bps * factor), now_s)

    def _came_down(self, to_bps: float, now_s: float) -> None:
        self._too_much_bps, self._too_much_at_s = self.target_bps, now_s
        self.target_bps = to_bps
