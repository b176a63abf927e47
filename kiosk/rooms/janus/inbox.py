"""Events on their way to the one who reads them: bounded, whatever the server sends and however slow the reader."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from kiosk.rooms.port import RoomEnded, RoomEvent, RoomJoined, RoomLost, RoomOffer, RoomOfferWithdrawn

MOST_PENDING: Final = 64


class Inbox(AsyncIterator[RoomEvent]):
    """News of a kind replaces older news of that kind; offers are kept for each source, and who joined is kept in
    order. Ends after RoomEnded or RoomLost. The loop's thread."""

    def __init__(self) -> None:
        self._pending: list[RoomEvent] = []
        self._changed = asyncio.Event()
        self._closed = False
        self._error: BaseException | None = None

    def post(self, event: RoomEvent) -> None:
        """Nothing is taken after the last event."""
        if self._closed:
            return
        if not isinstance(event, RoomJoined):
            self._pending = [waiting for waiting in self._pending if _key(waiting) != _key(event)]
        self._pending = [*self._pending[-MOST_PENDING + 1 :], event]
        if isinstance(event, RoomEnded | RoomLost):
            self._closed = True
        self._changed.set()

    def close(self) -> None:
        """The reader gets what is there, and then the end."""
        self._closed = True
        self._changed.set()

    def fail(self, error: BaseException) -> None:
        """A bug behind the events must not look like silence: the reader gets it."""
        self._error = error
        self.close()

    async def __anext__(self) -> RoomEvent:
        while not self._pending:
            if self._error is not None:
                raise self._error
            if self._closed:
                raise StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        return self._pending.pop(0)


def _key(event: RoomEvent) -> tuple[str, str]:
    if isinstance(event, RoomOffer | RoomOfferWithdrawn):
        return "source", event.source
    return "kind", type(event).__name__
