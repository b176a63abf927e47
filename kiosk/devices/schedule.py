"""Moments at a fixed distance, counted from the start: no drift, however late each one is met."""

import math


class Schedule:
    """The beat of a driver without a clock of its own."""

    def __init__(self, start_s: float, period_s: float, behind_s: float = 0.0) -> None:
        """First moment one period after `start_s` (monotonic). Who comes more than `behind_s` too late for a moment
        loses whole periods instead of making up for them in a burst."""
        self._start_s = start_s
        self._period_s = period_s
        self._behind_s = behind_s
        self._count = 0

    @property
    def count(self) -> int:
        """The number of the moment that was given last, from 1; those that were lost are counted."""
        return self._count

    def after(self, now_s: float) -> float:
        """The next moment, monotonic seconds. `now_s` is when the last one was done with."""
        self._count += 1
        if now_s - self._start_s > self._count * self._period_s + self._behind_s:
            self._count = math.floor((now_s - self._start_s) / self._period_s) + 1
        return self._start_s + self._count * self._period_s
