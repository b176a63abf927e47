"""The newest that is known of the appointments, while their source does not answer.

An outage on the morning of the appointment costs nothing: what was known stands, room and all. But a clinic that
cannot be asked may have given the room to somebody else: after `trust_rooms_s` without an answer the hours stand and
their rooms do not, and the patient is asked to ring. All of it is in memory only; a restart of the terminal it outlives
where `kept` is given.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from kiosk.appointments.kept import KeptAppointments
from kiosk.appointments.port import Appointments
from kiosk.clock import Clock, system_clock
from kiosk.consultation.model import Appointment, Room
from kiosk.errors import AppointmentsUnavailable

log = logging.getLogger(__name__)


class KnownAppointments:
    """A source that remembers what the other one said, and puts the standing room where it names none."""

    def __init__(
        self,
        source: Appointments,
        trust_rooms_s: float,
        standing_room: Room | None = None,
        clock: Clock = system_clock,
        kept: KeptAppointments | None = None,
    ) -> None:
        self._source = source
        self._trust_rooms_s = trust_rooms_s
        self._standing_room = standing_room
        self._clock = clock
        self._kept = kept
        self._known: tuple[Appointment, ...] | None = None
        self._known_at_s = 0.0
        self._told: str | None = None

    @property
    def every_s(self) -> float:
        return self._source.every_s

    def read(self) -> Sequence[Appointment]:
        now_s = self._clock().monotonic_s
        try:
            known = tuple(self._source.read())
        except AppointmentsUnavailable as error:
            self._remember(now_s)
            return self._old(error, now_s - self._known_at_s)
        if self._told is not None:
            log.info("The source of appointments answers again")
        self._told = None
        self._known_at_s = now_s
        if (room := self._standing_room) is not None:
            known = tuple(replace(each, room=each.room or room) for each in known)
        self._known = known
        if self._kept is not None:
            self._kept.keep(known, now_s)
        return known

    def _remember(self, now_s: float) -> None:
        """What was known before the terminal was restarted."""
        if self._known is None and self._kept is not None and (found := self._kept.read(now_s)) is not None:
            self._known, self._known_at_s = found

    def _old(self, error: AppointmentsUnavailable, age_s: float) -> Sequence[Appointment]:
        if self._known is None:
            raise error
        trusted = age_s < self._trust_rooms_s
        rooms = "their rooms too" if trusted else "their rooms are withheld, the patient is asked to ring"
        # Once when it begins, once when the rooms go, and once an hour the age: it is the clinic that must act.
        told = f"{rooms}, {age_s // 3600:.0f} h"
        if told != self._told:
            log.warning("%s; the appointments of %.0f minutes ago stand, %s", error, age_s / 60, rooms)
        self._told = told
        return self._known if trusted else tuple(replace(each, room=None) for each in self._known)
