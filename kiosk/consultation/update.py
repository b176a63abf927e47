"""The only place where the terminal's state changes: `update(state, event, now) -> state`.

Nothing here waits, reads a clock or touches the world. What must run follows from the state (activities.py), what is
shown follows from the state (view.py). Events that name an attempt count only while that attempt is the live one.
"""

from dataclasses import replace
from typing import assert_never

from kiosk.clock import Moment
from kiosk.consultation import calls, loudness, presses, resting, service, timing, visits
from kiosk.consultation.events import (
    Admitted,
    AppointmentsRead,
    ButtonPressed,
    CallConnected,
    CallEnded,
    CallLost,
    CameraSteered,
    CaptionHeard,
    DeviceFailed,
    DeviceWorks,
    Event,
    Examined,
    HealthChanged,
    JoinChecked,
    KeyMoved,
    LetterRead,
    LineMeasured,
    LoudspeakerOff,
    MediaBroken,
    MessageReceived,
    Moved,
    MutedByHost,
    NetworkChanged,
    PeopleChanged,
    RecordingChanged,
    RoomChecked,
    SelfCheckDone,
    SentToWaitingRoom,
    SlidesChanged,
    SomebodyJoined,
    SomebodySpeaks,
    Started,
    Tick,
    WifiTried,
)
from kiosk.consultation.model import Ailment, EndReason, Flaw
from kiosk.consultation.state import (
    Ended,
    Facts,
    InCall,
    Joining,
    LetterShown,
    Paused,
    Phone,
    Reconnecting,
    SelfCheck,
    Service,
    Starting,
    State,
    Waiting,
    WifiShown,
)


def update(state: State, event: Event, now: Moment) -> State:
    """What the terminal knows and does after `event`. Never raises."""
    match event:
        case Started(assigned=assigned, interrupted=interrupted, standing=standing):
            facts = replace(state.facts, assigned=assigned, interrupted=interrupted, standing=standing)
            if isinstance(state.phase, Starting):
                return State(facts, resting.rest(facts, now))
            return resting.settle(state.knowing(facts), now)
        case Tick():
            turned = loudness.tick(state.facts.loudness, now.monotonic_s)
            return resting.settle(_tick(state.knowing(replace(state.facts, loudness=turned)), now), now)
        case ButtonPressed():
            return presses.pressed(state, now)
        case KeyMoved():
            turned_to = replace(state.facts, loudness=presses.turned(state.facts, event, now))
            return state.knowing(turned_to if event.down else service.let_go(turned_to))
        case NetworkChanged(up=up):
            known = state.knowing(replace(state.facts, network_up=up))
            return resting.settle(calls.try_now(known) if up else known, now)
        case AppointmentsRead(appointments=appointments):
            ids = {appointment.id for appointment in appointments}
            facts = replace(
                state.facts,
                appointments=appointments,
                appointments_read=True,
                finished=state.facts.finished & ids,
                refusals=tuple(pair for pair in state.facts.refusals if pair[0] in ids),
            )
            return visits.go_back(resting.settle(state.knowing(facts), now), now)
        case DeviceFailed(device=device):
            facts = replace(state.facts, failed=state.facts.failed | {device})
            if isinstance(state.phase, SelfCheck):
                return State(facts, resting.rest(facts, now))
            return resting.settle(state.knowing(facts), now)
        case DeviceWorks(device=device):
            return resting.settle(state.knowing(replace(state.facts, failed=state.facts.failed - {device})), now)
        case Examined():
            return state.to(replace(state.phase, found=event)) if isinstance(state.phase, Service) else state
        case HealthChanged(ailments=ailments):
            return state.knowing(replace(state.facts, ailments=ailments))
        case SelfCheckDone(run=run, heard=heard, flaw=flaw):
            match state.phase:
                case SelfCheck(run=current, heard=None) if current == run:
                    return state.to(SelfCheck(run, now.monotonic_s, heard, flaw or _own_flaw(state.facts)))
            return state
        case JoinChecked(visit=number, flaw=flaw):
            visit = calls.live_visit(state.phase)
            if visit is None or visit.id != number:
                return state
            return _mending(state, flaw, now)
        case LetterRead(run=run, room=room, wifi=wifi):
            match state.phase:
                case SelfCheck(run=current, heard=None) if current == run and wifi is not None and room is None:
                    return state.to(WifiShown(run, now.monotonic_s, wifi))
                case SelfCheck(run=current, heard=None) if current == run:
                    return state.to(visits.letter(state.facts, run, room, now))
            return state
        case WifiTried(run=run, joined=joined, fault=fault):
            match state.phase:
                case WifiShown(run=current, trying=True) if current == run:
                    shown = replace(state.phase, since_s=now.monotonic_s, joined=joined, fault=fault, trying=False)
                    return state.to(resting.rest(state.facts, now) if joined else shown)
            return state
        case CallConnected() | Admitted() | SentToWaitingRoom() | PeopleChanged() | MutedByHost() | MessageReceived():
            return calls.heard_from_room(state, event, now)
        case SomebodyJoined() | CaptionHeard() | RecordingChanged() | SlidesChanged() | CameraSteered():
            return calls.heard_from_room(state, event, now)
        case LineMeasured() | LoudspeakerOff() | SomebodySpeaks():
            return calls.heard_from_room(state, event, now)
        case MediaBroken():
            return calls.broken(state, event, now)
        case Moved():
            return calls.moved(state, event, now)
        case RoomChecked(appointment_id=appointment_id, refusal=refusal):
            others = tuple(pair for pair in state.facts.refusals if pair[0] != appointment_id)
            refusals = others if refusal is None else (*others, (appointment_id, refusal))
            return state.knowing(replace(state.facts, refusals=refusals))
        case CallLost():
            return calls.lost(state, event, now)
        case CallEnded(attempt=attempt, reason=reason):
            visit = calls.live_visit(state.phase)
            if visit is None or visit.attempt != attempt:
                return state
            return visits.end(state, visit, reason, now)
        case _:
            assert_never(event)


def _own_flaw(facts: Facts) -> Flaw | None:
    """What of the machine's own ailments the patient can mend."""
    if Ailment.WEAK_POWER in facts.ailments:
        return Flaw.WEAK_POWER
    return Flaw.HOT if Ailment.HOT in facts.ailments else None


def _mending(state: State, flaw: Flaw | None, now: Moment) -> State:
    """What the patient is asked to mend."""
    if flaw is state.facts.mend:
        return state
    known = state.knowing(replace(state.facts, mend=flaw))
    return known.to(calls.mending(state.phase, flaw, now)) if isinstance(state.phase, Waiting) else known


def _tick(state: State, now: Moment) -> State:
    visit = calls.live_visit(state.phase)
    match state.phase:
        case Joining() | Waiting() | Reconnecting() | Phone() if visit and now.monotonic_s >= visit.until_s:
            return visits.end(state, visit, EndReason.TOO_LATE, now)
        case Joining() | Reconnecting() | Phone():
            return calls.tick(state, now)
        case Waiting():
            return state.to(calls.while_waiting(state.phase, state.facts.mend, now))
        case InCall():
            return state.to(calls.forget_old_words(state.phase, now))
        case Paused(since_s=since, asked_since_s=None):
            if now.monotonic_s >= since + state.facts.policy.pause_question_after_s:
                return state.to(replace(state.phase, asked_since_s=now.monotonic_s))
        case Paused(asked_since_s=float(asked), held=held):
            if now.monotonic_s >= timing.pause_ends_at_s(asked, held.visit, state.facts.policy):
                return visits.end(state, held.visit, EndReason.LEFT_AFTER_PAUSE, now)
        case Service(since_s=since):
            if now.monotonic_s >= since + timing.SERVICE_STANDS_S:
                return state.to(resting.rest(state.facts, now))
        case SelfCheck(run=run, since_s=since, heard=None):
            if now.monotonic_s >= since + timing.CHECK_RUNS_AT_MOST_S:
                return state.to(SelfCheck(run, now.monotonic_s, heard=False))
        case SelfCheck(since_s=since):
            if now.monotonic_s >= since + timing.CHECK_RESULT_STANDS_S:
                return state.to(resting.rest(state.facts, now))
        case LetterShown(since_s=since) | WifiShown(since_s=since, trying=False):
            if now.monotonic_s >= since + timing.LETTER_STANDS_S:
                return state.to(resting.rest(state.facts, now))
        case WifiShown(since_s=since):
            if now.monotonic_s >= since + timing.WIFI_TAKES_AT_MOST_S:
                return state.to(replace(state.phase, since_s=now.monotonic_s, joined=False, trying=False))
        case Ended(since_s=since):
            if now.monotonic_s >= since + timing.ENDED_STANDS_S:
                return state.to(resting.rest(state.facts, now))
    return state
