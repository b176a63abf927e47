"""Times that come again every week, written in the configuration: for a group that meets every Thursday, or a ward
that may be visited in its opening hours. Each time is one visit in the terminal's always same room."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.consultation.model import Appointment
from kiosk.errors import ConfigError

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHOWN_DAYS_AHEAD: Final = 8

_TIME: Final = re.compile(r"(\w{3})(?:-(\w{3}))? ([012]\d):([0-5]\d)-([012]\d):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class WeeklyTime:
    """From `begins` to `ends` on these days of the week, Monday being 0."""

    days: tuple[int, ...]
    begins: time
    ends: time


def weekly_time(text: str) -> WeeklyTime:
    """Of "thu 10:00-10:30" or "mon-fri 08:00-15:30". Raises ConfigError."""
    match = _TIME.fullmatch(text.strip().lower())
    fault = ConfigError("appointments.times: a time must be such as 'thu 10:00-10:30' or 'mon-fri 08:00-15:30'")
    if match is None or match[1] not in DAYS or (match[2] or match[1]) not in DAYS:
        raise fault
    first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
    try:
        begins, ends = time(int(match[3]), int(match[4])), time(int(match[5]), int(match[6]))
    except ValueError:
        raise fault from None
    if last < first or ends <= begins:
        raise fault
    return WeeklyTime(tuple(range(first, last + 1)), begins, ends)


class StandingAppointments:
    """The times of yesterday and of the coming week."""

    def __init__(
        self,
        times: Sequence[WeeklyTime],
        zone: ZoneInfo,
        every_s: float,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.every_s = every_s
        self._times = times
        self._zone = zone
        self._wall = wall

    def read(self) -> Sequence[Appointment]:
        return sorted(self._all(), key=lambda appointment: (appointment.starts_at, appointment.id))

    def _all(self) -> Iterator[Appointment]:
        today = self._wall().astimezone(self._zone).date()
        for ahead in range(-1, SHOWN_DAYS_AHEAD):
            day = today + timedelta(days=ahead)
            for number, weekly in enumerate(self._times):
                if day.weekday() in weekly.days:
                    starts_at = datetime.combine(day, weekly.begins, self._zone).astimezone(UTC)
                    ends_at = datetime.combine(day, weekly.ends, self._zone).astimezone(UTC)
                    if starts_at < ends_at:  # an hour that the clocks skip in spring is none
                        yield Appointment(f"standing-{number}-{day.isoformat()}", starts_at, ends_at)
