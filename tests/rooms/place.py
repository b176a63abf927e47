"""A place in a node's room, held for a test, and ways to watch it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from kiosk.rooms.port import RoomEvent, Signaling
from tests.rooms.node import Node, client


@asynccontextmanager
async def inside(serving: Node, **changes: Any) -> AsyncIterator[Signaling]:
    joined = await client(**changes).join(serving.room())
    try:
        yield joined
    finally:
        await joined.leave()


async def hear(joined: Signaling, kind: type[RoomEvent]) -> RoomEvent:
    async with asyncio.timeout(10):
        async for event in joined.events():
            if isinstance(event, kind):
                return event
    raise AssertionError(f"the events ended without {kind.__name__}")


def readers() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "pexip-events"]


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.01)
