"""One network and one coturn for all tests of this folder."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from . import coturn
from .network import CLINIC_ADDRESS, Network, Place, missing


@dataclass
class Turn:
    """Where the tests take place."""

    network: Network
    clinic: Place
    terminal: Place
    ca_file: str


@pytest.fixture(scope="session")
def turn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turn]:
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("turn")
    with contextlib.ExitStack() as stack:
        network = Network()
        stack.callback(network.close)
        clinic, terminal = Place(network.clinic), Place(network.terminal)
        stack.callback(clinic.close)
        stack.callback(terminal.close)
        server = coturn.start(network.clinic, folder)
        stack.callback(server.wait)
        stack.callback(server.kill)
        clinic.run(_until_listening())
        yield Turn(network, clinic, terminal, str(folder / "ca.pem"))


async def _until_listening() -> None:
    deadline_s = time.monotonic() + 10
    waiting = {3478, 443}
    while waiting:
        assert time.monotonic() < deadline_s, f"coturn does not listen on port {waiting}"
        for port in sorted(waiting):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection(CLINIC_ADDRESS, port)
                writer.close()
                waiting.discard(port)
        await asyncio.sleep(0.02)
