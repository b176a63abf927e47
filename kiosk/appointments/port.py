"""Where appointments come from."""

from collections.abc import Sequence
from typing import Protocol

from kiosk.consultation.model import Appointment


class Appointments(Protocol):
    """One source. Foreign formats end in its driver."""

    @property
    def every_s(self) -> float:
        """How long to wait before the next reading; a source that has failed may want another time."""

    def read(self) -> Sequence[Appointment]:
        """All that are known now. Blocking, at most 25 s: worker thread. Raises AppointmentsUnavailable."""
