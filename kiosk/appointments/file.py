"""Appointments from a JSON file on the device, written by whoever brings the schedule there.

{"appointments": [{"id": "a1", "starts_at": "2026-03-04T10:00:00+01:00", "ends_at": "2026-03-04T10:30:00+01:00",
                   "room": {"host": "https://join.example.org", "alias": "123456", "display_name": "…"}}]}
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from kiosk.consultation.model import Appointment, Room
from kiosk.errors import AppointmentsUnavailable

SIZE_LIMIT_BYTES: Final = 1024 * 1024
LOOK_EVERY_S: Final = 10.0


@dataclass(frozen=True)
class _Room:
    host: str = field(repr=False)
    alias: str = field(repr=False)
    display_name: str = field(repr=False)
    pin: str | None = field(default=None, repr=False)
    provider: str = "pexip"


@dataclass(frozen=True)
class _Appointment:
    id: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    room: _Room | None = None


@dataclass(frozen=True)
class _Document:
    appointments: tuple[_Appointment, ...]


_ADAPTER: Final = TypeAdapter(_Document)


class FileAppointments:
    """Reads the whole file each time: it is small, and may be replaced at any moment."""

    every_s = LOOK_EVERY_S

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Sequence[Appointment]:
        """All in the file. Raises AppointmentsUnavailable, with every fault in it and no value of it."""
        try:
            with self._path.open("rb") as file:
                text = file.read(SIZE_LIMIT_BYTES + 1)
        except OSError as error:
            raise AppointmentsUnavailable(f"{self._path}: {error.strerror}") from error
        if len(text) > SIZE_LIMIT_BYTES:
            raise AppointmentsUnavailable(f"{self._path}: larger than {SIZE_LIMIT_BYTES} bytes")
        try:
            document = _ADAPTER.validate_json(text)
        except ValidationError as error:
            told = "; ".join(
                f"{'.'.join(str(part) for part in fault['loc']) or 'the file'}: {fault['msg']}"
                for fault in error.errors(include_input=False, include_context=False, include_url=False)
            )
            raise AppointmentsUnavailable(f"{self._path}: {told}") from None
        faults = list(_contradictions(document))
        if faults:
            raise AppointmentsUnavailable(f"{self._path}: {'; '.join(faults)}")
        return [_translated(each) for each in document.appointments]


def _contradictions(document: _Document) -> Iterator[str]:
    seen: set[str] = set()
    for number, each in enumerate(document.appointments):
        if each.ends_at <= each.starts_at:
            yield f"appointments.{number}.ends_at: not after starts_at"
        if each.id in seen:
            yield f"appointments.{number}.id: stands twice"
        seen.add(each.id)


def _translated(each: _Appointment) -> Appointment:
    room = None
    if each.room is not None:
        room = Room(each.room.provider, each.room.host, each.room.alias, each.room.pin, each.room.display_name)
    return Appointment(each.id, _utc(each.starts_at), _utc(each.ends_at), room)


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
