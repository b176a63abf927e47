"""The client API's controls: what a participant says of himself, and what a host does with others."""

import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from .client_api import BASE, Visit, addressee, as_participant, must_be_host
from .clinic import Clinic
from .participant import Participant
from .room import Room
from .wire import Refusal, read_object, success

REASON_REMOVED = "Disconnected by another participant"
REASON_ENDED = "Conference terminated by another participant"

RoomAction = Callable[[Clinic, Room], None]
PersonAction = Callable[[Clinic, Participant], None]


def _for_room(act: RoomAction) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def action(visit: Visit) -> web.Response:
        await read_object(visit.request)
        must_be_host(visit)
        act(visit.clinic, visit.room)
        visit.room.changed()
        return success(True)

    return as_participant(action)


def _for_person(act: PersonAction, *, on_self: bool) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Hosts act on everybody; with `on_self` everybody acts on himself."""

    async def action(visit: Visit) -> web.Response:
        await read_object(visit.request)
        other = addressee(visit)
        if not (on_self and other is visit.me):
            must_be_host(visit)
        elif visit.request.path.endswith("/unmute") and not _may_unmute(visit):
            raise Refusal(403, "Invalid role")
        act(visit.clinic, other)
        visit.room.changed()
        return success(True)

    return as_participant(action)


def _may_unmute(visit: Visit) -> bool:
    return visit.me.role == "HOST" or visit.room.conditions.guests_can_unmute


def _set(name: str, value: bool | int) -> PersonAction:
    return lambda _clinic, person: setattr(person, name, value)


def _mute_guests(muted: bool) -> RoomAction:
    def act(_clinic: Clinic, room: Room) -> None:
        for person in room.participants.values():
            if person.role == "GUEST":
                person.muted = muted

    return act


def _lower_all_hands(_clinic: Clinic, room: Room) -> None:
    for person in room.participants.values():
        person.hand_raised_unix = 0


def _raise_hand(_clinic: Clinic, person: Participant) -> None:
    person.hand_raised_unix = person.hand_raised_unix or int(time.time())


def _end_for_all(clinic: Clinic, room: Room) -> None:
    for person in list(room.participants.values()):
        clinic.disconnect(person, REASON_ENDED)


def _admit(clinic: Clinic, person: Participant) -> None:
    clinic.rooms[person.alias].admit(person, clinic.clock())


def _remove(clinic: Clinic, person: Participant) -> None:
    clinic.disconnect(person, REASON_REMOVED)


def routes() -> list[web.RouteDef]:
    of_room: dict[str, RoomAction] = {
        "lock": lambda clinic, room: room.lock(True, clinic.clock()),
        "unlock": lambda clinic, room: room.lock(False, clinic.clock()),
        "muteguests": _mute_guests(True),
        "unmuteguests": _mute_guests(False),
        "disconnect": _end_for_all,
        "clearallbuzz": _lower_all_hands,
    }
    of_others: dict[str, PersonAction] = {"unlock": _admit, "disconnect": _remove}
    of_self: dict[str, PersonAction] = {
        "mute": _set("muted", True),
        "unmute": _set("muted", False),
        "client_mute": _set("client_muted", True),
        "client_unmute": _set("client_muted", False),
        "video_muted": _set("video_muted", True),
        "video_unmuted": _set("video_muted", False),
        "buzz": _raise_hand,
        "clearbuzz": _set("hand_raised_unix", 0),
    }
    person = f"{BASE}/participants/{{uuid}}"
    return [
        *(web.post(f"{BASE}/{name}", _for_room(act)) for name, act in of_room.items()),
        *(web.post(f"{person}/{name}", _for_person(act, on_self=False)) for name, act in of_others.items()),
        *(web.post(f"{person}/{name}", _for_person(act, on_self=True)) for name, act in of_self.items()),
    ]
