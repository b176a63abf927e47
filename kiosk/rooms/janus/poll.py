"""The reader of a session's events: one thread that polls for ever, until it is stopped."""

import logging
import random
from collections.abc import Callable
from typing import Final

from kiosk.errors import RoomError
from kiosk.rooms.janus.answers import Notice, SessionGone
from kiosk.rooms.janus.api import Api
from kiosk.rooms.pexip.line import Line
from kiosk.rooms.reader import Reader

FIRST_WAIT_S: Final = 0.1
LONGEST_WAIT_S: Final = 5.0
JITTER: Final = 0.2

_log = logging.getLogger(__name__)


class Poll(Reader):
    """`take` gets every event, `gone` is told once when the session is no more, `failed` gets a bug. All three in the
    reader's thread."""

    def __init__(
        self,
        *,
        api: Api,
        line: Line,
        take: Callable[[Notice], None],
        gone: Callable[[], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        super().__init__("janus-events", line.close, failed)
        self._line = line
        self._api = api
        self._take = take
        self._gone = gone

    def _read_for_ever(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                notices = self._api.poll(self._line)
            except SessionGone:
                if not self._stopping.is_set():
                    self._gone()
                return
            except RoomError as error:
                failures += 1
                if not self._stopping.is_set():
                    _log.info("No events (%s)", error)
                self._stopping.wait(_wait_s(failures))
                continue
            failures = 0
            for notice in notices:
                if self._stopping.is_set():
                    return
                self._take(notice)


def _wait_s(failures: int) -> float:
    doubled = FIRST_WAIT_S * 2.0 ** min(failures - 1, 16)
    return min(LONGEST_WAIT_S, doubled) * (1 + JITTER * (2 * random.random() - 1))  # noqa: S311 - jitter
