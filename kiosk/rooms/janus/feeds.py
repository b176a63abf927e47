"""The others' picture and sound: one subscription for each who sends, and the speaker's picture alone."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol

from kiosk.errors import RoomError
from kiosk.rooms.janus.answers import NO_SUCH_FEED, Notice, RoomSaysNo
from kiosk.rooms.janus.roster import Feed
from kiosk.rooms.port import RoomEvent, RoomOffer, RoomOfferWithdrawn

MOST_FEEDS: Final = 8
"""Whoever comes after so many is neither seen nor heard."""
AGAIN_AFTER_S: Final = 1.0
"""A subscription that failed is tried again after so long, and longer each time."""
LONGEST_WAIT_S: Final = 15.0

_log = logging.getLogger(__name__)


class Asking(Protocol):
    """How a handle is used; all of it raises RoomError."""

    async def attach(self) -> int: ...
    async def detach(self, handle: int) -> None: ...
    async def request(
        self, what: str, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None
    ) -> Notice: ...


@dataclass(eq=False)
class _Subscription:
    feed: Feed
    task: "asyncio.Task[None] | None" = None
    handle: int | None = None
    video_mid: str | None = None
    is_new: bool = True
    """Its picture, if there is one, shall be seen."""
    answered: bool = False
    shows: bool = True
    """Whether its picture comes; what was asked for last."""
    failures: int = 0
    ends: "asyncio.Event" = field(default_factory=asyncio.Event)


class Feeds:
    """The loop's thread."""

    def __init__(self, asking: Asking, join: dict[str, Any], post: Callable[[RoomEvent], None]) -> None:
        """`join`: what every subscription tells the room."""
        self._asking = asking
        self._join = join
        self._post = post
        self._subscriptions: dict[Feed, _Subscription] = {}
        self._main: Feed | None = None
        self._steering = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def appeared(self, feed: Feed) -> None:
        """Subscribe; who sends already, and now otherwise, is subscribed to anew."""
        self.gone(feed)
        if len(self._subscriptions) >= MOST_FEEDS:
            _log.warning("More than %d people send; one is left out", MOST_FEEDS)
            return
        subscription = _Subscription(feed)
        self._subscriptions[feed] = subscription
        subscription.task = self._start(self._hold(subscription))

    def gone(self, feed: Feed) -> None:
        """Let go of it."""
        subscription = self._subscriptions.pop(feed, None)
        if subscription is None:
            return
        self._drop(subscription)
        self._post(RoomOfferWithdrawn(str(feed)))
        if self._main == feed:
            seen = [other.feed for other in self._subscriptions.values() if other.video_mid is not None]
            self._main = seen[-1] if seen else None
            self._steer()

    def speaking(self, feed: Feed) -> None:
        """Show this one, if there is a picture."""
        subscription = self._subscriptions.get(feed)
        if subscription is not None and subscription.video_mid is not None and self._main != feed:
            self._main = feed
            self._steer()

    def hung_up(self, handle: int) -> None:
        """The server has ended the connection of one of our handles."""
        for subscription in self._subscriptions.values():
            if subscription.handle == handle:
                subscription.ends.set()

    def renew(self) -> None:
        """Subscribe to all of them anew: our connections are gone."""
        main = self._main
        for feed in list(self._subscriptions):
            self.appeared(feed)
            self._subscriptions[feed].is_new = feed == main
        self._main = main

    async def close(self) -> None:
        """Ask for nothing any more."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _hold(self, subscription: _Subscription) -> None:
        while True:
            try:
                await self._subscribe(subscription)
                await subscription.ends.wait()
                _log.info("A subscription was ended by the server; made anew")
            except RoomSaysNo as error:
                if error.code == NO_SUCH_FEED:
                    return
                _log.warning("A subscription failed: %s", error)
            except RoomError as error:
                _log.warning("A subscription failed: %s", error)
            subscription.failures += 1
            await self._detach(subscription)
            pause_s = min(LONGEST_WAIT_S, AGAIN_AFTER_S * subscription.failures)
            await asyncio.sleep(pause_s * (0.8 + 0.4 * random.random()))  # noqa: S311 - jitter

    async def _subscribe(self, subscription: _Subscription) -> None:
        subscription.ends.clear()
        subscription.answered, subscription.shows = False, True
        subscription.handle = await self._asking.attach()
        body = {**self._join, "request": "join", "ptype": "subscriber", "streams": [{"feed": subscription.feed}]}
        notice = await self._asking.request("subscribe", subscription.handle, body)
        if notice.sdp is None:
            raise RoomSaysNo("subscribe: no offer came", 0)
        subscription.video_mid = _video_mid(notice.data)
        if subscription.video_mid is not None and (subscription.is_new or self._main is None):
            self._main = subscription.feed
        subscription.is_new = False
        answer = partial(self._answer, subscription, subscription.handle)
        self._post(RoomOffer(str(subscription.feed), notice.sdp, answer))

    async def _answer(self, subscription: _Subscription, handle: int, sdp: str) -> None:
        await self._asking.request("start", handle, {"request": "start"}, {"type": "answer", "sdp": sdp})
        if subscription.handle == handle:
            subscription.answered = True
            self._steer()

    def _steer(self) -> None:
        self._start(self._show_main())

    async def _show_main(self) -> None:
        """The speaker's picture comes, and no other."""
        async with self._steering:
            for subscription in list(self._subscriptions.values()):
                shows = subscription.feed == self._main
                mid, handle = subscription.video_mid, subscription.handle
                if not subscription.answered or mid is None or handle is None or subscription.shows == shows:
                    continue
                subscription.shows = shows
                body = {"request": "configure", "streams": [{"mid": mid, "send": shows}]}
                try:
                    await self._asking.request("configure", handle, body)
                except RoomError as error:
                    _log.warning("Whose picture comes could not be chosen (%s)", error)

    def _drop(self, subscription: _Subscription) -> None:
        if subscription.task is not None:
            subscription.task.cancel()
        self._start(self._detach(subscription))

    async def _detach(self, subscription: _Subscription) -> None:
        handle, subscription.handle = subscription.handle, None
        if handle is None:
            return
        try:
            await self._asking.detach(handle)
        except RoomError as error:
            _log.info("A handle was not given back (%s)", error)

    def _start(self, doing: Awaitable[None]) -> "asyncio.Task[None]":
        async def do() -> None:
            await doing

        task = asyncio.create_task(do(), name="janus-feeds")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _video_mid(data: dict[str, Any]) -> str | None:
    streams = data.get("streams")
    for stream in streams if isinstance(streams, list) else []:
        if isinstance(stream, dict) and stream.get("type") == "video" and isinstance(stream.get("mid"), str):
            mid: str = stream["mid"]
            return mid
    return None
