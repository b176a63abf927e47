"""Appointments that hands give."""

import threading
from collections.abc import Sequence
from typing import Final

from kiosk.consultation.model import Appointment
from kiosk.errors import AppointmentsUnavailable

LOOK_EVERY_S: Final = 0.2


class Simulation:
    """The clinic's schedule as hands know it. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._given: dict[str, Appointment] = {}
        self._broken = False

    def give(self, appointment: Appointment) -> None:
        """One more; one of the same id is replaced."""
        with self._lock:
            self._given[appointment.id] = appointment

    def clear(self) -> None:
        """All are cancelled."""
        with self._lock:
            self._given.clear()

    def fail(self, broken: bool) -> None:
        """The source is out of reach, or is back."""
        self._broken = broken

    def given(self) -> Sequence[Appointment]:
        """All there are. Raises AppointmentsUnavailable."""
        if self._broken:
            raise AppointmentsUnavailable("the simulated schedule is out of reach, as it was told to be")
        with self._lock:
            return tuple(self._given.values())


class SimulatedAppointments:
    """Reads what was given."""

    every_s = LOOK_EVERY_S

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def read(self) -> Sequence[Appointment]:
        """All that were given."""
        return self._simulation.given()
