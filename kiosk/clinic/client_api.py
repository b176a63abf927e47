"""The client API as a participant meets it: joining, staying, the event stream, talking, leaving."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from .clinic import Clinic
from .participant import Participant
from .room import Room
from .wire import Json, Refusal, read_object, success, take

CLINIC = web.AppKey("clinic", Clinic)
BASE = "/api/client/v2/conferences/{alias}"
VERSION = {"version_id": "36", "pseudo_version": "79019.0.0"}
PAGE_CLIENT_ID = "clinic-page"
NAME_LIMIT = 200
MESSAGE_LIMIT = 5000
REASON_LEFT = "User initiated disconnect"


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
    if participant.alias != room.settings.alias:
        raise Refusal(403, "Invalid token")
    return participant


def as_participant(action: Action) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A handler for somebody who is in the room."""

    async def handler(request: web.Request) -> web.StreamResponse:
        return await action(Visit(request, request.app[CLINIC], room_of(request), participant_of(request)))

    return handler


async def status(_request: web.Request) -> web.Response:
    return success(True)


async def request_token(request: web.Request) -> web.Response:
    clinic, room = request.app[CLINIC], room_of(request)
    body = await read_object(request)
    name = take(body, "display_name", str, "").strip()
    for field in ("chosen_idp", "sso_token", "client_id", "call_tag", "node", "sso_redirect_target"):
        take(body, field, str, "")
    for field in ("direct_media", "supports_direct_chat", "breakout_rooms", "breakout_capable"):
        take(body, field, bool, False)
    if not name:
        raise Refusal(403, {"display_name": "required"})
    if len(name) > NAME_LIMIT:
        raise Refusal(400, f"display_name must not be longer than {NAME_LIMIT} characters")
    is_page = body.get("client_id") == PAGE_CLIENT_ID
    try:
        participant, token = clinic.join(room, request.headers.get("pin"), name, is_page=is_page)
    except Refusal as refusal:
        if isinstance(refusal.result, dict):
            raise Refusal(403, refusal.result | {"version": VERSION}) from None
        raise
    return success(_token_answer(clinic, room, participant, token))


def _token_answer(clinic: Clinic, room: Room, participant: Participant, token: str) -> Json:
    return {
        "token": token,
        "expires": str(clinic.settings.token_lifetime_s),
        "participant_uuid": participant.uuid,
        "display_name": participant.display_name,
        "role": participant.role,
        "current_service_type": participant.service_type,
        "service_type": "conference",
        "version": VERSION,
        "conference_name": room.settings.alias,
        "service_name": room.settings.alias,
        "call_type": "video",
        "chat_enabled": True,
        "fecc_enabled": False,
        "guests_can_present": False,
        "rtmp_enabled": False,
        "rtsp_enabled": False,
        "analytics_enabled": False,
        "allow_1080p": False,
        "vp9_enabled": False,
        "trickle_ice_enabled": True,
        "route_via_registrar": False,
        "breakout_rooms": False,
        "direct_media": False,
        "use_relay_candidates_only": False,
        "turn": [],
    }


async def refresh_token(visit: Visit) -> web.Response:
    token = visit.clinic.tokens.refresh(token_of(visit.request) or "", visit.clinic.clock())
    return success({"token": token, "expires": str(visit.clinic.settings.token_lifetime_s), "role": visit.me.role})


async def release_token(request: web.Request) -> web.Response:
    me = participant_of(request, may_have_left=True)
    # A closing page sends its goodbye as a beacon, whose content type it cannot choose.
    body: Json = {} if request.query.get("token") else await read_object(request)
    take(body, "reason", str, "")
    request.app[CLINIC].release(me, REASON_LEFT)
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


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/client/v2/status", status),
        web.post(f"{BASE}/request_token", request_token),
        web.post(f"{BASE}/refresh_token", as_participant(refresh_token)),
        web.post(f"{BASE}/release_token", release_token),
        web.get(f"{BASE}/events", as_participant(events)),
        web.get(f"{BASE}/participants", as_participant(participants)),
        web.get(f"{BASE}/conference_status", as_participant(conference_status)),
        web.get(f"{BASE}/theme/", as_participant(theme)),
        web.post(f"{BASE}/message", as_participant(message)),
        web.post(f"{BASE}/participants/{{uuid}}/message", as_participant(message)),
    ]
