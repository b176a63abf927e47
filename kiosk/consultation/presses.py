"""What a press does, and a key for loudness. Pure; part of update.py."""

from dataclasses import replace
from typing import assert_never

from kiosk.clock import Moment
from kiosk.consultation import calls, loudness, resting, service, timing, visits
from kiosk.consultation.events import KeyMoved
from kiosk.consultation.model import Appointment
from kiosk.consultation.state import (
    Ended,
    Facts,
    Fault,
    Idle,
    InCall,
    Joining,
    LetterShown,
    NoNetwork,
    Paused,
    Phone,
    Reconnecting,
    Remind,
    Scheduled,
    SelfCheck,
    Service,
    Starting,
    State,
    Unassigned,
    Waiting,
    WifiShown,
)


def pressed(state: State, now: Moment) -> State:
    """One act for one press: a press soon after another is a tremor, and puts off the next that counts."""
    before = state.facts.pressed_at_s
    state = state.knowing(replace(state.facts, pressed_at_s=now.monotonic_s))
    if before is not None and 0 <= now.monotonic_s - before < state.facts.policy.press_guard_s:
        return state
    return service.pressed(state, before, now) if service.is_begun(state) else _press(state, now)


def turned(facts: Facts, moved: KeyMoved, now: Moment) -> loudness.Loudness:
    if not moved.down:
        return loudness.key_up(facts.loudness, moved.key)
    return loudness.key_down(facts.loudness, moved.key, facts.policy.press_guard_s, now.monotonic_s)


def _press(state: State, now: Moment) -> State:
    match state.phase:
        case Starting() | Unassigned() | Joining():
            return state
        case NoNetwork(asked_at_s=float()):
            # The cable did not help: the camera opens, and may be shown the code of a wireless network.
            return _check(state, now)
        case NoNetwork():
            return resting.settle(state.to(NoNetwork(asked_at_s=now.monotonic_s)), now)
        case Idle() | Scheduled() | Fault() | Remind(appointment=Appointment(room=None)):
            return _check(state, now)
        case Remind(appointment=appointment):
            return visits.join(state, appointment, now)
        case LetterShown(appointment=Appointment() as appointment, early=False):
            return visits.join(state, appointment, now)
        case WifiShown(joined=None, trying=False):
            return state.to(replace(state.phase, since_s=now.monotonic_s, trying=True))
        case WifiShown(trying=True):
            return state
        case SelfCheck() | LetterShown() | WifiShown() | Service():
            return state.to(resting.rest(state.facts, now))
        case Waiting() | InCall():
            return state.to(Paused(held=state.phase, since_s=now.monotonic_s))
        case Paused(held=held):
            return state.to(held)
        case Reconnecting():
            return calls.try_now(state)
        case Phone(visit=visit):
            state, visit = calls.next_attempt(state, visit)
            return state.to(Joining(visit, since_s=now.monotonic_s))
        case Ended(since_s=since):
            late = now.monotonic_s >= since + timing.ENDED_DEAF_S
            return state.to(resting.rest(state.facts, now)) if late else state
        case _:
            assert_never(state.phase)


def _check(state: State, now: Moment) -> State:
    facts = replace(state.facts, checks=state.facts.checks + 1)
    return State(facts, SelfCheck(run=facts.checks, since_s=now.monotonic_s))
