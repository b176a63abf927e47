"""Appointments of a JSON document on disk (kiosk.appointments.document)."""

from collections.abc import Sequence
from typing import Final

from kiosk.appointments.document import parse
from kiosk.appointments.whole_file import read_whole
from kiosk.consultation.model import Appointment
from kiosk.errors import AppointmentsUnavailable

MOST_BYTES: Final = 1_000_000


class FileAppointments:
    """Read anew each time: whoever writes the document replaces it as a whole (rename)."""

    def __init__(self, path: str, every_s: float) -> None:
        self.every_s = every_s
        self._path = path

    def read(self) -> Sequence[Appointment]:
        if not self._path:
            raise AppointmentsUnavailable("no file is named; set [appointments] path")
        content = read_whole(self._path, MOST_BYTES)
        try:
            return parse(content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise AppointmentsUnavailable(f"{self._path} is not UTF-8, from byte {error.start} on") from None
        except AppointmentsUnavailable as error:
            raise AppointmentsUnavailable(f"{self._path}: {error}") from None
