"""No source: a terminal that is lent to nobody."""

from collections.abc import Sequence

from kiosk.consultation.model import Appointment


class NoAppointments:
    """Never any."""

    def __init__(self, every_s: float) -> None:
        self.every_s = every_s

    def read(self) -> Sequence[Appointment]:
        return ()
