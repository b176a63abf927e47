"""aiortc's clock. It reads wall time, and steps through every millisecond of a jump of hours in mid-call, which stops
the loop for half a minute; a board without a battery clock jumps by months when it first hears the time."""

import time
from datetime import UTC, datetime, timedelta

from aiortc import clock

_NAME = "current_datetime"


class SteadyClock:
    """Wall time when it was made, and from then on the seconds that passed. Any thread."""

    def __init__(self) -> None:
        self._made_at = datetime.now(UTC)
        self._made_s = time.monotonic()

    def __call__(self) -> datetime:
        return self._made_at + timedelta(seconds=time.monotonic() - self._made_s)


def use_steady_clock() -> None:
    """Give aiortc a clock that does not jump, for the whole process; twice is safe."""
    if not hasattr(clock, _NAME):
        raise AttributeError(f"aiortc.clock has no {_NAME}: not the aiortc this was written for")
    if not isinstance(clock.current_datetime, SteadyClock):
        setattr(clock, _NAME, SteadyClock())
