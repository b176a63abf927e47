"""How a visit begins, ends, and outlasts a restart of the terminal. Pure; part of update.py."""

from dataclasses import replace
from datetime import timedelta

from kiosk.clock import Moment
from kiosk.consultation import calls, timing
from kiosk.consultation.events import Interrupted
from kiosk.consultation.model import Appointment, EndReason, Room
from kiosk.consultation.names import as_shown
from kiosk.consultation.state import (
    Ended,
    Facts,
    Joining,
    LetterShown,
    Paused,
    Phone,
    Reconnecting,
    Remind,
    State,
    Visit,
)


def join(state: State, appointment: Appointment, now: Moment) -> State:
    if appointment.room is None:
        return state
    facts = replace(state.facts, visits=state.facts.visits + 1, attempts=state.facts.attempts + 1, mend=None)
    remaining_s = (timing.closes_at(appointment, facts) - now.wall) / timedelta(seconds=1)
    visit = Visit(
        id=facts.visits,
        appointment=appointment,
        room=as_shown(appointment.room, facts.policy),
        attempt=facts.attempts,
        until_s=now.monotonic_s + max(timing.VISIT_AT_LEAST_S, remaining_s),
    )
    return State(facts, Joining(visit, since_s=now.monotonic_s))


def end(state: State, visit: Visit, reason: EndReason, now: Moment) -> State:
    facts = replace(state.facts, finished=state.facts.finished | {visit.appointment.id})
    return State(facts, Ended(reason, since_s=now.monotonic_s))


def letter(facts: Facts, run: int, room: Room | None, now: Moment) -> LetterShown:
    """What a letter says, beside what the diary knows: the diary is the newer of the two."""
    if room is None:
        return LetterShown(now.monotonic_s, None)
    for appointment in sorted(facts.appointments, key=lambda each: each.starts_at):
        own = appointment.room
        if own is None or (own.host, own.alias) != (room.host, room.alias) or appointment.id in facts.finished:
            continue
        if now.wall < timing.closes_at(appointment, facts):
            early = now.wall < timing.arms_at(appointment, facts)
            meant = replace(appointment, room=replace(own, pin=own.pin or room.pin))
            return LetterShown(now.monotonic_s, meant, known=True, early=early)
    ends_at = now.wall + timedelta(seconds=timing.LETTER_OPEN_S)
    return LetterShown(now.monotonic_s, Appointment(f"letter-{run}", now.wall, ends_at, room))


def go_back(state: State, now: Moment) -> State:
    """Go back, without a press, into the visit that a restart of the terminal broke off, if its time is not over."""
    broken_off = state.facts.interrupted
    if broken_off is None:
        return state
    state = state.knowing(replace(state.facts, interrupted=None))
    match state.phase:
        case Remind(appointment=appointment) if appointment.id == broken_off.appointment_id:
            joined = join(_as_loud(state, broken_off.loudness), appointment, now)
            if isinstance(joined.phase, Joining):
                visit = joined.phase.visit
                return joined.to(Reconnecting(visit, since_s=now.monotonic_s, paused=broken_off.paused))
    return state


def _as_loud(state: State, level: int | None) -> State:
    """As before the restart, unless a key has been pressed since."""
    loudness = state.facts.loudness
    if level is None or loudness.turns:
        return state
    return state.knowing(replace(state.facts, loudness=replace(loudness, level=level)))


def remembered(state: State) -> Interrupted | None:
    """What must outlast a restart of the terminal: which visit it is in, and how loud it is there."""
    visit = calls.live_visit(state.phase)
    if visit is None or isinstance(state.phase, Phone):
        return None
    paused = isinstance(state.phase, Paused) or (isinstance(state.phase, Reconnecting) and state.phase.paused)
    return Interrupted(visit.appointment.id, paused, state.facts.loudness.level)
