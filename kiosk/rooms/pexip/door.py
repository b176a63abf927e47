"""At a room's door: what the room asks before it gives a place, and what we answer. Pure but for the asking."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from kiosk.consultation.model import Room
from kiosk.errors import RoomError, RoomRefused
from kiosk.rooms.pexip.address import pin_header
from kiosk.rooms.pexip.answers import Grant, PinWanted, Reply, Wanted, read_grant

NO_PIN: Final = "none"
"""What guests say whose room has a PIN for hosts alone."""
MOST_QUESTIONS: Final = 4


@dataclass(frozen=True, slots=True)
class Request:
    """What one request_token brings along; None is left out."""

    pin: str | None = field(default=None, repr=False)
    extension: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


Ask = Callable[[Request], Reply]


def ask_for_place(room: Room, ask: Ask) -> Grant:
    """Ask until there is a place. No PIN is tried twice. Raises RoomUnreachable, RoomRefused, RoomProtocolError."""
    request = Request(pin=pin_header(room.pin), token=room.token)
    for _ in range(MOST_QUESTIONS):
        reply = ask(request)
        try:
            answer = read_grant(reply)
        except RoomError:
            if request.token is None or reply.status not in {401, 403}:
                raise
            # Good for once, and that was before; the room may let us in like anybody else.
            request = replace(request, token=None)
            continue
        if isinstance(answer, Grant):
            return answer
        request = _answer(answer, request, room)
    raise RoomRefused("other", "request_token: the room never has enough of asking")


def look_in(room: Room, ask: Ask) -> Grant | None:
    """Whether there would be a place, without a PIN as long as the room has one; the place, if the room gave one all
    the same. Raises RoomUnreachable, RoomRefused, RoomProtocolError."""
    pin = pin_header(room.pin)
    answer = read_grant(ask(Request()))
    if isinstance(answer, Wanted) and answer.extension and answer.pin is PinWanted.NO:
        answer = read_grant(ask(Request(extension=_extension(room))))
        if isinstance(answer, Wanted) and answer.extension:
            raise _unknown_extension()
    if isinstance(answer, Grant):
        return answer
    if answer.pin is PinWanted.FOR_ALL and pin is None:
        raise _pin_unknown()
    return None


def _answer(wanted: Wanted, request: Request, room: Room) -> Request:
    if wanted.extension:
        if request.extension is not None:
            raise _unknown_extension()
        request = replace(request, extension=_extension(room))
        if request.pin is not None:
            # It has not been looked at yet, perhaps.
            return request
    match wanted.pin:
        case PinWanted.NO:
            return request
        case PinWanted.FOR_HOSTS | PinWanted.FOR_ALL if request.pin is not None:
            raise RoomRefused("pin", "request_token: the room did not take the PIN")
        case PinWanted.FOR_HOSTS:
            return replace(request, pin=NO_PIN)
        case PinWanted.FOR_ALL:
            raise _pin_unknown()


def _extension(room: Room) -> str:
    return room.extension or room.alias


def _unknown_extension() -> RoomRefused:
    return RoomRefused("not_found", "request_token: the reception knows no room of that number")


def _pin_unknown() -> RoomRefused:
    return RoomRefused("pin", "request_token: the room wants a PIN, and none is known")
