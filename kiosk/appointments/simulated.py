"""Appointments that are given by hand, and a source that can be switched off."""

import threading
from collections.abc import Sequence

from kiosk.consultation.model import Appointment
from kiosk.errors import AppointmentsUnavailable


class Simulation:
    """The clinic's diary as hands know it. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._appointments: dict[str, Appointment] = {}
        self._failing = False

    def give(self, appointment: Appointment) -> None:
        """One more; one of the same id is replaced."""
        with self._lock:
            self._appointments[appointment.id] = appointment

    def clear(self) -> None:
        """None any more."""
        with self._lock:
            self._appointments.clear()

    def fail(self, failing: bool) -> None:
        """Give no answer; or answer again."""
        with self._lock:
            self._failing = failing

    def known(self) -> Sequence[Appointment]:
        """All. Raises AppointmentsUnavailable while failing."""
        with self._lock:
            if self._failing:
                raise AppointmentsUnavailable("the simulated source of appointments was told to fail")
            return tuple(self._appointments.values())


class SimulatedAppointments:
    """Whatever the simulation knows."""

    def __init__(self, every_s: float, simulation: Simulation) -> None:
        self.every_s = every_s
        self._simulation = simulation

    def read(self) -> Sequence[Appointment]:
        return self._simulation.known()
