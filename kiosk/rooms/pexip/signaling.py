"""One place in a room of the platform, held: its token kept fresh, its events read, its call placed and ended."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from kiosk.consultation.model import EndReason, LossReason, Room
from kiosk.errors import RoomError
from kiosk.rooms.inbox import Inbox
from kiosk.rooms.pexip.answers import Grant
from kiosk.rooms.pexip.api import Api
from kiosk.rooms.pexip.asking import ask, ask_quietly
from kiosk.rooms.pexip.events import (
    CaptionsOffered,
    GoneWithoutReason,
    MalformedEvent,
    News,
    ReferralCancelled,
    Referred,
    RefreshNow,
    Tracker,
)
from kiosk.rooms.pexip.line import Line
from kiosk.rooms.pexip.settings import PexipSettings
from kiosk.rooms.pexip.statistics import Reading, report
from kiosk.rooms.pexip.stream import EventStream, wait_s
from kiosk.rooms.pexip.token_keeper import TokenKeeper
from kiosk.rooms.port import CallStatistics, RoomAdmitted, RoomEnded, RoomEvent, RoomLost, RoomMoved
from kiosk.sse import Record

T = TypeVar("T")

REASON_FOLLOWS_WITHIN_S: Final = 1.0
"""How long to wait for the reason after we vanished from the roster."""
PAUSE_TIMEOUT_S: Final = 5.0
# Leaving: 1 + 1.25 + 1.25 + 0.5 s at the very most, well under the 5 s that the port promises.
LAST_REFRESH_S: Final = 1.0
GOODBYE_S: Final = 1.25
READER_ENDS_WITHIN_S: Final = 0.5
FORMER_CALL_S: Final = 1.0
"""How long a new call waits for the end of the one that it replaces."""
STATISTICS_TIMEOUT_S: Final = 2.0
REFERRAL_STANDS_S: Final = 0.3
"""So long the platform may take back that we are to move."""
CAPTIONS_TRIES: Final = 5
"""Then not before the platform offers them again, or lets us in."""
SHOW_CAPTIONS: Final = "show_live_captions"
USER_LEFT: Final = "User initiated disconnect"
TRANSFER: Final = "Transfer"

_log = logging.getLogger(__name__)


class PexipSignaling:
    """Signaling over the platform's client API. The loop's thread; requests and the stream have their own."""

    def __init__(
        self,
        *,
        room: Room,
        api: Api,
        line: Line,
        stream_line: Line,
        grant: Grant,
        asked_at_s: float,
        settings: PexipSettings,
        captions: bool,
    ) -> None:
        """A place just taken; `asked_at_s` is the monotonic time of the asking. Call in a running loop."""
        self._room = room
        self.waiting = grant.waiting
        self.ice_servers = grant.ice_servers
        self.relay_only = grant.relay_only
        self.video = grant.video
        self.statistics_every_s = grant.statistics_every_s
        self._api = api
        self._line = line
        self._stream_line = stream_line
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        self._inbox = Inbox()
        self._tracker = Tracker(grant.participant, grant.waiting)
        self._over = False
        self._call: str | None = None
        self._told: Reading | None = None
        self._telling_statistics = False
        self._vanished: asyncio.TimerHandle | None = None
        self._paused_wanted = self._paused_told = False
        self._pausing: asyncio.Task[None] | None = None
        self._captions_wanted = captions
        self._captions_offered = self._captions_shown = False
        self._asking_captions: asyncio.Task[None] | None = None
        self._moving: asyncio.TimerHandle | None = None
        self._move: RoomMoved | None = None
        self._leaving: asyncio.Task[None] | None = None
        self._stream = EventStream(
            line=stream_line,
            path=api.events(),
            headers=api.headers,
            settings=settings,
            take=self._take,
            refused=self._stream_refused,
            failed=self._stream_failed,
        )
        self._stream.start()
        self._keeper = TokenKeeper(self._refresh, settings.answer_timeout_s, self._place_gone)
        self._refreshing = self._loop.create_task(
            self._keeper.keep(asked_at_s, grant.token.expires_s), name="pexip-refresh"
        )
        self._refreshing.add_done_callback(self._refreshing_ended)

    async def offer(self, sdp: str) -> str:
        """See the port. A second offer takes the place of the first call."""
        if self._call is not None:
            former, self._call, self._tracker.call, self._told = self._call, None, None, None
            await self._disconnect(former, FORMER_CALL_S)
        call = await self._ask("calls", partial(self._api.place_call, sdp))
        self._call = self._tracker.call = call.call
        self.ice_servers += tuple(server for server in call.ice_servers if server not in self.ice_servers)
        return call.sdp

    async def ack(self) -> None:
        """See the port."""
        if self._call is None:
            raise RuntimeError("ack without a call")
        await self._ask("ack", partial(self._api.ack, self._call))

    def events(self) -> AsyncIterator[RoomEvent]:
        """See the port. Ends without a last event after `leave`."""
        return self._inbox

    def renew(self) -> None:
        """See the port. A stream on a dead path would just be silent; its successor tells all anew."""
        self._line.renew()
        self._stream_line.cut()

    async def pause(self, paused: bool) -> None:
        """See the port. The newest wish wins, and an older one never overtakes it."""
        self._paused_wanted = paused
        if self._pausing is None or self._pausing.done():
            self._pausing = self._loop.create_task(self._tell_pause(), name="pexip-pause")
        # Not awaited itself: leaving cancels it, and that must not look like our caller's own end.
        await asyncio.wait({self._pausing})

    async def statistics(self, statistics: CallStatistics) -> None:
        """See the port. What comes while the last ones are on their way is left out."""
        if self._call is None or self._over or self._telling_statistics:
            return
        now = Reading(time.monotonic(), statistics)
        send = partial(self._api.send_statistics, self._call, report(now, self._told), STATISTICS_TIMEOUT_S)
        self._telling_statistics, self._told = True, now
        try:
            await ask_quietly("calls/statistics", self._line, send, STATISTICS_TIMEOUT_S)
        finally:
            self._telling_statistics = False

    async def leave(self) -> None:
        """See the port."""
        if self._leaving is None:
            self._leaving = self._loop.create_task(self._leave(), name="pexip-leave")
        await asyncio.shield(self._leaving)

    async def _ask(self, what: str, call: Callable[[], T]) -> T:
        limit_s = self._settings.connect_timeout_s + self._settings.answer_timeout_s
        return await ask(what, self._line, call, limit_s)

    async def _leave(self) -> None:
        self._let_go()
        self._inbox.close()
        if self._keeper.asking:
            # Its answer replaces the token that we are about to give back.
            await asyncio.wait({self._refreshing}, timeout=LAST_REFRESH_S)
        tasks = (self._refreshing, self._pausing, self._asking_captions)
        running = [task for task in tasks if task is not None]
        for task in running:
            task.cancel()
        # An answer that the node still owes must not keep our last words waiting.
        self._line.cut()
        if self._call is not None:
            await self._disconnect(self._call, GOODBYE_S)
        reason = TRANSFER if self._move is not None else self._tracker.disconnect_reason or USER_LEFT
        release = partial(self._api.release_token, reason, GOODBYE_S)
        await ask_quietly("release_token", self._line, release, GOODBYE_S)
        # Whatever still waits for an answer ends here, and its thread with it.
        self._line.close()
        await ask_quietly("events", self._line, self._join_reader, READER_ENDS_WITHIN_S)
        await asyncio.wait(running)
        _log.info("Left the room")

    def _join_reader(self) -> None:
        if not self._stream.join(READER_ENDS_WITHIN_S):
            _log.warning("The event stream's reader is stuck in connecting; it ends by itself")

    async def _disconnect(self, call: str, limit_s: float) -> None:
        disconnect = partial(self._api.disconnect_call, call, limit_s)
        await ask_quietly("calls/disconnect", self._line, disconnect, limit_s)

    async def _tell_pause(self) -> None:
        while self._paused_told != self._paused_wanted:
            paused = self._paused_wanted
            # Nodes before v36 know no client_mute; what counts is that nothing is sent.
            for word in ("client_mute", "video_muted") if paused else ("client_unmute", "video_unmuted"):
                await ask_quietly(word, self._line, partial(self._api.tell, word, PAUSE_TIMEOUT_S), PAUSE_TIMEOUT_S)
            self._paused_told = paused

    # The reader's thread

    def _take(self, record: Record) -> None:
        try:
            news = self._tracker.take(record)
        except MalformedEvent as error:
            _log.warning("Event ignored: %s", error)
            return
        for item in news:
            self._call_in_loop(partial(self._hear, item))

    def _stream_refused(self) -> None:
        # The answer to a refresh tells a dead token from a stream that hiccups.
        self._call_in_loop(partial(self._hear, RefreshNow()))

    def _stream_failed(self, error: BaseException) -> None:
        self._call_in_loop(partial(self._inbox.fail, error))

    def _call_in_loop(self, call: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:
            # The loop is closed: nobody listens any more.
            self._stream.stop()

    # The loop's thread

    def _hear(self, news: News) -> None:
        if self._over:
            return
        match news:
            case RefreshNow():
                self._keeper.wish()
            case Referred(alias=alias, token=token):
                self._stay()
                self._move = RoomMoved(replace(self._room, alias=alias, token=token, pin=None, extension=None))
                self._moving = self._loop.call_later(REFERRAL_STANDS_S, self._finish, self._move)
            case ReferralCancelled():
                self._stay()
            case GoneWithoutReason() | RoomEnded() | RoomLost() if self._move is not None:
                # The place is taken from us because we are to go on in the other room.
                self._finish(self._move)
            case GoneWithoutReason():
                if self._vanished is None:
                    ended = RoomEnded(EndReason.FINISHED)
                    self._vanished = self._loop.call_later(REASON_FOLLOWS_WITHIN_S, self._finish, ended)
            case RoomEnded() | RoomLost():
                self._finish(news)
            case CaptionsOffered(on=on):
                self._captions_offered = on
                self._captions_shown = self._captions_shown and on
                self._want_captions()
            case _:
                self._inbox.post(news)
                if isinstance(news, RoomAdmitted):
                    self._want_captions()

    def _stay(self) -> None:
        if self._moving is not None:
            self._moving.cancel()
        self._move = None

    def _want_captions(self) -> None:
        busy = self._asking_captions is not None and not self._asking_captions.done()
        if self._captions_wanted and self._captions_offered and not (self._captions_shown or busy or self._over):
            self._asking_captions = self._loop.create_task(self._ask_captions(), name="pexip-captions")

    async def _ask_captions(self) -> None:
        for failures in range(1, CAPTIONS_TRIES + 1):
            try:
                await self._ask(SHOW_CAPTIONS, partial(self._api.tell, SHOW_CAPTIONS, PAUSE_TIMEOUT_S))
            except RoomError as error:
                _log.info("No captions: %s", error)
                await asyncio.sleep(wait_s(failures, random.random()))  # noqa: S311 - jitter
            else:
                self._captions_shown = True
                return

    def _finish(self, last: RoomEnded | RoomLost | RoomMoved) -> None:
        if not self._over:
            why = "" if isinstance(last, RoomMoved) else f", {last.reason.value}"
            _log.info("The place in the room is gone: %s%s", type(last).__name__, why)
        self._inbox.post(last)
        self._let_go()

    def _let_go(self) -> None:
        self._over = True
        self._keeper.stop()
        self._stream.stop()
        for timer in (self._vanished, self._moving):
            if timer is not None:
                timer.cancel()

    async def _refresh(self, timeout_s: float) -> float:
        return await self._ask("refresh_token", partial(self._api.refresh_token, timeout_s))

    def _refreshing_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._inbox.fail(error)

    def _place_gone(self, why: str) -> None:
        _log.warning("The platform has forgotten us: %s", why)
        # Whoever was taken off the roster is let go, not lost.
        ended = self._vanished is not None
        self._finish(RoomEnded(EndReason.FINISHED) if ended else RoomLost(LossReason.ASKED_TO_REJOIN))
