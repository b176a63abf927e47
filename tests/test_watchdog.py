"""systemd is told that the terminal lives only while the screen does, and by the engine's own loop."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk import watchdog


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    address = str(tmp_path / "notify")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as door:
        door.bind(address)
        door.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        yield door


async def test_fed_only_while_the_screen_lives(systemd: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "EVERY_S", 0.001)
    loop = asyncio.get_running_loop()
    alive = True
    feeding = asyncio.create_task(watchdog.feed(lambda: alive))
    try:
        assert await asyncio.wait_for(loop.sock_recv(systemd, 100), 5) == b"READY=1"
        assert await asyncio.wait_for(loop.sock_recv(systemd, 100), 5) == b"WATCHDOG=1"
        alive = False
        while True:  # what was sent before the screen died
            try:
                systemd.recv(100)
            except BlockingIOError:
                break
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(loop.sock_recv(systemd, 100), 0.1)
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)


async def test_ready_only_once_the_screen_has_shown_a_picture(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "SOON_S", 0.001)
    loop = asyncio.get_running_loop()
    asked = 0
    shown = asyncio.Event()
    enough = asyncio.Event()

    def alive() -> bool:
        nonlocal asked
        asked += 1
        if asked == 3:
            enough.set()
        return shown.is_set()

    feeding = asyncio.create_task(watchdog.feed(alive))
    try:
        await asyncio.wait_for(enough.wait(), 5)
        with pytest.raises(BlockingIOError):
            systemd.recv(100)
        shown.set()
        assert await asyncio.wait_for(loop.sock_recv(systemd, 100), 5) == b"READY=1"
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)


def test_without_systemd_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    watchdog.notify("READY=1")
