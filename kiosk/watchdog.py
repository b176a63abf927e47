"""Tells systemd that the terminal is ready, and lives: only while engine and screen both do (sd_notify(3))."""

import asyncio
import os
import socket
from collections.abc import Callable
from typing import Final

EVERY_S: Final = 2.0
SOON_S: Final = 0.1
"""How often is looked whether the first picture is shown."""


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
    """Run on the engine's loop until cancelled: ready with the screen's first sign of life, which comes when its first
    picture is shown; a stuck loop or a dead screen stops the feeding."""
    ready = False
    while True:
        if screen_alive():
            notify("WATCHDOG=1" if ready else "READY=1")
            ready = True
        await asyncio.sleep(EVERY_S if ready else SOON_S)
