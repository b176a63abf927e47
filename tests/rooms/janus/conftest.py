"""One Janus server for each module of tests, and none where the package is missing."""

from collections.abc import Iterator

import pytest

from tests.rooms.janus.server import JANUS, MISSING, JanusServer, janus_server


@pytest.fixture(scope="module")
def running() -> Iterator[JanusServer]:
    """Shared by a module's tests."""
    if JANUS is None:
        pytest.skip(MISSING)
    with janus_server() as server:
        yield server


@pytest.fixture
def server(running: JanusServer) -> Iterator[JanusServer]:
    """With the room that all tests use, and nobody in it."""
    running.make_room()
    yield running
    running.remove_room()
