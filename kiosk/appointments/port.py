"""Where appointments come from."""

from collections.abc import Sequence
from typing import Protocol

from kiosk.consultation.model import Appointment


class Appointments(Protocol):
    """One source. Foreign formats end in its driver."""

    every_s: float
    """How often to ask."""

    def read(self) -> Sequence[Appointment]:
        """All that are known now. Blocking, at most 20 s: worker thread. Raises AppointmentsUnavailable."""
