"""When the machine must be left alone: from two hours before an appointment to its end, and while somebody uses it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kiosk.consultation import timing
from kiosk.consultation.state import Fault, Idle, NoNetwork, Remind, Scheduled, Starting, State, Unassigned

AHEAD: Final = timedelta(hours=2)
"""So long before an appointment nothing is started anew: there is time to notice and mend what that breaks."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Busy:
    """Times and nothing else: not whose, not where."""

    engaged: bool
    """Somebody uses the terminal now, or may be about to."""
    spans: tuple[Span, ...]
    """Aware; in order, none touching another."""


def busy(state: State) -> Busy | None:
    """None while it is not known: the terminal is lent out, and its appointments have not been read yet."""
    facts = state.facts
    match state.phase:
        case Starting():
            return None
        case Unassigned():
            return Busy(engaged=False, spans=())
        case Idle() | Scheduled() | Remind() | NoNetwork() | Fault():
            engaged = False
        case _:
            engaged = True
    if not facts.appointments_read:
        return Busy(engaged=True, spans=()) if engaged else None
    return Busy(
        engaged,
        _merged(
            (appointment.starts_at - AHEAD, timing.closes_at(appointment, facts))
            for appointment in facts.appointments
            if appointment.id not in facts.finished
        ),
    )


def in_the_way(known: Busy, now: datetime, for_s: float) -> Span | None:
    """The span that forbids work of `for_s` seconds begun now; (now, now) while somebody uses the terminal. None: it
    may begin."""
    if known.engaged:
        return (now, now)
    done = now + timedelta(seconds=for_s)
    return next((span for span in known.spans if span[0] < done and now < span[1]), None)


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return tuple(merged)
