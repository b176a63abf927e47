"""The client API as a participant meets it: the event stream, the roster, talking."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from .clinic import Clinic
from .participant import Participant
from .room import Room
from .wire import Refusal, read_object, success, take

CLINIC = web.AppKey("clinic", Clinic)
BASE = "/api/client/v2/conferences/{alias}"
PAGE_CLIENT_ID = "clinic-page"
MESSAGE_LIMIT = 5000


@dataclass(frozen=True)
class Visit:
    """One request of somebody who is in a room."""

    request: web.Request
    clinic: Clinic
    room: Room
    me: Participant


Action = Callable[[Visit], Awaitable[web.StreamResponse]]


def room_of(request: web.Request) -> Room:
    room = request.app[CLINIC].rooms.get(request.match_info["alias"])
    if room is None:
        raise Refusal(404, "Neither conference nor gateway found")
    return room


def token_of(request: web.Request) -> str | None:
    """The token header; event streams and the goodbye of a closing page may carry it in the query."""
    if request.path.endswith(("/events", "/release_token")):
        return request.headers.get("token") or request.query.get("token")
    return request.headers.get("token")


def participant_of(request: web.Request, *, may_have_left: bool = False) -> Participant:
    """The participant in whose name a request comes; refuses with 403 or 404."""
    room = room_of(request)
    participant = request.app[CLINIC].bearer(token_of(request), may_have_left=may_have_left)
    if participant.entrance != room.settings.alias:
        raise Refusal(403, "Invalid token")
    return participant


def visit_of(request: web.Request, *, may_have_left: bool = False) -> Visit:
    """The visit that a request belongs to; refuses with 403 or 404."""
    clinic, me = request.app[CLINIC], participant_of(request, may_have_left=may_have_left)
    return Visit(request, clinic, clinic.rooms[me.alias], me)


def as_participant(action: Action) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A handler for somebody who is in the room."""

    async def handler(request: web.Request) -> web.StreamResponse:
        return await action(visit_of(request))

    return handler


async def status(_request: web.Request) -> web.Response:
    return success(True)


async def events(visit: Visit) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(visit.request)

    async def write(record: bytes) -> None:
        if not visit.me.is_page:
            await visit.clinic.faults.pass_stall()
        await response.write(record)

    stream = visit.clinic.open_stream(visit.me)
    try:
        with contextlib.suppress(ConnectionError):
            await stream.copy_to(write)
    finally:
        visit.clinic.close_stream(visit.me, stream)
    return response


async def participants(visit: Visit) -> web.Response:
    return success(list(visit.room.roster_for(visit.me).values()))


async def conference_status(visit: Visit) -> web.Response:
    return success(visit.room.conference_status())


async def theme(_visit: Visit) -> web.Response:
    return web.Response(status=204)


async def message(visit: Visit) -> web.Response:
    body = await read_object(visit.request)
    kind, text = take(body, "type", str), take(body, "payload", str)
    if not text or len(text) > MESSAGE_LIMIT:
        raise Refusal(400, f"payload must have 1 to {MESSAGE_LIMIT} characters")
    if visit.me.waiting:
        raise Refusal(403, "Invalid role")
    to = addressee(visit) if "uuid" in visit.request.match_info else None
    visit.room.say(visit.me, kind, text, to)
    return success(True)


def addressee(visit: Visit) -> Participant:
    """The participant that a path names; 404 for one that the asking participant cannot see."""
    other = visit.room.participants.get(visit.request.match_info["uuid"])
    if other is None or not visit.me.may_see(other):
        raise Refusal(404, "Participant not found")
    return other


def must_be_me(visit: Visit) -> None:
    """Refuses with 403 when a path names somebody else."""
    if visit.request.match_info["uuid"] != visit.me.uuid:
        raise Refusal(403, "Invalid token")


def must_be_host(visit: Visit) -> None:
    """Refuses with 403 what only a host may do."""
    if visit.me.role != "HOST" or visit.me.waiting:
        raise Refusal(403, "Invalid role")


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/client/v2/status", status),
        web.get(f"{BASE}/events", as_participant(events)),
        web.get(f"{BASE}/participants", as_participant(participants)),
        web.get(f"{BASE}/conference_status", as_participant(conference_status)),
        web.get(f"{BASE}/theme/", as_participant(theme)),
        web.post(f"{BASE}/message", as_participant(message)),
        web.post(f"{BASE}/participants/{{uuid}}/message", as_participant(message)),
    ]
