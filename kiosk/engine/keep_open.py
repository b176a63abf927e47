"""One device, kept open until cancelled, however often it is unplugged meanwhile."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from kiosk.blocking import acquire, in_thread
from kiosk.consultation.events import DeviceFailed, DeviceWorks
from kiosk.consultation.model import Device
from kiosk.engine.engine import Post
from kiosk.errors import DeviceError

REOPEN_AFTER_S: Final = 1.0

log = logging.getLogger(__name__)


class Closable(Protocol):
    """What camera, microphone and speaker have in common."""

    def close(self) -> None: ...


D = TypeVar("D", bound=Closable)
OnLost = Callable[[DeviceError], None]


async def keep_open(
    kind: Device, lock: asyncio.Lock, make: Callable[[], D], start: Callable[[D, OnLost], None], post: Post
) -> None:
    """Open, tell that it works, and open again a second after it was lost or missing. Closed when this returns."""
    async with lock:
        while True:
            error = await _open_until_lost(kind, make, start, post)
            log.warning("%s", error)
            post(DeviceFailed(kind))
            await asyncio.sleep(REOPEN_AFTER_S)


async def _open_until_lost(
    kind: Device, make: Callable[[], D], start: Callable[[D, OnLost], None], post: Post
) -> DeviceError:
    loop = asyncio.get_running_loop()
    lost: asyncio.Future[DeviceError] = loop.create_future()

    def note(error: DeviceError) -> None:
        if not lost.done():
            lost.set_result(error)

    def on_lost(error: DeviceError) -> None:
        loop.call_soon_threadsafe(note, error)

    try:
        device = make()
    except DeviceError as error:
        return error
    try:
        # Cancelled while it opens, it is closed as soon as it is open.
        await acquire(lambda: start(device, on_lost), lambda _: device.close())
        post(DeviceWorks(kind))
        return await lost
    except DeviceError as error:
        return error
    finally:
        await in_thread(device.close)
