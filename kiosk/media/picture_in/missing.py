"""Which packets to ask for again, and when: generic NACK (RFC 4585, 6.2.1), repeated by round trip. Pure."""

from collections import deque
from typing import Final

TRIES: Final = 20
TWICE_S: Final = 0.01
"""A question may be lost as well as its answer: each is said twice. In simulation, at 5 and 10 % loss, this halves the
seconds frozen; a far end that keeps to RFC 4585 answers once a round trip."""
AGE_LIMIT_S: Final = 2.0
"""The far end does not keep packets longer, nor would anybody wait for the picture."""
CAPACITY: Final = 512
FIRST_RTT_S: Final = 0.1
RTT_LEAST_S, RTT_MOST_S = 0.01, 0.8
SMOOTHING: Final = 0.15
BELIEVED: Final = 0.8
SLACK_S: Final = 0.005
"""A question that comes a little before the far end's own round trip has passed would be ignored."""
REORDER_MOST_S: Final = 0.04
REORDER_FADE: Final = 0.98
"""Per packet that was missing and did not overtake."""


class Missing:
    """Numbers without wrap-around; times are monotonic seconds."""

    def __init__(self) -> None:
        self._missing: dict[int, _Hole] = {}
        self.rtt_s = FIRST_RTT_S
        """From question to answer, smoothed."""
        self._reorder_s = 0.0
        self.asked = 0
        """Packets asked for, each repetition counted."""

    def __len__(self) -> int:
        return len(self._missing)

    def __contains__(self, number: int) -> bool:
        return number in self._missing

    @property
    def since_s(self) -> float | None:
        """When the oldest hole was seen."""
        return next(iter(self._missing.values())).seen_at_s if self._missing else None

    def add(self, begin: int, end: int, now_s: float) -> bool:
        """Packets from `begin` up to before `end` have not come. False: too many, none is remembered."""
        if end - begin + len(self._missing) > CAPACITY:
            self._missing.clear()
            return False
        for number in range(begin, end):
            self._missing[number] = _Hole(now_s)
        return True

    def came(self, number: int, now_s: float, is_repair: bool) -> bool:
        """A packet has come; True when it was missing. `is_repair`: as an answer (RTX), or it may be one."""
        hole = self._missing.pop(number, None)
        if hole is None:
            return False
        if hole.asked_at_s and is_repair:
            # Of several questions nobody knows which was answered: the middle of those that had time for it. With the
            # others among them, a round trip that is believed too short would seem right for ever.
            first_s = hole.asked_at_s[0]
            latest_s = now_s - BELIEVED * self.rtt_s
            last_s = next((at_s for at_s in reversed(hole.asked_at_s) if at_s <= latest_s), first_s)
            sample_s = min(max(now_s - (first_s + last_s) / 2, RTT_LEAST_S), RTT_MOST_S)
            self.rtt_s += SMOOTHING * (sample_s - self.rtt_s)
        if not is_repair:
            # It was overtaken, not lost: ask a little later next time.
            self._reorder_s = max(self._reorder_s, min(now_s - hole.seen_at_s, REORDER_MOST_S))
        else:
            self._reorder_s *= REORDER_FADE
        return True

    def forget_before(self, number: int) -> None:
        """These are of no use any more."""
        for old in [at for at in self._missing if at < number]:
            del self._missing[old]

    def clear(self) -> None:
        """None is of use any more."""
        self._missing.clear()

    def due(self, now_s: float) -> list[int]:
        """What to ask for now, in rising order; what was asked for too often is forgotten."""
        asked: list[int] = []
        for number, hole in list(self._missing.items()):
            if now_s - hole.seen_at_s > AGE_LIMIT_S:
                del self._missing[number]
            elif now_s >= self._due_s(hole):
                if len(hole.asked_at_s) >= TRIES:
                    del self._missing[number]
                    continue
                hole.asked_at_s.append(now_s)
                asked.append(number)
        self.asked += len(asked)
        return sorted(asked)

    def next_due_s(self) -> float | None:
        """When `due` will have something; None when nothing is missing."""
        return min(map(self._due_s, self._missing.values()), default=None)

    def _due_s(self, hole: "_Hole") -> float:
        if not hole.asked_at_s:
            return hole.seen_at_s + self._reorder_s
        if len(hole.asked_at_s) % 2:
            return hole.asked_at_s[-1] + TWICE_S
        # From the first of the two: had it been lost, the second one's answer would have had time as well.
        return hole.asked_at_s[-2] + max(self.rtt_s * 1.1 + SLACK_S, 2 * TWICE_S)


class _Hole:
    __slots__ = ("asked_at_s", "seen_at_s")

    def __init__(self, seen_at_s: float) -> None:
        self.seen_at_s = seen_at_s
        self.asked_at_s: deque[float] = deque()
