"""A node of the platform on loopback: strict about what it receives, with verbs for hands and switches for faults."""

import asyncio
import itertools
import json
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import dns.resolver
from aiohttp import web

from kiosk.consultation.model import Room
from kiosk.rooms.pexip.client import PexipClient
from kiosk.rooms.pexip.settings import PexipSettings

ALIAS = "ward seven/ø@example.org"
NAME = "Kari Nordmann"
OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\na=offer\r\n"
ANSWER = "v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\ns=-\r\na=answer\r\n"
VERSION = {"version_id": "36", "pseudo_version": "79019.0.0"}

_BODIES: dict[str, dict[str, type]] = {
    "request_token": {"display_name": str, "direct_media": bool, "chosen_idp": str, "sso_token": str},
    "release_token": {"reason": str},
    "calls": {"call_type": str, "sdp": str, "media_type": str, "fecc_supported": bool, "present": str},
    "ack": {},
    "statistics": {"audio": dict, "video": dict},
}
"""Endpoints with a body, and exactly what it holds. All others must come without one."""
_PERHAPS: dict[str, set[str]] = {
    "request_token": {"conference_extension", "token"},
    "calls": {"present"},
}
"""Strings that may be there too, or may be missing."""
_TOKENS = itertools.count(1)
"""A node that was started anew must not know the tokens of the one before."""


@dataclass
class Seat:
    """A participant who holds a token."""

    uuid: str
    token: str
    place: str
    call: str | None = None
    acked: bool = False


@dataclass
class Node:
    """See the module."""

    host_pin: str | None = None
    extension: str | None = None
    """The number that a reception knows; None: this is no reception."""
    one_time_token: str | None = None
    """Lets a transferred participant in without a PIN, once."""
    guest_pin: str | None = None
    locked: bool = False
    expires: str = "120"
    grant: dict[str, Any] = field(default_factory=dict)
    """Merged into every token answer."""
    answers: dict[str, web.Response | list[tuple[int, Any]]] = field(default_factory=dict)
    """Endpoint word -> answers to give first, as (status, result)."""
    hang: set[str] = field(default_factory=set)
    """Endpoint words that are not answered until `release()`."""
    refuse_stream: int | None = None
    alias: str = ALIAS
    url: str = ""
    asked: list[str] = field(default_factory=list)
    """Endpoint words, in order."""
    asked_at_s: list[float] = field(default_factory=list)
    """When, by the monotonic clock."""
    busiest: int = 0
    """Most requests of one kind, with one token, that were under way at the same time."""
    told: list[dict[str, Any]] = field(default_factory=list)
    """Their bodies."""
    pins: list[str | None] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    seats: dict[str, Seat] = field(default_factory=dict)
    streams: list[web.StreamResponse] = field(default_factory=list)
    streams_opened: int = 0
    status: int = 200
    """What the node says of itself."""
    status_asked: int = 0

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._changed = asyncio.Condition()
        self._released = asyncio.Event()
        self._streams_end = asyncio.Event()
        self.connections: Callable[[], int] = lambda: 0
        """How many there are."""
        self._under_way: Counter[tuple[str | None, str]] = Counter()
        self._handlers: set[asyncio.Task[Any]] = set()

    # Verbs for hands

    def room(self, **changes: Any) -> Room:
        fields = {"provider": "pexip", "host": self.url, "alias": self.alias, "display_name": NAME}
        return Room(**{**fields, **changes})

    @property
    def seat(self) -> Seat:
        """The only one there is."""
        (seat,) = self.seats.values()
        return seat

    async def until(self, holds: Callable[[], object], within_s: float = 10) -> None:
        """Wait until `holds()`, looked at whenever the node is asked something."""
        async with asyncio.timeout(within_s), self._changed:
            await self._changed.wait_for(holds)

    async def send(self, event: str, data: Any) -> None:
        await self.send_raw(f"id: bm9kZV8x\nevent: {event}\ndata: {json.dumps(data)}\n\n".encode())

    async def send_raw(self, record: bytes) -> None:
        await self.until(lambda: self.streams)
        for stream in list(self.streams):
            await stream.write(record)

    async def send_me(self, **fields: Any) -> None:
        """Our own participant, changed."""
        await self.send("participant_update", self.participant(self.seat) | fields)

    async def end_streams(self) -> None:
        await self.until(lambda: self.streams)
        self.streams.clear()
        self._streams_end.set()
        self._streams_end = asyncio.Event()

    def release(self) -> None:
        """Answer what hangs."""
        self.hang.clear()
        self._released.set()

    @staticmethod
    def participant(seat: Seat) -> dict[str, Any]:
        return {
            "uuid": seat.uuid,
            "display_name": NAME,
            "role": "guest",
            "service_type": seat.place,
            "protocol": "webrtc",
            "is_muted": "NO",
            "has_media": seat.acked,
        }

    # The platform's verbs, as the contract's tests use them

    async def admit(self) -> None:
        self.seat.place = "conference"
        await self.send_me()

    async def send_to_waiting_room(self) -> None:
        self.seat.place = "waiting_room"
        await self.send_me()

    async def mute(self, muted: bool) -> None:
        await self.send_me(is_muted="YES" if muted else "NO")

    async def say(self, text: str) -> None:
        message = {"origin": "Clinic", "uuid": "host-1", "type": "text/plain", "payload": text}
        await self.send("message_received", message)

    async def enter(self, uuid: str) -> None:
        host = {"uuid": uuid, "display_name": "Dr Who", "role": "chair", "service_type": "conference"}
        await self.send("participant_create", host)

    async def end_for_all(self) -> None:
        await self.send("disconnect", {"reason": "Conference terminated by another participant"})

    async def lose(self) -> None:
        await self.send("disconnect", {"reason": "Media node disconnected"})

    # The server

    async def tell_status(self, request: web.Request) -> web.Response:
        self.status_asked += 1
        return result(self.status, "OK" if self.status == 200 else "no")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        purpose = (request.headers.get("token"), request.match_info["tail"])
        self._under_way[purpose] += 1
        if purpose[0] is not None:
            self.busiest = max(self.busiest, self._under_way[purpose])
        try:
            return await self._handle(request)
        finally:
            self._under_way[purpose] -= 1

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        task = asyncio.current_task()
        assert task is not None
        self._handlers.add(task)
        task.add_done_callback(self._handlers.discard)
        *where, word = request.match_info["tail"].split("/")
        body = await self._read(request, word)
        self.asked.append(word)
        self.asked_at_s.append(asyncio.get_running_loop().time())
        self.told.append(body)
        async with self._changed:
            self._changed.notify_all()
        if request.match_info["alias"] != self.alias:
            return result(404, "Neither conference nor gateway found")
        prepared = self.answers.get(word)
        if isinstance(prepared, web.Response):
            return prepared
        if prepared:
            return result(*prepared.pop(0))
        if word == "request_token":
            return await self._request_token(request, body)
        seat = self.seats.get(request.headers.get("token", ""))
        if seat is None:
            return result(403, "Invalid token")
        if word in self.hang:
            await self._released.wait()
        if where and (where[0] != "participants" or where[1] != seat.uuid):
            self.complaints.append(f"{word} of another participant")
        return await self._of_seat(request, word, where, seat)

    async def _of_seat(self, request: web.Request, word: str, where: list[str], seat: Seat) -> web.StreamResponse:
        match request.method, word:
            case "GET", "events":
                return await self._events(request, seat)
            case "POST", "refresh_token":
                del self.seats[seat.token]
                seat.token = self._new_token()
                self.seats[seat.token] = seat
                return result(200, {"token": seat.token, "expires": self.expires})
            case "POST", "release_token":
                del self.seats[seat.token]
                async with self._changed:
                    self._changed.notify_all()
                return result(200, True)
            case "POST", "calls":
                seat.call = f"call-{next(self._numbers)}"
                return result(200, {"call_uuid": seat.call, "sdp": ANSWER})
            case "POST", ("ack" | "disconnect"):
                if where[2:] != ["calls", seat.call]:
                    self.complaints.append(f"{word} of no call")
                seat.acked, seat.call = word == "ack", seat.call if word == "ack" else None
                async with self._changed:
                    self._changed.notify_all()
                return result(200, True if word == "ack" else None)
            case "POST", "statistics":
                if where[2:] != ["calls", seat.call]:
                    self.complaints.append("statistics of no call")
                return result(200, None)
            case "POST", ("client_mute" | "client_unmute" | "video_muted" | "video_unmuted" | "show_live_captions"):
                return result(200, True)
        self.complaints.append(f"{request.method} {word} is not known")
        return result(404, "404 Not Found")

    async def _read(self, request: web.Request, word: str) -> dict[str, Any]:
        raw = await request.read()
        expected = _BODIES.get(word)
        if expected is None:
            if raw or request.content_type != "application/octet-stream":
                self.complaints.append(f"{word} came with a body or a content type")
            return {}
        if request.content_type != "application/json":
            self.complaints.append(f"{word} came as {request.content_type}")
        body: dict[str, Any] = json.loads(raw)
        perhaps = _PERHAPS.get(word, set())
        exact = {name: type(value) for name, value in body.items() if name not in perhaps}
        strings = all(isinstance(body[name], str) for name in perhaps & body.keys())
        if exact != {name: kind for name, kind in expected.items() if name not in perhaps} or not strings:
            self.complaints.append(f"{word} has the fields {sorted(body)}")
        return body

    async def _request_token(self, request: web.Request, body: dict[str, Any]) -> web.Response:
        pin = request.headers.get("pin")
        self.pins.append(pin)
        if "token" in request.headers:
            self.complaints.append("request_token with a token")
        if "request_token" in self.hang:
            await self._released.wait()
        if "token" in body and body["token"] != self.one_time_token:
            return result(403, "Invalid token")
        if "token" in body:
            self.one_time_token = None
        elif self.extension is not None and body.get("conference_extension") != self.extension:
            if "conference_extension" in body:
                return result(404, "Neither conference nor gateway found")
            return result(403, {"conference_extension": "required", "conference_extension_type": "standard"})
        elif self.host_pin is not None:
            wanted = {"pin": "required", "guest_pin": "required" if self.guest_pin else "none", "version": VERSION}
            if pin is None or (pin == "none" and self.guest_pin):
                return result(403, wanted)
            if pin not in {self.host_pin, self.guest_pin or "none"}:
                return result(403, "Invalid PIN")
        place = "waiting_room" if self.locked else "conference"
        seat = Seat(f"me-{next(self._numbers)}", self._new_token(), place)
        self.seats[seat.token] = seat
        granted = {
            "token": seat.token,
            "expires": self.expires,
            "participant_uuid": seat.uuid,
            "display_name": NAME,
            "role": "GUEST",
            "current_service_type": place,
            "version": VERSION,
        }
        return result(200, granted | self.grant)

    def _new_token(self) -> str:
        return f"SECRET-TOKEN-{next(_TOKENS)}=="

    async def _events(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        self.streams_opened += 1
        if self.refuse_stream is not None:
            return result(self.refuse_stream, "Invalid token")
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        for event, data in (
            ("participant_sync_begin", None),
            ("participant_create", self.participant(seat)),
            ("participant_sync_end", None),
            ("conference_update", {"locked": self.locked, "started": True}),
        ):
            await stream.write(f"event: {event}\ndata: {json.dumps(data)}\n\n".encode())
        self.streams.append(stream)
        async with self._changed:
            self._changed.notify_all()
        try:
            await self._streams_end.wait()
        finally:
            if stream in self.streams:
                self.streams.remove(stream)
        return stream

    def end_handlers(self) -> None:
        for task in self._handlers:
            task.cancel()


def result(status: int, value: Any) -> web.Response:
    word = "failed" if isinstance(value, str) else "success"
    return web.json_response({"status": word, "result": value}, status=status)


@asynccontextmanager
async def node(tls: ssl.SSLContext | None = None, port: int = 0, **switches: Any) -> AsyncIterator[Node]:
    """A node that listens; at the end it must have had no complaint."""
    serving = Node(**switches)
    app = web.Application()
    app.router.add_route("*", "/api/client/v2/conferences/{alias}/{tail:.+}", serving.handle)
    app.router.add_get("/api/client/v2/status", serving.tell_status)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, ssl_context=tls)
    await site.start()
    server = runner.server
    assert server is not None
    serving.connections = lambda: len(server.connections)
    serving.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield serving
    finally:
        serving.release()
        serving.end_handlers()
        with suppress(asyncio.CancelledError):
            await runner.cleanup()
    assert serving.complaints == []


def client(
    captions: bool = False, resolve: Callable[[], dns.resolver.Resolver] = dns.resolver.Resolver, **changes: Any
) -> PexipClient:
    """A client that does not wait as long as in a hospital."""
    settings = PexipSettings(**{"connect_timeout_s": 2.0, "answer_timeout_s": 2.0, **changes})
    return PexipClient(settings, captions=captions, resolve=resolve)
