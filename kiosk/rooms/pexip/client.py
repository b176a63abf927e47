"""Taking a place in a room of the platform, or looking whether there would be one."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import dns.resolver

from kiosk.blocking import acquire, in_thread
from kiosk.consultation.model import Room
from kiosk.errors import ConfigError, RoomError, RoomUnreachable
from kiosk.rooms.pexip.answers import Grant
from kiosk.rooms.pexip.api import Api
from kiosk.rooms.pexip.line import Line
from kiosk.rooms.pexip.nodes import Nodes, Resolve
from kiosk.rooms.pexip.settings import PexipSettings
from kiosk.rooms.pexip.signaling import GOODBYE_S, USER_LEFT, PexipSignaling

T = TypeVar("T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Reached(Generic[T]):
    """A node that answered, and what."""

    node: str
    line: Line
    api: Api
    answer: T


class PexipClient:
    """RoomClient over Pexip Infinity's client REST API v2."""

    def __init__(
        self,
        settings: PexipSettings | None = None,
        *,
        captions: bool = False,
        resolve: Resolve = dns.resolver.Resolver,
    ) -> None:
        """`captions`: ask for live captions wherever there are some. `resolve` makes what asks the DNS; the machine's
        own servers may change. Raises ConfigError."""
        self._captions = captions
        self._settings = settings or PexipSettings()
        if self._settings.ca_file is not None and not Path(self._settings.ca_file).is_file():
            raise ConfigError("rooms.pexip.ca_file: there is no such file")
        self._nodes = Nodes(self._settings.allowed_hosts, resolve)

    async def check(self, room: Room) -> None:
        """See the port. A room without any PIN gives a place at the first question; it is given back at once, and in
        such a room alone a guest may flash up for an instant."""
        lines = _Lines(self._settings)
        limit = asyncio.get_running_loop().call_later(self._longest_s() + GOODBYE_S, lines.close)
        try:
            await in_thread(partial(self._reach, room, lines, Api.look_in))
        finally:
            limit.cancel()
            lines.close()

    async def join(self, room: Room) -> PexipSignaling:
        """See the port."""
        lines = _Lines(self._settings)

        def give_back(reached: _Reached[Grant]) -> None:
            try:
                reached.api.release_token(USER_LEFT, GOODBYE_S)
            except RoomError as error:
                _log.info("A place that nobody wanted any more was not given back (%s)", error)
            finally:
                reached.line.close()

        asked_at_s = time.monotonic()
        limit = asyncio.get_running_loop().call_later(self._longest_s(), lines.close)
        try:
            reached = await acquire(partial(self._reach, room, lines, Api.request_token), give_back)
        finally:
            limit.cancel()
        grant = reached.answer
        _log.info(
            "Joined a room: waiting %s, token for %.0f s, %d ICE servers",
            grant.waiting,
            grant.token.expires_s,
            len(grant.ice_servers),
        )
        return PexipSignaling(
            room=room,
            api=reached.api,
            line=reached.line,
            stream_line=Line(reached.node, self._settings.ca_file),
            grant=grant,
            asked_at_s=asked_at_s,
            settings=self._settings,
            captions=self._captions,
        )

    def _longest_s(self) -> float:
        # Two questions at most, each with its own limits; this ends a node that drips, and the search for others.
        return 2 * (self._settings.connect_timeout_s + self._settings.join_timeout_s)

    def _reach(self, room: Room, lines: "_Lines", ask: Callable[[Api], T]) -> _Reached[T]:
        """Ask the nodes one after the other until one answers."""
        lost: RoomUnreachable | None = None
        try:
            for node in self._nodes.in_service(room.host, lines.open):
                line = lines.open(node)
                api = Api(line, room, self._settings)
                try:
                    return _Reached(node, line, api, ask(api))
                except RoomUnreachable as error:
                    line.close()
                    lost = error
                    _log.info("A node was of no use (%s)", error)
                except RoomError:
                    line.close()
                    raise
        except RoomUnreachable as error:
            raise lost or error from None
        raise lost or RoomUnreachable("no node was tried")


class _Lines:
    """The lines of one attempt: opened by its worker, closed from the loop."""

    def __init__(self, settings: PexipSettings) -> None:
        self._settings = settings
        self._open: list[Line] = []
        self._closed = False

    def open(self, node: str) -> Line:
        line = Line(node, self._settings.ca_file)
        self._open.append(line)
        if self._closed:
            # It refuses what it is asked.
            line.close()
        return line

    def close(self) -> None:
        self._closed = True
        for line in list(self._open):
            line.close()
