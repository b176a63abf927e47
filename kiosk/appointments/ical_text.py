"""The text of an iCalendar document (RFC 5545), cut into its events, so that a bad one spoils no other. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kiosk.errors import AppointmentsUnavailable

MOST_LINES: Final = 50_000
MOST_EVENTS: Final = 2_000
LONGEST_LINE_CHARS: Final = 20_000

_ZONE_RULE: Final = re.compile(r"RRULE:(?=.*FREQ=YEARLY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EventText:
    """One VEVENT as it stands there: its own lines, without those of the alarms in it."""

    line: int
    """Where it begins, counted from 1."""
    lines: Sequence[str] = field(repr=False)

    def value(self, name: str) -> str:
        """The raw value of its first property of that name; empty when there is none."""
        for line in self.lines:
            head, _, value = line.partition(":")
            if head.partition(";")[0].upper() == name:
                return value.strip()
        return ""


@dataclass(frozen=True, slots=True)
class CalendarText:
    """What a document is made of."""

    events: Sequence[EventText] = field(repr=False)
    zones: Sequence[str] = field(repr=False)
    """The lines of all VTIMEZONEs that can be worked with."""
    zone_name: str
    """X-WR-TIMEZONE, or empty."""
    cancelled: bool
    """METHOD:CANCEL: all that stands there is called off."""
    faults: Sequence[str]


def cut(text: str) -> CalendarText:
    """Raises AppointmentsUnavailable when this is no calendar at all, or too large a one."""
    events: list[EventText] = []
    zones: list[str] = []
    faults: list[str] = []
    zone_name, cancelled = "", False
    calendars = 0
    open_parts: list[str] = []
    part: list[str] = []
    began = 0
    for number, line in _unfolded(text):
        if len(line) > LONGEST_LINE_CHARS:
            faults.append(f"line {number} is longer than {LONGEST_LINE_CHARS} characters and was left out")
            continue
        name, _, value = line.partition(":")
        word, kind = name.strip().upper(), value.strip().upper()
        if word == "BEGIN":
            calendars += kind == "VCALENDAR"
            open_parts.append(kind)
            if open_parts in (["VCALENDAR", "VEVENT"], ["VCALENDAR", "VTIMEZONE"]):
                part, began = [], number
        if open_parts[:2] == ["VCALENDAR", "VTIMEZONE"] or (
            open_parts == ["VCALENDAR", "VEVENT"] and word not in {"BEGIN", "END"}
        ):
            part.append(line)
        if open_parts == ["VCALENDAR"]:
            zone_name = value.strip() if word == "X-WR-TIMEZONE" else zone_name
            cancelled = cancelled or (word == "METHOD" and kind == "CANCEL")
        if word == "END":
            if not open_parts or open_parts[-1] != kind:
                faults.append(f"line {number}: END without its BEGIN")
                open_parts = ["VCALENDAR"] if "VCALENDAR" in open_parts[:1] and kind != "VCALENDAR" else []
                continue
            if open_parts == ["VCALENDAR", "VEVENT"]:
                events.append(EventText(began, tuple(part)))
            elif open_parts == ["VCALENDAR", "VTIMEZONE"]:
                if all(_ZONE_RULE.match(each) for each in part if each.upper().startswith("RRULE")):
                    zones += part
                else:
                    # A rule that strikes every second would be worked out up to the year 2038.
                    faults.append(f"line {began}: a time zone whose rules are not yearly was left out")
            open_parts.pop()
    if not calendars:
        raise AppointmentsUnavailable("this is no calendar: it has no BEGIN:VCALENDAR")
    if open_parts:
        # Half a document may lack the half in which an appointment is called off.
        raise AppointmentsUnavailable("the calendar breaks off before its end")
    if len(events) > MOST_EVENTS:
        raise AppointmentsUnavailable(f"the calendar has more than {MOST_EVENTS} events")
    return CalendarText(tuple(events), tuple(zones), zone_name, cancelled, tuple(faults))


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines, each with the number of its first."""
    whole: list[str] = []
    began = 1
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if len(lines) > MOST_LINES:
        raise AppointmentsUnavailable(f"the calendar has more than {MOST_LINES} lines")
    for number, line in enumerate(lines, 1):
        if whole and line[:1] in {" ", "\t"}:
            whole.append(line[1:])
            continue
        if whole:
            yield began, "".join(whole)
        whole, began = ([line] if line.strip() else []), number
    if whole:
        yield began, "".join(whole)
