"""The test call that is made without a patient."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Annotated

from annotated_types import Interval

from kiosk.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to, and when."""

    room: str = field(default="", repr=False)
    """A test room, as a link or a number with its PIN, such as "998112"; never one of a patient's. Empty: none."""
    times: tuple[str, ...] = ()
    """Of each day, such as "03:30": then it is called while nobody uses the terminal. Empty: only by `kiosk doctor
    --call`."""
    call_s: Annotated[float, Interval(ge=3, le=60)] = 10
    """How long the call is held."""
    report: str = ""
    """A file in a folder that a reboot empties, where `kiosk doctor` finds what came of it."""


def time_of_day(text: str) -> time:
    """Of "03:30". Raises ConfigError."""
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 (a time of every day has no zone)
    except ValueError:
        raise ConfigError('selfcheck.times: each must be like "03:30"') from None


def times_until(times: tuple[time, ...], now: datetime) -> list[datetime]:
    """These times of `now`'s day and of the day before; aware as `now` is."""
    return [datetime.combine(now.date() - timedelta(days=back), at, now.tzinfo) for at in times for back in (0, 1)]
