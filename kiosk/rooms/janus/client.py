"""Taking a place in a video room."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from kiosk.blocking import acquire
from kiosk.consultation.model import Room
from kiosk.errors import ConfigError, RoomError, RoomRefused, RoomUnreachable
from kiosk.rooms.janus.answers import NO_SUCH_FEED, Notice, RoomSaysNo, check
from kiosk.rooms.janus.api import Api, new_transaction
from kiosk.rooms.janus.settings import JanusSettings
from kiosk.rooms.janus.signaling import GOODBYE_S, JanusSignaling
from kiosk.rooms.pexip.address import base_url
from kiosk.rooms.pexip.line import Line

T = TypeVar("T")

LARGEST_ROOM: Final = 2**63 - 1

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Seat:
    handle: int
    notices: list[Notice] = field(repr=False)
    """What came with the place, and perhaps after it."""


class JanusClient:
    """RoomClient over the HTTP API of a Janus server with the VideoRoom plugin."""

    def __init__(self, settings: JanusSettings | None = None) -> None:
        """Raises ConfigError."""
        self._settings = settings or JanusSettings()
        if self._settings.ca_file is not None and not Path(self._settings.ca_file).is_file():
            raise ConfigError("rooms.janus.ca_file: there is no such file")
        if not self._settings.path.startswith("/"):
            raise ConfigError("rooms.janus.path: must begin with /")

    async def check(self, room: Room) -> None:
        """See the port."""
        asked = _entrance(room)
        line = Line(base_url(room.host, self._settings.allowed_hosts), self._settings.ca_file)
        api = Api(line, self._settings)

        def look() -> None:
            # Whoever asks to watch somebody who is not there has shown the PIN, and gets no place.
            body = {**asked, "request": "join", "ptype": "subscriber", "streams": [{"feed": secrets.randbits(52)}]}
            with contextlib.closing(line):
                try:
                    self._request(api, line, "check", body)
                except RoomSaysNo as no:
                    if no.code != NO_SUCH_FEED:
                        raise
                finally:
                    _destroy(api)

        await self._limited(line, look, lambda _: None)

    async def join(self, room: Room) -> JanusSignaling:
        """See the port."""
        asked = _entrance(room)
        host = base_url(room.host, self._settings.allowed_hosts)
        line, poll_line = Line(host, self._settings.ca_file), Line(host, self._settings.ca_file)
        api = Api(line, self._settings)

        def take() -> _Seat:
            body = {**asked, "request": "join", "ptype": "publisher", "display": room.display_name}
            try:
                return self._request(api, line, "join", body)
            except RoomError:
                _destroy(api)
                line.close()
                raise

        def give_back(_: _Seat) -> None:
            _destroy(api)
            line.close()

        seat = await self._limited(line, take, give_back)
        _log.info("Joined a video room")
        joined = next(notice.data for notice in seat.notices if notice.data.get("videoroom") == "joined")
        return JanusSignaling(
            api=api,
            line=line,
            poll_line=poll_line,
            handle=seat.handle,
            joined=seat.notices,
            subscribing={**asked, "private_id": joined.get("private_id")},
            settings=self._settings,
        )

    async def _limited(self, line: Line, get: Callable[[], T], give_back: Callable[[T], None]) -> T:
        """`get()` in a worker thread, cut when the server drips."""
        longest_s = 2 * (self._settings.connect_timeout_s + self._settings.answer_timeout_s)
        limit = asyncio.get_running_loop().call_later(longest_s, line.close)
        try:
            return await acquire(get, give_back)
        finally:
            limit.cancel()

    def _request(self, api: Api, line: Line, what: str, body: dict[str, Any]) -> _Seat:
        """Open a session and a handle, ask the room, and wait for its answer. Blocks."""
        api.create()
        handle = api.attach()
        transaction = new_transaction()
        api.message(what, handle, body, None, transaction)
        heard: list[Notice] = []
        while True:
            notices = api.poll(line)
            heard += notices
            for notice in notices:
                if notice.transaction == transaction:
                    check(what, notice, joining=True)
                    if what == "join" and notice.data.get("videoroom") != "joined":
                        raise RoomUnreachable(f"{what}: the room did not say that we are in")
                    return _Seat(handle, heard)


def _entrance(room: Room) -> dict[str, Any]:
    """What opens the room. Raises RoomRefused."""
    number = room.alias.strip()
    if not (number.isascii() and number.isdigit()) or not 0 < int(number) <= LARGEST_ROOM:
        raise RoomRefused("not_found", "the room has no usable number")
    pin = (room.pin or "").strip()
    return {"room": int(number), **({"pin": pin} if pin else {})}


def _destroy(api: Api) -> None:
    try:
        api.destroy(GOODBYE_S)
    except RoomError as error:
        _log.info("A session was not given back (%s)", error)
