"""What the owner of a clinic can switch from this machine: conditions of its rooms, captions, recording, transfers."""

from dataclasses import asdict, fields

from aiohttp import web

from .client_api import CLINIC, room_of
from .conditions import Conditions
from .participant import Participant
from .people_api import ROLES, read_steering
from .wire import Refusal, read_object, success, take, take_choice

ROOM = "/clinic/api/rooms/{alias}"
PERSON = "/clinic/api/participants/{uuid}"


async def get_conditions(request: web.Request) -> web.Response:
    return success(asdict(room_of(request).conditions))


async def set_conditions(request: web.Request) -> web.Response:
    """Changes those that are given; also `recorded`."""
    room, body = room_of(request), await read_object(request)
    known = {field.name for field in fields(Conditions)}
    for name in body.keys() - known - {"recorded"}:
        raise Refusal(400, f"{name} is not one of recorded, {', '.join(sorted(known))}")
    values = {name: take(body, name, bool) for name in body}
    for name in body.keys() & known:
        setattr(room.conditions, name, values[name])
    if "recorded" in values:
        request.app[CLINIC].record(room, values["recorded"])
    room.changed()
    return success(asdict(room.conditions))


async def caption(request: web.Request) -> web.Response:
    room, body = room_of(request), await read_object(request)
    room.caption(take(body, "text", str), take(body, "is_final", bool, True))
    return success(None)


async def refer(request: web.Request) -> web.Response:
    clinic, body, person = request.app[CLINIC], await read_object(request), _person(request)
    alias = take(body, "alias", str)
    if alias not in clinic.rooms:
        raise Refusal(404, "Neither conference nor gateway found")
    clinic.refer(person, alias, ROLES[take_choice(body, "role", ("host", "guest"), "guest")])
    return success(None)


async def steer(request: web.Request) -> web.Response:
    event, person = read_steering(await read_object(request)), _person(request)
    if person.stream is None:
        raise Refusal(404, "Participant has no event stream")
    person.stream.post("fecc", event)
    return success(None)


def _person(request: web.Request) -> Participant:
    person = request.app[CLINIC].participant(request.match_info["uuid"])
    if person is None:
        raise Refusal(404, "Participant not found")
    return person


def routes() -> list[web.RouteDef]:
    return [
        web.get(ROOM, get_conditions),
        web.post(ROOM, set_conditions),
        web.post(f"{ROOM}/caption", caption),
        web.post(f"{PERSON}/refer", refer),
        web.post(f"{PERSON}/fecc", steer),
    ]
