"""Keeping the token of a place fresh."""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import Final

from kiosk.errors import RoomError
from kiosk.rooms.pexip.answers import PlaceGone
from kiosk.rooms.pexip.stream import wait_s

REFRESH_GAP_S: Final = 1.0
"""However often the platform asks, refreshing is not done more often than this."""

_log = logging.getLogger(__name__)


class TokenKeeper:
    """`refresh` gets the longest time that it may take, and gives the new token's life; all in seconds. `gone` is told
    once why there is no token any more. The loop's thread."""

    def __init__(
        self, refresh: Callable[[float], Awaitable[float]], answer_timeout_s: float, gone: Callable[[str], None]
    ) -> None:
        self._refresh = refresh
        self._answer_timeout_s = answer_timeout_s
        self._gone = gone
        self._wanted = asyncio.Event()
        self._over = False
        self.asking = False
        """A refresh is on its way: its answer replaces the token."""

    def wish(self) -> None:
        """The platform wants it done now."""
        self._wanted.set()

    def stop(self) -> None:
        """Let `keep` end; a refresh under way is finished."""
        self._over = True
        self._wanted.set()

    async def keep(self, asked_at_s: float, life_s: float) -> None:
        """Until stopped or gone. The first token was asked for at that monotonic time."""
        expires_at_s, pause_s = asked_at_s + life_s, life_s / 3
        failures = 0
        asked_at_s = time.monotonic() - REFRESH_GAP_S
        while True:
            wished = await self._due(min(pause_s, expires_at_s - time.monotonic()))
            if wished and not self._over:
                await asyncio.sleep(min(expires_at_s, asked_at_s + REFRESH_GAP_S) - time.monotonic())
            if self._over:
                return
            asked_at_s = time.monotonic()
            left_s = expires_at_s - asked_at_s
            if left_s <= 0:
                self._gone("the token has expired")
                return
            try:
                self.asking = True
                life_s = await self._refresh(min(left_s, self._answer_timeout_s))
            except PlaceGone as error:
                self._gone(str(error))
                return
            except RoomError as error:
                failures += 1
                pause_s = wait_s(failures, random.random())  # noqa: S311 - jitter
                _log.warning("The token was not refreshed (%s); again in %.1f s", error, pause_s)
            else:
                failures = 0
                expires_at_s, pause_s = asked_at_s + life_s, life_s / 3
            finally:
                self.asking = False

    async def _due(self, pause_s: float) -> bool:
        """Wait for the time, or for a wish: True."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, pause_s)):
                await self._wanted.wait()
        wished = self._wanted.is_set()
        self._wanted.clear()
        return wished
