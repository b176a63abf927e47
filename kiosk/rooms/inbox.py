"""Events on their way to the one who reads them: bounded, whatever the platform sends and however slow the reader."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from kiosk.rooms.port import (
    RoomAdmitted,
    RoomEnded,
    RoomEvent,
    RoomJoined,
    RoomLost,
    RoomMessage,
    RoomMoved,
    RoomOffer,
    RoomOfferWithdrawn,
    RoomWaiting,
)

MOST_MESSAGES: Final = 20
MOST_PENDING: Final = 64
"""In all: far more than there are kinds, and the sources that one can show."""


class Inbox(AsyncIterator[RoomEvent]):
    """News of a kind replaces older news of that kind, and an offer the same source's older one; of messages and
    arrivals the newest stay. Ends after RoomEnded, RoomLost or RoomMoved. The loop's thread."""

    def __init__(self) -> None:
        self._pending: list[RoomEvent] = []
        self._changed = asyncio.Event()
        self._closed = False
        self._error: BaseException | None = None

    def post(self, event: RoomEvent) -> None:
        """Nothing is taken after the last event."""
        if self._closed:
            return
        if isinstance(event, RoomMessage | RoomJoined):
            alike = [waiting for waiting in self._pending if type(waiting) is type(event)]
            if len(alike) >= MOST_MESSAGES:
                self._pending.remove(alike[0])
        else:
            self._pending = [waiting for waiting in self._pending if _kind(waiting) != _kind(event)]
        self._pending = [*self._pending[-MOST_PENDING + 1 :], event]
        if isinstance(event, RoomEnded | RoomLost | RoomMoved):
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


def _kind(event: RoomEvent) -> str:
    if isinstance(event, RoomOffer | RoomOfferWithdrawn):
        return f"source {event.source}"
    # The newest of these two is where we are.
    return "place" if isinstance(event, RoomAdmitted | RoomWaiting) else type(event).__name__
