"""Appointments of an iCalendar document (RFC 5545): moved, called off, recurring, in any time zone. Pure.

What is wrong with an event is told with its place, never with its words; the other events stand. All-day events are
notes and no appointments.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import icalendar
import recurring_ical_events

from kiosk.appointments.ical_text import CalendarText, EventText, cut
from kiosk.appointments.invitation import ReadLink, find_room
from kiosk.consultation.model import Appointment

LOOKS_BACK: Final = timedelta(days=1)
LOOKS_AHEAD: Final = timedelta(days=35)
LASTS_BY_DEFAULT: Final = timedelta(minutes=30)
"""An event may have a start alone."""
LASTS_AT_MOST: Final = timedelta(hours=24)
EARLIEST_SERIES_YEAR: Final = 2000
MOST_RULES: Final = 100
"""Repeating events in a document; working one out takes a while."""
MOST_APPOINTMENTS: Final = 1000

_FREQUENCIES: Final = {
    "DAILY": {"BYDAY"},
    "WEEKLY": {"BYDAY"},
    "MONTHLY": {"BYDAY", "BYMONTHDAY", "BYSETPOS"},
    "YEARLY": {"BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH"},
}
"""What a rule may say. Others strike many times a day, or may search for ever for a day that never comes."""
_FAULTS: Final = (ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError, RecursionError)
"""What the libraries raise on input that makes no sense."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says."""

    appointments: tuple[Appointment, ...]
    """By their hour."""
    faults: tuple[str, ...]
    """One line each, without a personal word."""


def read_calendar(text: str, now: datetime, zone: tzinfo, read_link: ReadLink) -> Reading:
    """All appointments from yesterday to five weeks ahead of `now`.

    `zone` holds for times that name none. Raises AppointmentsUnavailable when the text is no calendar.
    """
    document = cut(text)
    reader = _Reader(document, now, _floating_zone(document, zone), read_link)
    reader.read()
    ordered = sorted(reader.appointments.values(), key=lambda appointment: (appointment.starts_at, appointment.id))
    if len(ordered) > MOST_APPOINTMENTS:
        reader.faults.append(
            f"more than {MOST_APPOINTMENTS} appointments within five weeks; the last ones are left out"
        )
    return Reading(tuple(ordered[:MOST_APPOINTMENTS]), tuple(reader.faults))


class _Reader:
    def __init__(self, document: CalendarText, now: datetime, zone: tzinfo, read_link: ReadLink) -> None:
        self.appointments: dict[str, Appointment] = {}
        self.faults = list(document.faults)
        self._document = document
        self._now = now
        self._zone = zone
        self._read_link = read_link
        self._rules = 0

    def read(self) -> None:
        if self._document.cancelled:
            return
        series: dict[str, list[EventText]] = {}
        for event in self._document.events:
            series.setdefault(event.value("UID") or f"line {event.line}", []).append(event)
        for uid, events in series.items():
            self._series(uid, _newest(events))

    def _series(self, uid: str, events: Sequence[EventText]) -> None:
        """An event with all that was said of single dates of it."""
        masters = [event for event in events if not event.value("RECURRENCE-ID")]
        if any(_called_off(event) for event in masters):
            return
        sound = [event for event in events if self._has_bearable_rule(event)]
        if not sound or (masters and masters[0] not in sound):
            return
        try:
            occurrences = self._occurrences(sound)
        except _FAULTS as error:
            self._fault(sound[0], f"is not understood ({type(error).__name__})")
            return
        for occurrence in occurrences:
            try:
                self._occurrence(uid, sound[0], occurrence)
            except _FAULTS as error:
                self._fault(sound[0], f"is not understood ({type(error).__name__})")

    def _occurrences(self, events: Sequence[EventText]) -> Iterable[Any]:
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *self._document.zones]
        for event in events:
            lines += ["BEGIN:VEVENT", *event.lines, "END:VEVENT"]
        calendar = icalendar.Calendar.from_ical("\r\n".join([*lines, "END:VCALENDAR", ""]))
        if not all(self._has_sensible_times(events[0], part) for part in calendar.walk("VEVENT")):
            return ()
        query = recurring_ical_events.of(calendar)
        return list(query.between(self._now - LOOKS_BACK, self._now + LOOKS_AHEAD))

    def _has_sensible_times(self, event: EventText, part: Any) -> bool:
        """Looked at before the library puts start and end into what it takes for their order."""
        start, end, duration = part["DTSTART"], part.get("DTEND"), part.get("DURATION")
        if (end is not None and end.dt < start.dt) or (duration is not None and duration.dt < timedelta()):
            self._fault(event, "ends before it starts")
            return False
        if isinstance(start.dt, datetime) and start.dt.tzinfo is None and "TZID" in start.params:
            self._fault(event, "names a time zone that is not known; the terminal's own is taken")
        return True

    def _occurrence(self, uid: str, event: EventText, occurrence: Any) -> None:
        if _word(occurrence, "STATUS") == "CANCELLED" or _word(occurrence, "TRANSP") == "TRANSPARENT":
            return
        start, end = occurrence["DTSTART"].dt, occurrence["DTEND"].dt
        if not isinstance(start, datetime) or not isinstance(end, datetime):
            return
        starts_at, ends_at = self._utc(start), self._utc(end)
        if ends_at == starts_at:
            ends_at = starts_at + LASTS_BY_DEFAULT
        if not starts_at < ends_at <= starts_at + LASTS_AT_MOST:
            self._fault(event, "lasts longer than a day")
            return
        room, reason = find_room(_plain_values(occurrence), str(occurrence.get("DESCRIPTION", "")), self._read_link)
        if room is None:
            self._fault(event, f"names a room that cannot be used ({reason})" if reason else "names no room")
        recurrence = occurrence.get("RECURRENCE-ID") if event.value("RRULE") or event.value("RDATE") else None
        # Whoever moves an hour within a day means the same visit; on another day it is a new one.
        of_day = starts_at.astimezone(self._zone).date().isoformat()
        of_series = "" if recurrence is None else recurrence.to_ical().decode()
        told = hashlib.sha256(f"{uid}\n{of_series}\n{of_day}".encode()).hexdigest()[:20]
        self.appointments[told] = Appointment(told, starts_at, ends_at, room)

    def _has_bearable_rule(self, event: EventText) -> bool:
        """Whether working out its repetitions comes to an end soon."""
        rules = [line.partition(":")[2].upper() for line in event.lines if _name(line) == "RRULE"]
        if any(_name(line) == "EXRULE" for line in event.lines):
            self._fault(event, "has an EXRULE, which calendars have given up")
            return False
        self._rules += len(rules)
        if len(rules) > 1 or self._rules > MOST_RULES:
            self._fault(event, f"repeats by more than one rule, or is beyond the first {MOST_RULES} that repeat")
            return False
        for rule in rules:
            parts = {name: value for name, _, value in (part.partition("=") for part in rule.strip().split(";"))}
            allowed = _FREQUENCIES.get(parts.pop("FREQ", ""))
            year = event.value("DTSTART")[:4]
            if allowed is None or not parts.keys() <= allowed | {"INTERVAL", "COUNT", "UNTIL", "WKST"}:
                self._fault(event, "repeats by a rule that is not read here")
                return False
            if not year.isdecimal() or int(year) < EARLIEST_SERIES_YEAR:
                self._fault(event, f"repeats since before {EARLIEST_SERIES_YEAR}")
                return False
        return True

    def _utc(self, moment: datetime) -> datetime:
        local = moment if moment.tzinfo is not None else moment.replace(tzinfo=self._zone)
        return local.astimezone(UTC)

    def _fault(self, event: EventText, words: str) -> None:
        fault = f"the event at line {event.line} {words}"
        if fault not in self.faults:
            self.faults.append(fault)


def _newest(events: Sequence[EventText]) -> list[EventText]:
    """Of several versions of one event the newest: by SEQUENCE, by its stamp, by its place."""
    newest: dict[str, tuple[tuple[int, str, int], EventText]] = {}
    for place, event in enumerate(events):
        sequence = event.value("SEQUENCE")
        number = int(sequence) if sequence.isdecimal() and len(sequence) < 10 else 0
        rank = (number, event.value("LAST-MODIFIED") or event.value("DTSTAMP"), place)
        about = event.value("RECURRENCE-ID")
        if about not in newest or newest[about][0] < rank:
            newest[about] = rank, event
    return [event for _, event in sorted(newest.values(), key=lambda entry: entry[1].value("RECURRENCE-ID"))]


def _plain_values(occurrence: Any) -> list[str]:
    """CONFERENCE, X- properties that hold a link, URL, LOCATION; a repeated property counts each time."""
    properties = [(str(name).upper(), value) for name, value in occurrence.property_items(recursive=False)]
    wanted = [str(value) for name, value in properties if name == "CONFERENCE"]
    wanted += [str(value) for name, value in properties if name.startswith("X-") and ":" in str(value)]
    return wanted + [str(value) for key in ("URL", "LOCATION") for name, value in properties if name == key]


def _called_off(event: EventText) -> bool:
    return event.value("STATUS").upper() == "CANCELLED"


def _word(occurrence: Any, name: str) -> str:
    return str(occurrence.get(name, "")).strip().upper()


def _name(line: str) -> str:
    return line.partition(":")[0].partition(";")[0].strip().upper()


def _floating_zone(document: CalendarText, zone: tzinfo) -> tzinfo:
    if not document.zone_name:
        return zone
    try:
        return ZoneInfo(document.zone_name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return zone
