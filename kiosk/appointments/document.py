"""The JSON document of appointments, and every fault in it, named by its place and never by its value.

    {"appointments": [{
        "id": "…", "starts_at": "2026-11-22T10:00:00+01:00", "ends_at": "2026-11-22T10:30:00+01:00",
        "room": {"provider": "pexip", "host": "https://…", "alias": "…", "pin": "…", "display_name": "…"}}]}

`room` may be null or absent (the clinic has given none yet), `pin` too (the room wants none). `"meet_at": "…"` beside
them tells where the patient is to come in person: the hour is none on video any more. Nothing else may stand there.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from kiosk.consultation.model import Appointment, Room
from kiosk.errors import AppointmentsUnavailable

LONGEST_TEXT: Final = 500
MOST_APPOINTMENTS: Final = 1000


def parse(text: str) -> Sequence[Appointment]:
    """All appointments of a document. Raises AppointmentsUnavailable, which lists all faults at once."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise AppointmentsUnavailable(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except (RecursionError, ValueError):
        raise AppointmentsUnavailable("nested too deeply, or a number too long to read") from None
    reader = _Reader()
    appointments = reader.document(document)
    if reader.faults:
        raise AppointmentsUnavailable("; ".join(reader.faults))
    return appointments


class _Reader:
    """Reads on after a fault, to find the next."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def document(self, value: Any) -> list[Appointment]:
        fields = self._object("", value, required=("appointments",))
        if fields is None or "appointments" not in fields:
            return []
        entries = fields["appointments"]
        if not isinstance(entries, list):
            self._fault("appointments", "must be a list")
            return []
        if len(entries) > MOST_APPOINTMENTS:
            self._fault("appointments", f"must not be more than {MOST_APPOINTMENTS}")
            return []
        read = [self._appointment(f"appointments[{number}]", entry) for number, entry in enumerate(entries)]
        appointments = [appointment for appointment in read if appointment is not None]
        seen: set[str] = set()
        for number, appointment in enumerate(read):
            if appointment is None:
                continue
            if appointment.id in seen:
                self._fault(f"appointments[{number}].id", "is also another appointment's")
            seen.add(appointment.id)
        return appointments

    def _appointment(self, place: str, value: Any) -> Appointment | None:
        fields = self._object(place, value, required=("id", "starts_at", "ends_at"), optional=("room", "meet_at"))
        if fields is None:
            return None
        identity = self._field(fields, place, "id", self._text)
        starts_at = self._field(fields, place, "starts_at", self._time)
        ends_at = self._field(fields, place, "ends_at", self._time)
        room = None if fields.get("room") is None else self._room(f"{place}.room", fields["room"])
        meet_at = "" if fields.get("meet_at") is None else self._text(f"{place}.meet_at", fields["meet_at"]) or ""
        if starts_at is not None and ends_at is not None and ends_at <= starts_at:
            self._fault(f"{place}.ends_at", "must be later than starts_at")
        if identity is None or starts_at is None or ends_at is None:
            return None
        return Appointment(identity, starts_at, ends_at, room, meet_at)

    def _room(self, place: str, value: Any) -> Room | None:
        required = ("provider", "host", "alias", "display_name")
        fields = self._object(place, value, required=required, optional=("pin",))
        if fields is None:
            return None
        provider = self._field(fields, place, "provider", self._text)
        host = self._field(fields, place, "host", self._host)
        alias = self._field(fields, place, "alias", self._text)
        display_name = self._field(fields, place, "display_name", self._text)
        pin = None if fields.get("pin") is None else self._text(f"{place}.pin", fields["pin"])
        if provider is None or host is None or alias is None or display_name is None:
            return None
        return Room(provider, host, alias, pin, display_name)

    def _object(
        self, place: str, value: Any, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> Mapping[str, Any] | None:
        if not isinstance(value, dict):
            self._fault(place, "must be an object")
            return None
        prefix = f"{place}." if place else ""
        for name in required:
            if name not in value:
                self._fault(f"{prefix}{name}", "is missing")
        unknown = len(value.keys() - set(required) - set(optional))
        if unknown:
            # A key may be anything, even a name: it is counted, not told.
            allowed = ", ".join((*required, *optional))
            self._fault(place, f"has {unknown} key(s) that are not known (allowed: {allowed})")
        return value

    def _field(self, fields: Mapping[str, Any], place: str, name: str, read: Callable[[str, Any], Any]) -> Any:
        return read(f"{place}.{name}", fields[name]) if name in fields else None

    def _text(self, place: str, value: Any) -> str | None:
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
            self._fault(place, f"must be a text of 1 to {LONGEST_TEXT} characters")
            return None
        return value

    def _time(self, place: str, value: Any) -> datetime | None:
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            self._fault(place, "must be a time such as 2026-11-22T10:00:00+01:00")
            return None
        if moment.tzinfo is None:
            self._fault(place, "must say its offset from UTC, such as +01:00 or Z")
            return None
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            self._fault(place, "is no year that a clock can show")
            return None

    def _host(self, place: str, value: Any) -> str | None:
        try:
            parts = urlsplit(value) if isinstance(value, str) else None
            usable = (
                parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
            )
        except ValueError:
            usable = False
        if not usable or len(value) > LONGEST_TEXT:
            self._fault(place, "must be an address such as https://join.example.org")
            return None
        return str(value)

    def _fault(self, place: str, words: str) -> None:
        self.faults.append(f"{place or 'the document'} {words}")
