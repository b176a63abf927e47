"""The reader of an event stream: one thread that opens the stream again for ever, until it is stopped."""

import logging
import random
import time
from collections.abc import Callable
from typing import Final

from kiosk.errors import RoomError, RoomUnreachable
from kiosk.rooms.pexip.line import Line
from kiosk.rooms.pexip.settings import PexipSettings
from kiosk.rooms.reader import Reader
from kiosk.sse import Parser, Record

FIRST_WAIT_S: Final = 0.5
LONGEST_WAIT_S: Final = 3.0
"""No longer, since a server that answers again must find us soon."""
SOUND_AFTER_S: Final = 5.0
"""A stream that lived this long was a good one: the next is opened without delay."""

_log = logging.getLogger(__name__)


def wait_s(failures: int, spread: float) -> float:
    """How long to wait after so many failures in a row (1 or more); `spread` 0 to 1 keeps terminals apart."""
    doubled = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failures - 1, 16))
    # Nearly all of it by chance: what broke for all at the same time shall not be mended by all at the same time.
    return doubled * (0.1 + 0.9 * spread)


class EventStream(Reader):
    """`take` gets every record, `refused` is told when the platform does not know the token, `failed` gets a bug.
    All three in the reader's thread."""

    def __init__(
        self,
        *,
        line: Line,
        path: str,
        headers: Callable[[], dict[str, str]],
        settings: PexipSettings,
        take: Callable[[Record], None],
        refused: Callable[[], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        super().__init__("pexip-events", line.close, failed)
        self._line = line
        self._path = path
        self._headers = headers
        self._settings = settings
        self._take = take
        self._refused = refused

    def _read_for_ever(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            opened_at_s = time.monotonic()
            try:
                self._read_once()
                why = "ended"
            except RoomError as error:
                why = str(error)
            if self._stopping.is_set():
                return
            failures = 1 if time.monotonic() - opened_at_s >= SOUND_AFTER_S else failures + 1
            pause_s = wait_s(failures, random.random())  # noqa: S311 - jitter
            _log.info("Event stream lost (%s); opened again in %.1f s", why, pause_s)
            self._stopping.wait(pause_s)

    def _read_once(self) -> None:
        settings = self._settings
        with self._line.stream(
            self._path, self._headers(), connect_s=settings.connect_timeout_s, silence_s=settings.stream_silence_s
        ) as stream:
            if stream.status in {401, 403, 404}:
                self._refused()
            if stream.status != 200 or not stream.content_type.lower().startswith("text/event-stream"):
                raise RoomUnreachable(f"events: answer {stream.status}, not an event stream")
            parser = Parser()
            while chunk := stream.read():
                dropped = parser.dropped
                for record in parser.feed(chunk):
                    if self._stopping.is_set():
                        return
                    self._take(record)
                if parser.dropped > dropped:
                    _log.warning("An event larger than the limit was dropped")
