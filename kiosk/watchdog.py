"""Tells systemd that the terminal lives, and only while the engine and the screen both do (sd_notify(3))."""

import asyncio
import os
import socket
from collections.abc import Callable
from typing import Final

EVERY_S: Final = 2.0


def notify(message: str) -> None:
    """Send to systemd what it understands, such as READY=1. Does nothing when no systemd asked for it."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as door:
        # A leading @ means Linux's abstract namespace.
        door.connect("\0" + address[1:] if address.startswith("@") else address)
        door.sendall(message.encode())


async def feed(screen_alive: Callable[[], bool]) -> None:
    """Run on the engine's loop until cancelled: a stuck loop or a dead screen stops the feeding."""
    notify("READY=1")
    while True:
        if screen_alive():
            notify("WATCHDOG=1")
        await asyncio.sleep(EVERY_S)
