"""What every rule for the rate of the picture is: told what the far end reports, asked for a target. Pure; times are
monotonic seconds."""

from collections import deque
from dataclasses import dataclass
from typing import Final, Protocol

START_BPS: Final = 400_000
RTT_MEMORY_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Report:
    """What a receiver report says of the picture (RFC 3550, section 6.4)."""

    highest_sequence: int
    """Extended, 32 bits."""
    packets_lost: int
    """Since the beginning."""
    rtt_s: float | None


class Rate(Protocol):
    """How much of the picture is sent."""

    loss: float
    """0..1: share of the packets lost on the way, lately."""

    @property
    def target_bps(self) -> float:
        """For the picture, packets' headers included."""

    @property
    def rtt_s(self) -> float | None:
        """The newest round trip."""

    def estimate(self, remb_bps: int, now_s: float) -> None:
        """The far end can take so much, of all that we send (draft-alvestrand-rmcat-remb-03)."""

    def report(self, report: Report, now_s: float) -> None:
        """The far end has reported."""

    def advance(self, sent_bps: float, now_s: float) -> float:
        """The target now; to be called several times a second with what has been sent in the last one."""


class Rtts:
    """Round trips of the last half minute."""

    def __init__(self) -> None:
        self._rtts: deque[tuple[float, float]] = deque()

    def note(self, rtt_s: float | None, now_s: float) -> None:
        """A report tells of one; none, and impossible ones, are passed over."""
        if rtt_s is not None and rtt_s >= 0:
            self._rtts.append((now_s, rtt_s))
            while now_s - self._rtts[0][0] > RTT_MEMORY_S:
                self._rtts.popleft()

    @property
    def newest_s(self) -> float | None:
        """The newest one."""
        return self._rtts[-1][1] if self._rtts else None

    @property
    def least_s(self) -> float | None:
        """The shortest one."""
        return min((rtt_s for _, rtt_s in self._rtts), default=None)

    def newest(self, count: int) -> list[float]:
        """So many, newest first; fewer when there are not so many."""
        return [rtt_s for _, rtt_s in list(self._rtts)[: -count - 1 : -1]]
