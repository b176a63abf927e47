"""One place in a video room, held: its events read, its picture and sound published, the others' offered."""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any, Final, TypeVar

from kiosk.consultation.model import EndReason, LossReason
from kiosk.errors import RoomError, RoomProtocolError, RoomRefused, RoomUnreachable
from kiosk.rooms.inbox import Inbox
from kiosk.rooms.janus.answers import NOT_PUBLISHED, Notice, RoomSaysNo, SessionGone, check
from kiosk.rooms.janus.api import Api, new_transaction
from kiosk.rooms.janus.feeds import Feeds
from kiosk.rooms.janus.poll import Poll
from kiosk.rooms.janus.roster import FeedAppeared, FeedGone, News, Roster, Speaking
from kiosk.rooms.janus.settings import JanusSettings
from kiosk.rooms.pexip.asking import ask, ask_quietly
from kiosk.rooms.pexip.line import Line
from kiosk.rooms.port import CallStatistics, IceServer, RoomEnded, RoomEvent, RoomLost

T = TypeVar("T")

GOODBYE_S: Final = 1.5
READER_ENDS_WITHIN_S: Final = 0.5
HANG_UP_WITHIN_S: Final = 2.0
"""The server takes a moment to end a call. An offer before that would be read as a change of the call it ends."""
_AUDIO_MID: Final = re.compile(r"^m=audio .*?^a=mid:(\S+)", re.MULTILINE | re.DOTALL)

_log = logging.getLogger(__name__)


class JanusSignaling:
    """Signaling over Janus's HTTP API. The loop's thread; requests and the poll have their own."""

    waiting = False
    """A video room has no waiting room."""
    ice_servers: tuple[IceServer, ...] = ()
    """The server tells none."""
    relay_only = False
    video = True
    statistics_every_s: float | None = None

    def __init__(
        self,
        *,
        api: Api,
        line: Line,
        poll_line: Line,
        handle: int,
        joined: list[Notice],
        subscribing: dict[str, Any],
        settings: JanusSettings,
    ) -> None:
        """A place just taken: `joined` is what came with it, `subscribing` what the room wants to hear of those who
        watch. Call in a running loop."""
        self._api = api
        self._line = line
        self._poll_line = poll_line
        self._handle = handle
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        self._inbox = Inbox()
        self._roster = Roster()
        self._feeds = Feeds(self, subscribing, self._inbox.post)
        self._awaited: dict[str, asyncio.Future[Notice]] = {}
        self._published = False
        self._is_up = False
        """The server has a connection with us that it will hang up."""
        self._hung_up = asyncio.Event()
        self._over = False
        self._paused_wanted = self._paused_told = False
        self._pausing = asyncio.Lock()
        self._mids: list[str] = []
        self._leaving: asyncio.Task[None] | None = None
        self._poll = Poll(api=api, line=poll_line, take=self._take, gone=self._gone, failed=self._failed)
        for notice in joined:
            self._hear(notice)
        self._poll.start()
        self._asking_after = self._loop.create_task(self._ask_after_ourselves(), name="janus-keepalive")

    async def offer(self, sdp: str) -> str:
        """See the port."""
        if self._published:
            await self._unpublish()
            self._feeds.renew()
        self._is_up = False
        self._hung_up.clear()
        self._mids = re.findall(r"^a=mid:(\S+)", sdp, re.MULTILINE)
        audio = _AUDIO_MID.search(sdp)
        self._roster.audio_mid = audio[1] if audio else None
        answer = await self.request("publish", self._handle, {"request": "publish"}, {"type": "offer", "sdp": sdp})
        if answer.sdp is None:
            raise RoomProtocolError("publish: no SDP in the answer")
        self._published = True
        self._paused_told = False
        await self._tell_pause()
        return answer.sdp

    async def ack(self) -> None:
        """See the port. The server needs none."""
        if not self._published:
            raise RuntimeError("ack without a call")

    def events(self) -> AsyncIterator[RoomEvent]:
        """See the port. Ends without a last event after `leave`."""
        return self._inbox

    def renew(self) -> None:
        """See the port."""
        self._line.renew()
        self._poll_line.cut()

    async def pause(self, paused: bool) -> None:
        """See the port. The server is told to pass nothing on; others see that as a picture that stands still."""
        self._paused_wanted = paused
        await self._tell_pause()

    async def statistics(self, statistics: CallStatistics) -> None:
        """See the port. The server wants none."""

    async def leave(self) -> None:
        """See the port."""
        if self._leaving is None:
            self._leaving = self._loop.create_task(self._leave(), name="janus-leave")
        await asyncio.shield(self._leaving)

    # What the feeds ask for

    async def attach(self) -> int:
        """A new handle."""
        return await self._ask("attach", self._api.attach)

    async def detach(self, handle: int) -> None:
        """Give a handle back."""
        await self._ask("detach", partial(self._api.detach, handle))

    async def request(self, what: str, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None) -> Notice:
        """Ask the room and wait for its event. Raises RoomError."""
        if self._over:
            raise RoomUnreachable(f"{what}: the place is gone")
        transaction = new_transaction()
        coming: asyncio.Future[Notice] = self._loop.create_future()
        self._awaited[transaction] = coming
        try:
            await self._ask(what, partial(self._api.message, what, handle, body, jsep, transaction))
            async with asyncio.timeout(self._settings.answer_timeout_s):
                return check(what, await coming)
        except TimeoutError:
            raise RoomUnreachable(f"{what}: no answer within {self._settings.answer_timeout_s:g} s") from None
        except RoomRefused as error:
            if error.reason == "not_found":
                # We are in it: it was closed, and the event that says so is still on its way.
                self._finish(RoomEnded(EndReason.FINISHED))
            raise
        finally:
            del self._awaited[transaction]
            coming.cancel()

    async def _ask(self, what: str, call: Callable[[], T]) -> T:
        limit_s = self._settings.connect_timeout_s + self._settings.answer_timeout_s
        try:
            return await ask(what, self._line, call, limit_s)
        except SessionGone:
            self._finish(RoomLost(LossReason.ASKED_TO_REJOIN))
            raise

    async def _ask_after_ourselves(self) -> None:
        while not self._over:
            await asyncio.sleep(self._settings.keepalive_s)
            try:
                await self._ask("keepalive", self._api.keepalive)
            except RoomError as error:
                _log.info("%s", error)

    async def _unpublish(self) -> None:
        self._published = False
        try:
            await self.request("unpublish", self._handle, {"request": "unpublish"})
        except RoomSaysNo as error:
            if error.code != NOT_PUBLISHED:
                raise
        if not self._is_up:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HANG_UP_WITHIN_S):
                await self._hung_up.wait()

    async def _tell_pause(self) -> None:
        async with self._pausing:
            while self._published and self._paused_told != self._paused_wanted:
                paused = self._paused_wanted
                streams = [{"mid": mid, "send": not paused} for mid in self._mids]
                try:
                    await self.request("configure", self._handle, {"request": "configure", "streams": streams})
                except RoomError as error:
                    _log.info("The room was not told of a pause (%s)", error)
                self._paused_told = paused

    async def _leave(self) -> None:
        self._let_go()
        self._inbox.close()
        self._asking_after.cancel()
        await self._feeds.close()
        # An answer that the server still owes must not keep our last words waiting.
        self._line.cut()
        await ask_quietly("destroy", self._line, partial(self._api.destroy, GOODBYE_S), GOODBYE_S)
        self._line.close()
        await asyncio.wait({self._asking_after})
        await ask_quietly("events", self._line, self._join_reader, READER_ENDS_WITHIN_S)
        _log.info("Left the room")

    def _join_reader(self) -> None:
        if not self._poll.join(READER_ENDS_WITHIN_S):
            _log.warning("The reader of events is stuck in connecting; it ends by itself")

    # The reader's thread

    def _take(self, notice: Notice) -> None:
        self._call_in_loop(partial(self._hear, notice))

    def _gone(self) -> None:
        self._call_in_loop(partial(self._finish, RoomLost(LossReason.ASKED_TO_REJOIN)))

    def _failed(self, error: BaseException) -> None:
        self._call_in_loop(partial(self._inbox.fail, error))

    def _call_in_loop(self, call: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:
            # The loop is closed: nobody listens any more.
            self._poll.stop()

    # The loop's thread

    def _hear(self, notice: Notice) -> None:
        if self._over:
            return
        awaited = self._awaited.get(notice.transaction or "")
        if awaited is not None:
            if not awaited.done():
                awaited.set_result(notice)
            return
        match notice.kind:
            case "event" if notice.handle == self._handle:
                for news in self._roster.take(notice.data):
                    self._act(news)
            case "webrtcup" if notice.handle == self._handle:
                self._is_up = True
            case "hangup" if notice.handle == self._handle:
                # The media hear of it by themselves.
                self._hung_up.set()
            case "hangup" if notice.handle is not None:
                self._feeds.hung_up(notice.handle)
            case "timeout":
                self._finish(RoomLost(LossReason.ASKED_TO_REJOIN))

    def _act(self, news: News) -> None:
        match news:
            case FeedAppeared(feed=feed):
                self._feeds.appeared(feed)
            case FeedGone(feed=feed):
                self._feeds.gone(feed)
            case Speaking(feed=feed):
                self._feeds.speaking(feed)
            case RoomEnded() | RoomLost():
                self._finish(news)
            case _:
                self._inbox.post(news)

    def _finish(self, last: RoomEnded | RoomLost) -> None:
        if not self._over:
            _log.info("The place in the room is gone: %s, %s", type(last).__name__, last.reason.value)
        self._inbox.post(last)
        self._let_go()

    def _let_go(self) -> None:
        self._over = True
        self._poll.stop()
        for coming in self._awaited.values():
            if not coming.done():
                coming.set_exception(RoomUnreachable("the place in the room is gone"))
