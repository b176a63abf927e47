"""One server-sent event stream: a bounded queue of records, written by one request handler."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable

QUEUE_LIMIT = 1000


def record(event: str, data: object, number: int) -> bytes:
    name = base64.b64encode(f"clinic_{number}".encode()).decode()
    return f"id: {name}\nevent: {event}\ndata: {json.dumps(data)}\n\n".encode()


class EventStream:
    """Records for one reader. `post` and `end` never block; a reader that is too slow is ended."""

    def __init__(self, keep_alive_s: float) -> None:
        self._keep_alive_s = keep_alive_s
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._number = 0
        self._ended = False

    def post(self, event: str, data: object) -> None:
        if self._ended:
            return
        if self._queue.qsize() >= QUEUE_LIMIT:
            self.end()
            return
        self._number += 1
        self._queue.put_nowait(record(event, data, self._number))

    def end(self) -> None:
        """End the stream after the records posted so far."""
        if not self._ended:
            self._ended = True
            self._queue.put_nowait(None)

    async def records(self) -> AsyncIterator[bytes]:
        """What to write, keep-alive comments included, until the stream ends."""
        while True:
            try:
                async with asyncio.timeout(self._keep_alive_s):
                    item = await self._queue.get()
            except TimeoutError:
                yield b": keep-alive\n\n"
                continue
            if item is None:
                return
            yield item

    async def copy_to(self, write: Callable[[bytes], Awaitable[None]]) -> None:
        async for item in self.records():
            await write(item)
