"""Appointments of an iCalendar document: a file, or a feed that is fetched over HTTPS."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from kiosk.appointments.feed import MOST_BYTES, Feed, FeedUnavailable
from kiosk.appointments.ical import Reading, read_calendar
from kiosk.appointments.invitation import ReadLink
from kiosk.appointments.whole_file import read_whole
from kiosk.consultation.model import Appointment
from kiosk.errors import AppointmentsUnavailable

RETRY_FIRST_S: Final = 15.0
RETRY_LONGEST_S: Final = 900.0
READ_ANEW_AFTER: Final = timedelta(hours=1)
"""A document that has not changed is worked out again: repeating events come into sight."""

log = logging.getLogger(__name__)


class CalendarFile:
    """A document on disk; whoever writes it replaces it as a whole (rename)."""

    def __init__(self, path: str) -> None:
        self._path = path

    def fetch(self) -> bytes | None:
        """Raises AppointmentsUnavailable."""
        return read_whole(self._path, MOST_BYTES)

    def forget(self) -> None:
        """Nothing to forget: it is read whole each time."""


class CalendarAppointments:
    """Reads what has changed; after a failure it comes back sooner, and then ever later."""

    def __init__(
        self,
        document: Feed | CalendarFile,
        every_s: float,
        zone: tzinfo,
        read_link: ReadLink,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._document = document
        self._usual_s = every_s
        self._zone = zone
        self._read_link = read_link
        self._wall = wall
        self._text: str | None = None
        self._read: Reading | None = None
        self._read_at = datetime.min.replace(tzinfo=UTC)
        self._failures = 0
        self._asked_to_wait_s = 0.0

    @property
    def every_s(self) -> float:
        """Longer, the more often it has failed; as long as the server asked for."""
        if not self._failures:
            return self._usual_s
        wait_s = RETRY_FIRST_S * 2.0 ** min(self._failures - 1, 10)
        return max(self._asked_to_wait_s, min(wait_s, max(self._usual_s, RETRY_LONGEST_S)))

    def read(self) -> Sequence[Appointment]:
        try:
            content = self._document.fetch()
            appointments = self._appointments(content)
        except AppointmentsUnavailable as error:
            self._failures += 1
            self._asked_to_wait_s = error.retry_after_s if isinstance(error, FeedUnavailable) else 0.0
            raise
        self._failures = 0
        return appointments

    def _appointments(self, content: bytes | None) -> Sequence[Appointment]:
        now = self._wall()
        text = self._text if content is None else content.decode("utf-8", errors="replace")
        if text is None:
            self._document.forget()
            raise AppointmentsUnavailable("the calendar's server says that nothing has changed, but nothing was read")
        fresh = self._read is None or text != self._text
        if self._read is None or fresh or abs(now - self._read_at) > READ_ANEW_AFTER:
            begun_s = time.monotonic()
            try:
                read = read_calendar(text, now, self._zone, self._read_link)
            except AppointmentsUnavailable:
                self._document.forget()
                raise
            if fresh:
                log.info(
                    "Calendar read: %d appointments, %.0f ms",
                    len(read.appointments),
                    1e3 * (time.monotonic() - begun_s),
                )
                for fault in read.faults:
                    log.warning("Calendar: %s", fault)
            self._text, self._read, self._read_at = text, read, now
        return self._read.appointments
