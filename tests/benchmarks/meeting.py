"""A meeting of two, point to point: hands a guest's offer to the doctor's page and its answer back, with a relay
between their media. The terminal finds the platform's client API here, a browser one page for either end."""

import asyncio
import threading
import time
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from tests.benchmarks.relay import Relay
from tests.rooms.node import Node, Seat, result

ALIAS: Final = "bench"
ANSWER_LIMIT_S: Final = 15.0
POLL_S: Final = 20.0
RECORD_LIMIT_BYTES: Final = 1 << 28


class Meeting(Node):
    """A node with one room, whose calls go to the doctor's page. Everything of it runs in the meeting's loop."""

    def __init__(self) -> None:
        super().__init__(alias=ALIAS)
        self.relay: Relay | None = None
        """What stands between the two from the next call on; None: nothing."""
        self.records: dict[str, bytes] = {}
        """What the pages have handed over, by "name/way-what"."""
        self._offers: asyncio.Queue[str] = asyncio.Queue(1)
        self._answers: asyncio.Queue[str] = asyncio.Queue(1)

    async def _of_seat(self, request: web.Request, word: str, where: list[str], seat: Seat) -> web.StreamResponse:
        if (request.method, word) == ("POST", "calls"):
            seat.call = f"call-{next(self._numbers)}"
            answer = await self.ask_doctor(str((await request.json())["sdp"]))
            return result(200, {"call_uuid": seat.call, "sdp": answer})
        return await super()._of_seat(request, word, where, seat)

    async def ask_doctor(self, offer: str) -> str:
        """The doctor's answer to a guest's offer; both are moved to the relay."""
        relay = self.relay
        async with asyncio.timeout(ANSWER_LIMIT_S):
            await self._offers.put(relay.for_doctor(offer) if relay else offer)
            answer = await self._answers.get()
        if not answer.startswith("v=0"):
            raise web.HTTPBadGateway(text=answer)
        return relay.for_guest(answer) if relay else answer

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/api/client/v2/conferences/{alias}/{tail:.+}", self.handle),
            web.get("/api/client/v2/status", self.tell_status),
            web.get("/page", _page),
            web.get("/clock", _clock),
            web.get("/doctor/offer", self._next_offer),
            web.post("/doctor/answer", self._take_answer),
            web.post("/guest/token", _token),
            web.post("/guest/offer", self._guest_offer),
            web.post("/records/{name:.+}", self._take_records),
        ]

    async def _next_offer(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(POLL_S):
                return web.Response(text=await self._offers.get())
        except TimeoutError:
            return web.Response(status=204)

    async def _take_answer(self, request: web.Request) -> web.Response:
        await self._answers.put(await request.text())
        return web.Response(status=204)

    async def _guest_offer(self, request: web.Request) -> web.Response:
        return web.Response(text=await self.ask_doctor(await request.text()))

    async def _take_records(self, request: web.Request) -> web.Response:
        self.records[request.match_info["name"]] = await request.read()
        return web.Response(status=204)


async def _page(request: web.Request) -> web.Response:
    return web.Response(body=Path(__file__).with_name("page.html").read_bytes(), content_type="text/html")


async def _clock(request: web.Request) -> web.Response:
    return web.Response(text=repr(time.monotonic()))


async def _token(request: web.Request) -> web.Response:
    """What a page of the platform asks first costs a browser a round trip too."""
    return result(200, {"token": "none"})


class MeetingThread:
    """A meeting that serves on loopback in a thread of its own, so that others may wait without it."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="meeting", daemon=True)
        self._thread.start()
        self._runner: web.AppRunner
        self.meeting: Meeting = self._run(self._start())

    @property
    def url(self) -> str:
        return self.meeting.url

    def use(self, relay: Relay | None) -> None:
        """Between the ends of the next call."""
        self.meeting.relay = relay

    def end_guest(self) -> None:
        """Whoever is in the room by the platform's API is put out."""
        if self.meeting.streams:
            self._run(self.meeting.end_for_all())

    def close(self) -> None:
        """Serve no more."""
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _start(self) -> Meeting:
        meeting = Meeting()
        app = web.Application(client_max_size=RECORD_LIMIT_BYTES)
        app.add_routes(meeting.routes())
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        meeting.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return meeting

    async def _stop(self) -> None:
        self.meeting.release()
        self.meeting.end_handlers()
        await self._runner.cleanup()
