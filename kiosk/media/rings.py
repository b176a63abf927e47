"""How live picture and sound pass between device threads and the loop: bounded, newest wins, waking the reader."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from kiosk.frames import BLOCK_BYTES
from kiosk.latest import Latest

T = TypeVar("T")
OnPut = Callable[[], None]


class SoundRing:
    """Blocks of sound (frames.BLOCK_BYTES bytes, 20 ms each), oldest first. When full, the oldest is dropped.
    Any number of threads."""

    def __init__(self, capacity_blocks: int) -> None:
        if capacity_blocks < 1:
            raise ValueError(f"capacity_blocks = {capacity_blocks}: at least 1")
        # Every step below is one atomic operation of the deque, so no lock is needed.
        self._blocks: deque[bytes] = deque(maxlen=capacity_blocks)
        self.on_put: Callable[[], None] | None = None
        """Called after each put, in the putting thread."""

    @property
    def depth(self) -> int:
        """Blocks waiting."""
        return len(self._blocks)

    def put(self, block: bytes) -> None:
        """Add one block. Raises ValueError for anything but 20 ms of sound."""
        if len(block) != BLOCK_BYTES:
            raise ValueError(f"a block of sound has {BLOCK_BYTES} bytes, not {len(block)}")
        self._blocks.append(block)
        on_put = self.on_put
        if on_put is not None:
            on_put()

    def take(self) -> bytes | None:
        """The oldest block, once; None when there is none."""
        try:
            return self._blocks.popleft()
        except IndexError:
            return None

    def clear(self) -> None:
        """Forget what is there."""
        self._blocks.clear()


class WakingLatest(Latest[T]):
    """A newest-only slot that says when something was put, and when all of it shall be forgotten."""

    def __init__(self) -> None:
        super().__init__()
        self.on_put: OnPut | None = None
        """Called after each put, in the putting thread."""
        self.on_clear: OnPut | None = None
        """Called after each clear, in the clearing thread."""

    def put(self, value: T) -> None:
        """Replace what is there."""
        super().put(value)
        on_put = self.on_put
        if on_put is not None:
            on_put()

    def clear(self) -> None:
        """Forget what is there."""
        super().clear()
        on_clear = self.on_clear
        if on_clear is not None:
            on_clear()


class Wake:
    """Lets one coroutine wait until a thread says that there is something to do. Many calls wake once."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._event = asyncio.Event()
        self._pending = False

    def __call__(self) -> None:
        """There is something to do. Any thread; returns at once."""
        if self._pending:
            return
        self._pending = True
        # A loop that is closed has nobody left to wake: a device may be a moment slower than the end of the program.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._fire)

    async def wait(self) -> None:
        """Until called since the last wait."""
        await self._event.wait()
        self._event.clear()

    def _fire(self) -> None:
        # In this order: whatever is put from now on wakes again, whatever was put before is seen by the waiter.
        self._pending = False
        self._event.set()
