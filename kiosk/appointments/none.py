"""No appointments at all: the terminal is for practice."""

from collections.abc import Sequence

from kiosk.consultation.model import Appointment


class NoAppointments:
    """Knows none."""

    every_s = 3600.0

    def read(self) -> Sequence[Appointment]:
        """None."""
        return ()
