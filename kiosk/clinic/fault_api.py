"""Switching faults, their effect on requests, and the clinic's state of health."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from .client_api import CLINIC, PAGE_CLIENT_ID, token_of
from .participant import Participant
from .wire import Json, Refusal, read_object, success, take

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
CLIENT_API = "/api/client/"


class OpenRequests:
    """The client API's requests that a cut breaks."""

    def __init__(self) -> None:
        self._requests: list[web.Request] = []

    def break_all(self) -> None:
        for request in list(self._requests):
            break_connection(request)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        faults = request.app[CLINIC].faults
        if not request.path.startswith(CLIENT_API) or await _is_exempt(request):
            return await handler(request)
        self._requests.append(request)
        try:
            await faults.pass_stall()
            if faults.cut:
                return break_connection(request)
            response = await handler(request)
            return break_connection(request) if faults.cut else response
        finally:
            self._requests = [other for other in self._requests if other is not request]


def break_connection(request: web.Request) -> web.Response:
    """Abort the connection; the returned response goes nowhere."""
    if request.transport:
        request.transport.abort()
    return web.Response(status=503)


async def _is_exempt(request: web.Request) -> bool:
    """Whether the clinician's page is asking."""
    clinic = request.app[CLINIC]
    try:
        if request.path.endswith("/request_token"):
            return (await read_object(request)).get("client_id") == PAGE_CLIENT_ID
        return clinic.bearer(token_of(request), may_have_left=True).is_page
    except Refusal:
        return False


async def set_faults(request: web.Request) -> web.Response:
    faults = request.app[CLINIC].faults
    body = await read_object(request)
    faults.switch(cut=take(body, "cut", bool, faults.cut), stall=take(body, "stall", bool, faults.stall))
    for name, happen in (
        ("break_media", faults.break_media),
        ("end_streams", request.app[CLINIC].end_streams),
        ("revoke_tokens", request.app[CLINIC].revoke_tokens),
    ):
        if take(body, name, bool, False):
            happen()
    return await get_faults(request)


async def get_faults(request: web.Request) -> web.Response:
    faults = request.app[CLINIC].faults
    return success({"cut": faults.cut, "stall": faults.stall})


async def health(request: web.Request) -> web.Response:
    """What is there now, so that a test can prove that nothing is left over. No names, no tokens."""
    clinic = request.app[CLINIC]
    now = time.monotonic()

    def media_age_s(participant: Participant) -> float | None:
        call = clinic.stages[participant.alias].call_of(participant)
        return None if call is None else now - call.media_at

    rooms: dict[str, list[Json]] = {
        alias: [
            {
                "uuid": p.uuid,
                "role": p.role,
                "service_type": p.service_type,
                "muted": p.muted,
                "client_muted": p.client_muted,
                "video_muted": p.video_muted,
                "has_media": p.has_media,
                "media_age_s": media_age_s(p),
                "has_stream": p.stream is not None,
            }
            for p in room.participants.values()
        ]
        for alias, room in clinic.rooms.items()
    }
    return web.json_response(
        {
            "participants": sum(len(people) for people in rooms.values()),
            "tokens": len(clinic.tokens),
            "peer_connections": clinic.call_count,
            "tasks": _count_tasks(),
            "threads": _count_threads(),
            "rooms": rooms,
        }
    )


def _count_tasks() -> int:
    """Tasks but for those that serve a connection."""
    return sum(1 for task in asyncio.all_tasks() if "RequestHandler" not in repr(task.get_coro()))


def _count_threads() -> int:
    """Threads but for the loop's pool, whose workers stay."""
    return sum(1 for thread in threading.enumerate() if not thread.name.startswith("asyncio_"))


def routes() -> list[web.RouteDef]:
    return [
        web.get("/clinic/api/health", health),
        web.get("/clinic/api/faults", get_faults),
        web.post("/clinic/api/faults", set_faults),
    ]
