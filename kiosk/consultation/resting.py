"""What a terminal does with nobody in a consultation or a practice test. Pure; part of update.py."""

from kiosk.clock import Moment
from kiosk.consultation import timing
from kiosk.consultation.model import Appointment
from kiosk.consultation.state import (
    Facts,
    Fault,
    Idle,
    NoNetwork,
    Phase,
    Remind,
    Scheduled,
    State,
    Unassigned,
)


def rest(facts: Facts, now: Moment) -> Phase:
    """The phase of a terminal with nobody in a consultation or a practice test."""
    if not facts.assigned:
        return Unassigned()
    if facts.failed:
        return Fault(min(facts.failed, key=lambda device: device.value))
    if not facts.network_up:
        return NoNetwork()
    appointment = _next_appointment(facts, now)
    if appointment is None:
        return Idle()
    armed = timing.arms_at(appointment, facts) <= now.wall and not appointment.meet_at
    if not armed:
        return Scheduled(appointment)
    return Remind(appointment, calls=sum(at <= now.wall for at in timing.calls_at(appointment)))


def settle(state: State, now: Moment) -> State:
    """Let a resting terminal follow its facts; whatever else it is doing goes on."""
    match state.phase:
        case NoNetwork(asked_at_s=float(asked)) if now.monotonic_s < asked + timing.LOOKING_AGAIN_S:
            return state if isinstance(rest(state.facts, now), NoNetwork) else state.to(rest(state.facts, now))
        case NoNetwork() | Unassigned() | Idle() | Scheduled() | Remind() | Fault():
            return state.to(rest(state.facts, now))
        case _:
            return state


def _next_appointment(facts: Facts, now: Moment) -> Appointment | None:
    coming = [
        appointment
        for appointment in facts.appointments
        if appointment.id not in facts.finished and now.wall < timing.closes_at(appointment, facts)
    ]
    return min(coming, key=lambda appointment: (appointment.starts_at, appointment.id), default=None)
