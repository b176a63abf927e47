"""Gathering against servers that keep silent, and aioice's names that it leans on."""

import asyncio
import logging
import socket
import time
from collections.abc import Iterator

import pytest
from aioice import Connection

from kiosk.media import Incoming, MediaSession, Outgoing, Settings
from kiosk.media.gathering import Gathering
from kiosk.media.ladder import SHORT_S, Path, Servers
from kiosk.rooms.port import IceServer

from .far_end import FarEnd


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A UDP socket that takes everything and says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        yield silent.getsockname()[1]


async def offered_after_s(outgoing: Outgoing, servers: tuple[IceServer, ...]) -> float:
    """From the beginning to the offer, of a call that connects."""
    far = FarEnd()
    far.ice_servers = servers
    session = MediaSession(Settings(), outgoing, Incoming())
    begun_s = time.monotonic()
    times_s: list[float] = []

    def note(sdp: str) -> str:
        times_s.append(time.monotonic() - begun_s)
        return sdp

    far.edit = note
    try:
        await session.connect(far)
        assert outgoing.memory.worked is Path.DIRECT
    finally:
        await session.close()
        await far.close()
    return times_s[0]


async def test_a_silent_stun_server_costs_less_than_a_second_and_once(silent_port: int) -> None:
    outgoing = Outgoing()
    servers = (IceServer((f"stun:127.0.0.1:{silent_port}",)),)
    without_s = await offered_after_s(Outgoing(), ())
    first_s = await offered_after_s(outgoing, servers)
    second_s = await offered_after_s(outgoing, servers)
    print(f"\noffer after {without_s:.2f} s without STUN, {first_s:.2f} s with a silent one, then {second_s:.2f} s")
    assert SHORT_S <= first_s < without_s + 1.0
    assert second_s < first_s - 0.4


async def test_silent_relays_cost_no_more(silent_port: int) -> None:
    urls = (f"turn:127.0.0.1:{silent_port}", f"turn:127.0.0.1:{silent_port}?transport=tcp", "stun:127.0.0.1:9")
    servers = (IceServer(urls, "user", "key"),)
    without_s = await offered_after_s(Outgoing(), ())
    assert await offered_after_s(Outgoing(), servers) < without_s + 1.0


async def test_closing_while_gathering_leaves_nothing_behind(silent_port: int) -> None:
    tasks_before = asyncio.all_tasks()
    far = FarEnd()
    far.ice_servers = (IceServer((f"turn:127.0.0.1:{silent_port}",), "user", "key"),)
    far.relay_only = True
    session = MediaSession(Settings(), Outgoing(), Incoming())
    connecting = asyncio.create_task(session.connect(far))
    while not any(task.get_name() == "media-gather TURN over UDP" for task in asyncio.all_tasks()):
        await asyncio.sleep(0)
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    await session.close()
    await far.close()
    assert asyncio.all_tasks() == tasks_before


async def test_the_log_names_the_kind_of_server_and_never_its_address(
    silent_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    servers = (IceServer((f"turn:127.0.0.1:{silent_port}?transport=tcp",), "secret", "secret"),)
    with caplog.at_level(logging.INFO, "kiosk"):
        await offered_after_s(Outgoing(), servers)
    assert "TURN over TCP: no address (ConnectionRefusedError)" in caplog.text
    assert "127.0.0.1" not in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(("relays_only", "hosts"), [(False, ["127.0.0.1"]), (True, [])], ids=["direct", "relays only"])
async def test_a_machine_without_a_network_meets_itself(
    monkeypatch: pytest.MonkeyPatch, relays_only: bool, hosts: list[str]
) -> None:
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda **_: [])
    ice = Connection(ice_controlling=True)
    Gathering(Servers(), relays_only, None, None).take_over(ice)
    try:
        await ice.gather_candidates()
        assert [candidate.host for candidate in ice.local_candidates] == hosts
    finally:
        await ice.close()


async def test_a_machine_has_moved_when_it_lost_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    own = ["192.0.2.7", "192.0.2.8"]
    monkeypatch.setattr("kiosk.media.gathering.get_host_addresses", lambda **_: own)
    gathering = Gathering(Servers(), True, None, None)
    assert not gathering.has_moved(), "has not begun"
    ice = Connection(ice_controlling=True)
    gathering.take_over(ice)
    try:
        await ice.gather_candidates()
        assert not gathering.has_moved()
        own.append("192.0.2.9")
        assert not gathering.has_moved()
        del own[0]
        assert gathering.has_moved()
        own.clear()
        assert gathering.has_moved()
    finally:
        await ice.close()
