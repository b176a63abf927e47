"""Every time that the core counts, and when a state must be looked at again."""

from datetime import datetime, timedelta
from typing import Final

from kiosk.consultation import line
from kiosk.consultation.model import Appointment, Flaw, Policy
from kiosk.consultation.state import (
    Ended,
    Facts,
    InCall,
    Joining,
    LetterShown,
    NoNetwork,
    Paused,
    Phone,
    Reconnecting,
    SelfCheck,
    Service,
    State,
    Visit,
    Waiting,
    WifiShown,
)

REMIND_AGAIN_S: Final = (5 * 60.0, 0.0)
"""So long before the appointment the patient is told again, aloud, that she may press."""
CHECK_RUNS_AT_MOST_S: Final = 40.0
"""A practice test that has not ended by itself by then is ended."""
SERVICE_STANDS_S: Final = 180.0
"""A technician who has gone away leaves nothing on the screen."""
CHECK_RESULT_STANDS_S: Final = 15.0
LETTER_STANDS_S: Final = 60.0
"""So long a letter that was read waits for its press."""
LETTER_OPEN_S: Final = 30 * 60.0
"""A letter names no hour: its appointment begins when it is read, and ends so much later."""
WIFI_TAKES_AT_MOST_S: Final = 60.0
"""A wireless network that has not taken us in by then does not."""
ENDED_DEAF_S: Final = 10.0
"""So long a press on the ended screen does nothing: hands are often late."""
ENDED_STANDS_S: Final = 30.0
LOOKING_AGAIN_S: Final = 3.0
"""How long "looking again" stands after a press without a network."""
MESSAGE_BASE_S: Final = 20.0
MESSAGE_WORD_S: Final = 0.6
"""A message from the clinic stays 20 s and 0.6 s for each word."""
ARRIVAL_STANDS_S: Final = 8.0
"""How long the name of somebody who joined is shown."""
CAPTION_STANDS_S: Final = 6.0
INTRODUCTION_STANDS_S: Final = 20.0
"""How long a consultation that begins asks the patient to say who she is."""
IDENTIFICATION_STANDS_S: Final = 60.0
"""How long a card may be held to the camera."""
RULE_STANDS_S: Final = 20.0
"""How long each of the waiting room's sentences stands; nothing else moves there."""
MEND_SPOKEN_AFTER_S: Final = 10.0
"""So long into the wait, at the earliest, something to mend is spoken of: first she hears where she is."""
COMFORTS_S: Final = (3 * 60.0, 8 * 60.0)
"""So long into the wait the patient is told again, aloud, that somebody will come;"""
COMFORT_EVERY_S: Final = 10 * 60.0
"""and from then on every so often."""
RETRY_FIRST_S: Final = 1.0
RETRY_GROWTH: Final = 1.7
RETRY_LONGEST_S: Final = 20.0
RETRY_LONGEST_ON_PHONE_S: Final = 60.0
RETRY_SPREAD: Final = 0.3
"""The wait before the next try lies within 1 ± 0.3 of its plan. With more, some would be well into the long waits when
a short outage ends."""
VISIT_AT_LEAST_S: Final = 60 * 60.0
"""A visit may go on for at least so long after the press, whatever wall time said then."""


def retry_after_s(tries: int, spread: float, longest_s: float = RETRY_LONGEST_S) -> float:
    """Seconds to wait after the `tries`-th failure in a row; `spread` is random in 0..1."""
    planned = min(longest_s, RETRY_FIRST_S * RETRY_GROWTH ** min(tries - 1, 20))
    return planned * (1 + RETRY_SPREAD * (2 * min(1.0, max(0.0, spread)) - 1))


def message_stands_s(text: str) -> float:
    """Seconds that a message from the clinic stays on the screen in a call."""
    return MESSAGE_BASE_S + MESSAGE_WORD_S * len(text.split())


def comfort_after_s(comforts: int) -> float:
    """Seconds from the beginning of a wait to the comfort that follows so many others."""
    beyond = max(0, comforts - len(COMFORTS_S) + 1)
    return COMFORTS_S[min(comforts, len(COMFORTS_S) - 1)] + beyond * COMFORT_EVERY_S


def arms_at(appointment: Appointment, facts: Facts) -> datetime:
    """From then on a press joins."""
    return appointment.starts_at - timedelta(seconds=facts.policy.arm_before_s)


def calls_at(appointment: Appointment) -> tuple[datetime, ...]:
    """When the patient is told again that she may press."""
    return tuple(appointment.starts_at - timedelta(seconds=ahead_s) for ahead_s in REMIND_AGAIN_S)


def closes_at(appointment: Appointment, facts: Facts) -> datetime:
    """From then on the appointment is history."""
    return appointment.ends_at + timedelta(seconds=facts.policy.join_after_end_s)


def pause_ends_at_s(asked_s: float, visit: Visit, policy: Policy) -> float:
    """Monotonic: then a pause is over that nobody came back from since `asked_s`."""
    answered_s = asked_s + policy.pause_answer_s
    return answered_s if policy.end_after_pause else max(answered_s, visit.until_s)


def rule_ends_at_s(wait: Waiting) -> float:
    """Monotonic: then the waiting room's next sentence comes."""
    return (wait.told_at_s or wait.since_s) + RULE_STANDS_S


def asks_at_s(wait: Waiting, mend: Flaw | None) -> float | None:
    """Monotonic: from then on what is to be mended is spoken of; None: it has been, or there is nothing."""
    return None if mend is None or mend in wait.visit.asked else wait.since_s + MEND_SPOKEN_AFTER_S


def deadlines(state: State) -> tuple[float | None, ...]:
    """Monotonic moments at which this state changes by itself."""
    policy = state.facts.policy
    match state.phase:
        case NoNetwork(asked_at_s=float(asked)):
            return (asked + LOOKING_AGAIN_S,)
        case Service(since_s=since):
            return (since + SERVICE_STANDS_S,)
        case SelfCheck(since_s=since, heard=None):
            return (since + CHECK_RUNS_AT_MOST_S,)
        case SelfCheck(since_s=since):
            return (since + CHECK_RESULT_STANDS_S,)
        case LetterShown(since_s=since) | WifiShown(since_s=since, trying=False):
            return (since + LETTER_STANDS_S,)
        case WifiShown(since_s=since):
            return (since + WIFI_TAKES_AT_MOST_S,)
        case (
            Joining(visit=visit, since_s=since, retry_at_s=retry)
            | Reconnecting(visit=visit, since_s=since, retry_at_s=retry)
        ):
            return (since + policy.reconnect_for_s, retry, visit.until_s)
        case Waiting(visit=visit) as wait:
            return (
                visit.until_s,
                wait.since_s + comfort_after_s(wait.comforts),
                rule_ends_at_s(wait) if policy.waiting_rules and not wait.message else None,
                asks_at_s(wait, state.facts.mend),
                *line.deadlines(wait.line),
            )
        case InCall() as call:
            return (
                call.introduce_until_s or None,
                call.identify_until_s or None,
                call.message_until_s if call.message else None,
                call.arrived_until_s if call.arrived else None,
                call.caption_until_s if call.caption else None,
                *line.deadlines(call.line),
            )
        case Paused(since_s=since, asked_since_s=None):
            return (since + policy.pause_question_after_s,)
        case Paused(asked_since_s=float(asked), held=held):
            return (pause_ends_at_s(asked, held.visit, policy),)
        case Phone(visit=visit, retry_at_s=retry):
            return (retry, visit.until_s)
        case Ended(since_s=since):
            return (since + ENDED_STANDS_S,)
        case _:
            return ()


def wall_deadlines(state: State) -> tuple[datetime, ...]:
    """Wall-clock moments at which an appointment starts or stops to count."""
    facts = state.facts
    return tuple(
        at
        for appointment in facts.appointments
        if appointment.id not in facts.finished
        for at in (arms_at(appointment, facts), *calls_at(appointment), closes_at(appointment, facts))
    )
