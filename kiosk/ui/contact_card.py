"""Whom to ring, in words: by the clinic's contacts, its hours and the time of day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.consultation.hours import Closed, Open, answering, span
from kiosk.consultation.model import Clinic, Contact
from kiosk.ui.texts import Texts


@dataclass(frozen=True, slots=True)
class Card:
    """Whom to ring, and whether that helps now. Of sentences that stand beside each other the first that fits is shown,
    the longest one first; the last one always fits."""

    name: str
    phone: str
    closed: tuple[str, ...] = ()
    """Nobody answers; from when on somebody does."""
    below: tuple[str, ...] = ()
    """What a large card says besides: hours, another number."""


def card_of(contacts: Sequence[Contact], texts: Texts, now: datetime, clinic: Clinic) -> Card | None:
    """The first contact's card; None without contacts."""
    if not contacts:
        return None
    first, *others = contacts
    helpers = [each for each in others if not isinstance(_answering(each, now), Closed)]
    below: tuple[str, ...] = (f"{helpers[0].name} {helpers[0].phone}",) if helpers else ()
    match _answering(first, now):
        case Closed(opens_at=opens_at):
            closed = _opens(opens_at, texts, now)
            if clinic.urgent_numbers:
                below = (clinic.urgent_words or texts("worse"),)
            return Card(first.name, first.phone, closed, below or closed)
        case Open(until=until):
            hours = first.hours or texts("open-until", time=texts.time(until))
        case None:
            hours = first.hours
    return Card(first.name, first.phone, (), below or ((hours,) if hours else ()))


def _answering(contact: Contact, now: datetime) -> Open | Closed | None:
    """None: nobody knows."""
    return answering([span(each) for each in contact.open], now) if contact.open else None


def _opens(at: datetime | None, texts: Texts, now: datetime) -> tuple[str, ...]:
    closed = texts("closed")
    if at is None:
        return (closed,)
    time = texts.time(at)
    if at.date() == now.date():
        return (texts("opens-today", time=time), closed)
    day = texts.day(at, now)
    return (texts("opens-day", day=day, time=time), texts("opens-on", day=day), closed)
