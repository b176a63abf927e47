"""The two clocks: wall time for appointments, monotonic time for waiting."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """One reading of both clocks."""

    wall: datetime
    """Aware, UTC. May jump either way: the board has no battery clock."""
    monotonic_s: float
    """Seconds since some start; never goes back."""


Clock = Callable[[], Moment]


def system_clock() -> Moment:
    """Now, by the machine's own clocks. Any thread."""
    return Moment(wall=datetime.now(UTC), monotonic_s=time.monotonic())
