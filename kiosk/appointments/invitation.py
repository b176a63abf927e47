"""Where an event of a calendar says in which room it is. Pure.

Calendars say it in many places. They are looked through from the plainest to the vaguest, and the first link or room
number that can be used counts: CONFERENCE (RFC 7986), the X- properties of calendar programs, URL, LOCATION, and at
last the DESCRIPTION, where a PIN may stand too.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from kiosk.consultation.model import Room
from kiosk.errors import RoomRefused

ReadLink = Callable[[str], Room]
"""A room of an invitation's text. Raises RoomRefused: "not_found" when the text is none."""

_LINK: Final = re.compile(r"(?:https?|pexip):[^\s<>\"'\\]+", re.IGNORECASE)
_ROOM_WORD: Final = re.compile(r"rom|room|møte|meet|video|conference|konferanse", re.IGNORECASE)
_PIN: Final = re.compile(r"\bpin\b[^\d\n]{0,20}(\d{4,10})(?!\d)", re.IGNORECASE)
_OF_A_HOST: Final = re.compile(r"host|vert", re.IGNORECASE)
_OF_A_GUEST: Final = re.compile(r"guest|gjest", re.IGNORECASE)
MOST_TRIES: Final = 50
LONGEST_DESCRIPTION_CHARS: Final = 10_000


def find_room(plain: Sequence[str], description: str, read_link: ReadLink) -> tuple[Room | None, str]:
    """The room, or None and why not: a word of RoomRefused, empty when no invitation stands anywhere.

    `plain`: values that hold an invitation and nothing else, from the plainest on.
    """
    described = description[:LONGEST_DESCRIPTION_CHARS]
    reason = ""
    for number, text in enumerate(_candidates(plain, described)):
        if number == MOST_TRIES:
            break
        try:
            room = read_link(text)
        except RoomRefused as error:
            if error.reason != "not_found":
                reason = reason or error.reason
            continue
        return (room if room.pin else replace(room, pin=_pin(described))), ""
    return None, reason


def _candidates(plain: Sequence[str], described: str) -> Iterator[str]:
    for value in plain:
        links = _links(value)
        yield from links or [value]
    yield from _links(described)
    # A bare number in a description may be a date or a telephone's: its line must speak of a room.
    yield from (line for line in described.splitlines() if _ROOM_WORD.search(line))


def _links(text: str) -> list[str]:
    return [link.rstrip(".,;:!?)]}>") for link in _LINK.findall(text)]


def _pin(described: str) -> str | None:
    """The guests' PIN of a description, where several stand; never the hosts'."""
    found = [(line, match[1]) for line in described.splitlines() for match in _PIN.finditer(line)]
    for_us = [pin for line, pin in found if _OF_A_GUEST.search(line)] or [
        pin for line, pin in found if not _OF_A_HOST.search(line)
    ]
    return for_us[0] if for_us else None
