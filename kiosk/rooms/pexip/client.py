"""Taking a place in a room of the platform."""

import asyncio
import logging
import time
from pathlib import Path

from kiosk.blocking import acquire, in_thread
from kiosk.consultation.model import Room
from kiosk.errors import ConfigError, RoomError
from kiosk.rooms.pexip.address import base_url
from kiosk.rooms.pexip.answers import Grant
from kiosk.rooms.pexip.api import Api
from kiosk.rooms.pexip.line import Line
from kiosk.rooms.pexip.settings import PexipSettings
from kiosk.rooms.pexip.signaling import GOODBYE_S, USER_LEFT, PexipSignaling

_log = logging.getLogger(__name__)


class PexipClient:
    """RoomClient over Pexip Infinity's client REST API v2."""

    def __init__(self, settings: PexipSettings | None = None, *, captions: bool = False) -> None:
        """`captions`: ask for live captions wherever there are some. Raises ConfigError."""
        self._captions = captions
        self._settings = settings or PexipSettings()
        if self._settings.ca_file is not None and not Path(self._settings.ca_file).is_file():
            raise ConfigError("rooms.pexip.ca_file: there is no such file")

    async def check(self, room: Room) -> None:
        """See the port. A room without any PIN gives a place at the first question; it is given back at once, and in
        such a room alone a guest may flash up for an instant."""
        settings = self._settings
        line = Line(base_url(room.host, settings.allowed_hosts), settings.ca_file)
        api = Api(line, room, settings)
        longest_s = 2 * (settings.connect_timeout_s + settings.join_timeout_s) + GOODBYE_S
        limit = asyncio.get_running_loop().call_later(longest_s, line.close)
        try:
            await in_thread(api.look_in)
        finally:
            limit.cancel()
            line.close()

    async def join(self, room: Room) -> PexipSignaling:
        """See the port."""
        settings = self._settings
        node = base_url(room.host, settings.allowed_hosts)
        line = Line(node, settings.ca_file)
        api = Api(line, room, settings)

        def take() -> Grant:
            try:
                return api.request_token()
            except RoomError:
                line.close()
                raise

        def give_back(_: Grant) -> None:
            try:
                api.release_token(USER_LEFT, GOODBYE_S)
            except RoomError as error:
                _log.info("A place that nobody wanted any more was not given back (%s)", error)
            finally:
                line.close()

        asked_at_s = time.monotonic()
        # Two questions at most, each with its own limits; this ends a node that drips.
        longest_s = 2 * (settings.connect_timeout_s + settings.join_timeout_s)
        limit = asyncio.get_running_loop().call_later(longest_s, line.close)
        try:
            grant = await acquire(take, give_back)
        finally:
            limit.cancel()
        _log.info(
            "Joined a room: waiting %s, token for %.0f s, %d ICE servers",
            grant.waiting,
            grant.token.expires_s,
            len(grant.ice_servers),
        )
        return PexipSignaling(
            room=room,
            api=api,
            line=line,
            stream_line=Line(node, settings.ca_file),
            grant=grant,
            asked_at_s=asked_at_s,
            settings=settings,
            captions=self._captions,
        )
