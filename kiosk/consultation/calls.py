"""How a visit comes about, breaks and comes back. Part of update.py, which alone calls it."""

from dataclasses import replace
from datetime import timedelta

from kiosk.clock import Moment
from kiosk.consultation import line, timing
from kiosk.consultation.events import (
    Admitted,
    CallConnected,
    CallLost,
    CameraSteered,
    CaptionHeard,
    LineMeasured,
    LoudspeakerOff,
    MediaBroken,
    MessageReceived,
    Moved,
    MutedByHost,
    PeopleChanged,
    RecordingChanged,
    SentToWaitingRoom,
    SlidesChanged,
    SomebodyJoined,
    SomebodySpeaks,
)
from kiosk.consultation.model import Flaw, LossReason, Policy
from kiosk.consultation.state import InCall, Joining, Paused, Phase, Phone, Reconnecting, State, Visit, Waiting

FromRoom = (
    CallConnected
    | Admitted
    | SentToWaitingRoom
    | PeopleChanged
    | MutedByHost
    | MessageReceived
    | SomebodyJoined
    | CaptionHeard
    | RecordingChanged
    | SlidesChanged
    | CameraSteered
    | LineMeasured
    | LoudspeakerOff
    | SomebodySpeaks
)


def live_visit(phase: Phase) -> Visit | None:
    """The visit that goes on in this phase, connected or not."""
    match phase:
        case Joining(visit=visit) | Waiting(visit=visit) | InCall(visit=visit):
            return visit
        case Reconnecting(visit=visit) | Phone(visit=visit):
            return visit
        case Paused(held=held):
            return held.visit
        case _:
            return None


def next_attempt(state: State, visit: Visit) -> tuple[State, Visit]:
    """The same visit under a fresh attempt number."""
    facts = replace(state.facts, attempts=state.facts.attempts + 1)
    return state.knowing(facts), replace(visit, attempt=facts.attempts)


def try_now(state: State) -> State:
    """Do not wait for the next try; a try that runs goes on."""
    match state.phase:
        case Joining(visit=visit, retry_at_s=float()) | Reconnecting(visit=visit, retry_at_s=float()):
            known, visit = next_attempt(state, visit)
            return known.to(replace(state.phase, visit=visit, retry_at_s=None))
        case Phone(visit=visit, retry_at_s=float(), refusal=None):
            known, visit = next_attempt(state, visit)
            return known.to(replace(state.phase, visit=visit, retry_at_s=None, again_at=None))
        case _:
            return state


def heard_from_room(state: State, event: FromRoom, now: Moment) -> State:
    """News of a connection, if it is the live one."""
    phase = state.phase
    visit = live_visit(phase)
    if visit is None or visit.attempt != event.attempt:
        return state
    match phase, event:
        case ((Joining() | Reconnecting() | Phone()), CallConnected(waiting=waiting)) if _tries(phase):
            held = Waiting(visit, now.monotonic_s) if waiting else _meet(visit, now)
            unseen = isinstance(phase, Phone) or (isinstance(phase, Reconnecting) and phase.paused)
            return state.to(Paused(held, since_s=now.monotonic_s) if unseen else held)
        case Paused(held=held), _:
            return state.to(replace(phase, held=_in_room(held, event, now, state.facts.policy)))
        case ((Waiting() | InCall()), _):
            return state.to(_in_room(phase, event, now, state.facts.policy))
        case _:
            return state


def _tries(phase: Joining | Reconnecting | Phone) -> bool:
    """A try to connect is under way. After a refusal none is, and a late word of that call counts for nothing."""
    return phase.retry_at_s is None and not (isinstance(phase, Phone) and phase.refusal is not None)


def _meet(visit: Visit, now: Moment) -> InCall:
    """In the consultation: everybody says who they are, once in a visit."""
    until_s = 0.0 if visit.has_met else now.monotonic_s + timing.INTRODUCTION_STANDS_S
    return InCall(replace(visit, has_met=True), since_s=now.monotonic_s, introduce_until_s=until_s)


def _in_room(held: Waiting | InCall, event: FromRoom, now: Moment, policy: Policy) -> Waiting | InCall:
    match held, event:
        case Waiting(visit=visit), Admitted():
            return replace(_meet(visit, now), line=held.line, loudspeaker_off=held.loudspeaker_off)
        case InCall(visit=visit), SentToWaitingRoom():
            return Waiting(visit, now.monotonic_s, line=held.line, loudspeaker_off=held.loudspeaker_off)
        case _, LineMeasured(incoming=incoming, outgoing=outgoing):
            return replace(held, line=line.measured(held.line, incoming, outgoing, now.monotonic_s))
        case _, LoudspeakerOff(off=off):
            return replace(held, loudspeaker_off=off)
        case InCall(), PeopleChanged(people=people):
            return replace(held, people=people)
        case InCall(), MutedByHost(muted=muted):
            return replace(held, muted_by_host=muted)
        case Waiting(), MessageReceived(text=text):
            return replace(held, message=text)
        case InCall(), MessageReceived(text=text) if _asks_for_card(text, policy):
            until_s = 0.0 if held.identify_until_s else now.monotonic_s + timing.IDENTIFICATION_STANDS_S
            return replace(held, identify_until_s=until_s)
        case InCall(), MessageReceived(text=text):
            held = replace(held, identify_until_s=0.0)
            return replace(held, message=text, message_until_s=now.monotonic_s + timing.message_stands_s(text))
        case InCall(), SomebodyJoined(name=name):
            until_s = now.monotonic_s + timing.ARRIVAL_STANDS_S
            return replace(held, arrivals=held.arrivals + 1, arrived=name, arrived_until_s=until_s)
        case InCall(), CaptionHeard(text=text):
            return replace(held, caption=text, caption_until_s=now.monotonic_s + timing.CAPTION_STANDS_S)
        case InCall(), RecordingChanged(on=on):
            return replace(held, recorded=on)
        case InCall(), SomebodySpeaks(on=on):
            return replace(held, speaks=on)
        case InCall(), SlidesChanged(shown=shown):
            return replace(held, slides=shown)
        case InCall(), CameraSteered(on=on):
            return replace(held, steered=on)
        case _:
            return held


def _asks_for_card(text: str, policy: Policy) -> bool:
    return bool(policy.identify_word) and text.strip().casefold() == policy.identify_word.casefold()


def forget_old_words(call: InCall, now: Moment) -> InCall:
    """Take from the screen what has stood long enough."""
    if call.introduce_until_s and now.monotonic_s >= call.introduce_until_s:
        call = replace(call, introduce_until_s=0.0)
    if call.identify_until_s and now.monotonic_s >= call.identify_until_s:
        call = replace(call, identify_until_s=0.0)
    if call.message and now.monotonic_s >= call.message_until_s:
        call = replace(call, message="")
    if call.arrived and now.monotonic_s >= call.arrived_until_s:
        call = replace(call, arrived="")
    if call.caption and now.monotonic_s >= call.caption_until_s:
        call = replace(call, caption="")
    return replace(call, line=line.settled(call.line, now.monotonic_s))


def while_waiting(wait: Waiting, mend: Flaw | None, now: Moment) -> Waiting:
    """The next sentence, when the present one has stood long enough; the next comfort, when it is time for it; once
    in a visit, what there is to mend."""
    if now.monotonic_s >= wait.since_s + timing.comfort_after_s(wait.comforts):
        wait = replace(wait, comforts=wait.comforts + 1, asks=None)
    if now.monotonic_s >= timing.rule_ends_at_s(wait):
        wait = replace(wait, told=wait.told + 1, told_at_s=now.monotonic_s)
    return _asking(replace(wait, line=line.settled(wait.line, now.monotonic_s)), mend, now)


def mending(wait: Waiting, mend: Flaw | None, now: Moment) -> Waiting:
    """Something else is to be mended, and is the next sentence; or nothing is any more."""
    return _asking(replace(wait, told=0, told_at_s=now.monotonic_s), mend, now)


def _asking(wait: Waiting, mend: Flaw | None, now: Moment) -> Waiting:
    """Ask aloud for what was not asked for before; what is mended is not asked for any more."""
    at_s = timing.asks_at_s(wait, mend)
    if mend is not None and at_s is not None and now.monotonic_s >= at_s:
        return replace(wait, visit=replace(wait.visit, asked=wait.visit.asked | {mend}), asks=mend)
    return wait if wait.asks is mend else replace(wait, asks=None)


def broken(state: State, event: MediaBroken, now: Moment) -> State:
    """Nothing is seen or heard any more; the attempt that goes on mends it by itself."""
    visit = live_visit(state.phase)
    match state.phase:
        case (Waiting() | InCall() | Paused()) as phase if visit is not None and visit.attempt == event.attempt:
            return state.to(Reconnecting(visit, now.monotonic_s, paused=isinstance(phase, Paused)))
        case _:
            return state


def moved(state: State, event: Moved, now: Moment) -> State:
    """The clinic transfers us: the same visit goes on in another room, without a press."""
    visit = live_visit(state.phase)
    if visit is None or visit.attempt != event.attempt:
        return state
    paused = isinstance(state.phase, Paused) or (isinstance(state.phase, Reconnecting) and state.phase.paused)
    state, visit = next_attempt(state, replace(visit, room=event.room))
    return state.to(Reconnecting(visit, now.monotonic_s, paused=paused))


def lost(state: State, event: CallLost, now: Moment) -> State:
    """The live connection broke, or a try failed: plan the next one, or hand over to the telephone."""
    phase = state.phase
    visit = live_visit(phase)
    if visit is None or visit.attempt != event.attempt:
        return state
    if event.reason is LossReason.REFUSED:
        return state.to(Phone(visit, now.monotonic_s, refusal=event.refusal))
    match phase:
        case Waiting() | InCall() | Paused():
            state, visit = next_attempt(state, visit)
            return state.to(Reconnecting(visit, now.monotonic_s, paused=isinstance(phase, Paused)))
        case Joining() | Reconnecting() if _tries(phase):
            retry_at_s = now.monotonic_s + timing.retry_after_s(phase.tries, event.spread)
            return state.to(replace(phase, tries=phase.tries + 1, retry_at_s=retry_at_s))
        case Phone() if _tries(phase):
            wait_s = timing.retry_after_s(phase.tries, event.spread, timing.RETRY_LONGEST_ON_PHONE_S)
            return state.to(_try_later(replace(phase, tries=phase.tries + 1), now.monotonic_s + wait_s, now))
        case _:
            return state


def _try_later(card: Phone, retry_at_s: float | None, now: Moment) -> Phone:
    again_at = None if retry_at_s is None else now.wall + timedelta(seconds=retry_at_s - now.monotonic_s)
    return replace(card, retry_at_s=retry_at_s, again_at=again_at)


def tick(state: State, now: Moment) -> State:
    """Start a try whose time has come; give up hope on the screen, not in fact, when it took too long."""
    match state.phase:
        case Joining(since_s=since) | Reconnecting(since_s=since) as phase:
            if now.monotonic_s >= since + state.facts.policy.reconnect_for_s:
                card = Phone(phase.visit, now.monotonic_s, refusal=None, tries=phase.tries)
                state = state.to(_try_later(card, phase.retry_at_s, now))
    match state.phase:
        case Joining(retry_at_s=float(at)) | Reconnecting(retry_at_s=float(at)) | Phone(retry_at_s=float(at)):
            if now.monotonic_s >= at:
                return try_now(state)
    return state
