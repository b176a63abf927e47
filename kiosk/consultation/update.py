"""The only place where the terminal's state changes: `update(state, event, now) -> state`.

Nothing here waits, reads a clock or touches the world. What must run follows from the state (activities.py), what is
shown follows from the state (view.py). Events that name an attempt count only while that attempt is the live one.
"""

from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from kiosk.clock import Moment
from kiosk.consultation import calls, loudness, service, timing
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
    Interrupted,
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
    Started,
    Tick,
    WifiTried,
)
from kiosk.consultation.model import Ailment, Appointment, EndReason, Flaw, Room
from kiosk.consultation.names import as_shown
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
    Phase,
    Phone,
    Reconnecting,
    Remind,
    Scheduled,
    SelfCheck,
    Service,
    Starting,
    State,
    Unassigned,
    Visit,
    Waiting,
    WifiShown,
)


def update(state: State, event: Event, now: Moment) -> State:
    """What the terminal knows and does after `event`. Never raises."""
    match event:
        case Started(assigned=assigned, interrupted=interrupted, standing=standing):
            facts = replace(state.facts, assigned=assigned, interrupted=interrupted, standing=standing)
            if isinstance(state.phase, Starting):
                return State(facts, rest(facts, now))
            return _settle(state.knowing(facts), now)
        case Tick():
            turned = loudness.tick(state.facts.loudness, now.monotonic_s)
            return _settle(_tick(state.knowing(replace(state.facts, loudness=turned)), now), now)
        case ButtonPressed():
            return _guarded_press(state, now)
        case KeyMoved():
            turned_to = replace(state.facts, loudness=_turned(state.facts, event, now))
            return state.knowing(turned_to if event.down else service.let_go(turned_to))
        case NetworkChanged(up=up):
            known = state.knowing(replace(state.facts, network_up=up))
            return _settle(calls.try_now(known) if up else known, now)
        case AppointmentsRead(appointments=appointments):
            ids = {appointment.id for appointment in appointments}
            facts = replace(
                state.facts,
                appointments=appointments,
                appointments_read=True,
                finished=state.facts.finished & ids,
                refusals=tuple(pair for pair in state.facts.refusals if pair[0] in ids),
            )
            return _return(_settle(state.knowing(facts), now), now)
        case DeviceFailed(device=device):
            facts = replace(state.facts, failed=state.facts.failed | {device})
            if isinstance(state.phase, SelfCheck):
                return State(facts, rest(facts, now))
            return _settle(state.knowing(facts), now)
        case DeviceWorks(device=device):
            return _settle(state.knowing(replace(state.facts, failed=state.facts.failed - {device})), now)
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
            return state.knowing(replace(state.facts, mend=flaw))
        case LetterRead(run=run, room=room, wifi=wifi):
            match state.phase:
                case SelfCheck(run=current, heard=None) if current == run and wifi is not None and room is None:
                    return state.to(WifiShown(run, now.monotonic_s, wifi))
                case SelfCheck(run=current, heard=None) if current == run:
                    return state.to(_letter(state.facts, run, room, now))
            return state
        case WifiTried(run=run, joined=joined, fault=fault):
            match state.phase:
                case WifiShown(run=current, trying=True) if current == run:
                    shown = replace(state.phase, since_s=now.monotonic_s, joined=joined, fault=fault, trying=False)
                    return state.to(rest(state.facts, now) if joined else shown)
            return state
        case CallConnected() | Admitted() | SentToWaitingRoom() | PeopleChanged() | MutedByHost() | MessageReceived():
            return calls.heard_from_room(state, event, now)
        case SomebodyJoined() | CaptionHeard() | RecordingChanged() | SlidesChanged() | CameraSteered():
            return calls.heard_from_room(state, event, now)
        case LineMeasured() | LoudspeakerOff():
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
            return _end(state, visit, reason, now)
        case _:
            assert_never(event)


def _own_flaw(facts: Facts) -> Flaw | None:
    """What of the machine's own ailments the patient can mend."""
    if Ailment.WEAK_POWER in facts.ailments:
        return Flaw.WEAK_POWER
    return Flaw.HOT if Ailment.HOT in facts.ailments else None


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


def _next_appointment(facts: Facts, now: Moment) -> Appointment | None:
    coming = [
        appointment
        for appointment in facts.appointments
        if appointment.id not in facts.finished and now.wall < timing.closes_at(appointment, facts)
    ]
    return min(coming, key=lambda appointment: (appointment.starts_at, appointment.id), default=None)


def _settle(state: State, now: Moment) -> State:
    """Let a resting terminal follow its facts; whatever else it is doing goes on."""
    match state.phase:
        case NoNetwork(asked_at_s=float(asked)) if now.monotonic_s < asked + timing.LOOKING_AGAIN_S:
            return state if isinstance(rest(state.facts, now), NoNetwork) else state.to(rest(state.facts, now))
        case NoNetwork() | Unassigned() | Idle() | Scheduled() | Remind() | Fault():
            return state.to(rest(state.facts, now))
        case _:
            return state


def _guarded_press(state: State, now: Moment) -> State:
    """One act for one press: a press soon after another is a tremor, and puts off the next that counts."""
    before = state.facts.pressed_at_s
    state = state.knowing(replace(state.facts, pressed_at_s=now.monotonic_s))
    if before is not None and 0 <= now.monotonic_s - before < state.facts.policy.press_guard_s:
        return state
    return service.pressed(state, before, now) if service.is_begun(state) else _press(state, now)


def _turned(facts: Facts, moved: KeyMoved, now: Moment) -> loudness.Loudness:
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
            return _settle(state.to(NoNetwork(asked_at_s=now.monotonic_s)), now)
        case Idle() | Scheduled() | Fault() | Remind(appointment=Appointment(room=None)):
            return _check(state, now)
        case Remind(appointment=appointment):
            return _join(state, appointment, now)
        case LetterShown(appointment=Appointment() as appointment, early=False):
            return _join(state, appointment, now)
        case WifiShown(joined=None, trying=False):
            return state.to(replace(state.phase, since_s=now.monotonic_s, trying=True))
        case WifiShown(trying=True):
            return state
        case SelfCheck() | LetterShown() | WifiShown() | Service():
            return state.to(rest(state.facts, now))
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
            return state.to(rest(state.facts, now)) if late else state
        case _:
            assert_never(state.phase)


def _check(state: State, now: Moment) -> State:
    facts = replace(state.facts, checks=state.facts.checks + 1)
    return State(facts, SelfCheck(run=facts.checks, since_s=now.monotonic_s))


def _join(state: State, appointment: Appointment, now: Moment) -> State:
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


def _letter(facts: Facts, run: int, room: Room | None, now: Moment) -> LetterShown:
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


def _return(state: State, now: Moment) -> State:
    """Go back, without a press, into the visit that a restart of the terminal broke off, if its time is not over."""
    broken_off = state.facts.interrupted
    if broken_off is None:
        return state
    state = state.knowing(replace(state.facts, interrupted=None))
    match state.phase:
        case Remind(appointment=appointment) if appointment.id == broken_off.appointment_id:
            joined = _join(state, appointment, now)
            if isinstance(joined.phase, Joining):
                visit = joined.phase.visit
                return joined.to(Reconnecting(visit, since_s=now.monotonic_s, paused=broken_off.paused))
    return state


def remembered(state: State) -> Interrupted | None:
    """What must outlast a restart of the terminal: which visit it is in."""
    match state.phase:
        case Phone():
            return None
        case Paused(held=held):
            return Interrupted(held.visit.appointment.id, paused=True)
        case Reconnecting(visit=visit, paused=paused):
            return Interrupted(visit.appointment.id, paused)
        case _:
            visit_ = calls.live_visit(state.phase)
            return None if visit_ is None else Interrupted(visit_.appointment.id, paused=False)


def _tick(state: State, now: Moment) -> State:
    visit = calls.live_visit(state.phase)
    match state.phase:
        case Joining() | Waiting() | Reconnecting() | Phone() if visit and now.monotonic_s >= visit.until_s:
            return _end(state, visit, EndReason.TOO_LATE, now)
        case Joining() | Reconnecting() | Phone():
            return calls.tick(state, now)
        case Waiting():
            return state.to(calls.while_waiting(state.phase, now))
        case InCall():
            return state.to(calls.forget_old_words(state.phase, now))
        case Paused(since_s=since, asked_since_s=None):
            if now.monotonic_s >= since + state.facts.policy.pause_question_after_s:
                return state.to(replace(state.phase, asked_since_s=now.monotonic_s))
        case Paused(asked_since_s=float(asked), held=held):
            if now.monotonic_s >= timing.pause_ends_at_s(asked, held.visit, state.facts.policy):
                return _end(state, held.visit, EndReason.LEFT_AFTER_PAUSE, now)
        case Service(since_s=since):
            if now.monotonic_s >= since + timing.SERVICE_STANDS_S:
                return state.to(rest(state.facts, now))
        case SelfCheck(run=run, since_s=since, heard=None):
            if now.monotonic_s >= since + timing.CHECK_RUNS_AT_MOST_S:
                return state.to(SelfCheck(run, now.monotonic_s, heard=False))
        case SelfCheck(since_s=since):
            if now.monotonic_s >= since + timing.CHECK_RESULT_STANDS_S:
                return state.to(rest(state.facts, now))
        case LetterShown(since_s=since) | WifiShown(since_s=since, trying=False):
            if now.monotonic_s >= since + timing.LETTER_STANDS_S:
                return state.to(rest(state.facts, now))
        case WifiShown(since_s=since):
            if now.monotonic_s >= since + timing.WIFI_TAKES_AT_MOST_S:
                return state.to(replace(state.phase, since_s=now.monotonic_s, joined=False, trying=False))
        case Ended(since_s=since):
            if now.monotonic_s >= since + timing.ENDED_STANDS_S:
                return state.to(rest(state.facts, now))
    return state


def _end(state: State, visit: Visit, reason: EndReason, now: Moment) -> State:
    facts = replace(state.facts, finished=state.facts.finished | {visit.appointment.id})
    return State(facts, Ended(reason, since_s=now.monotonic_s))
