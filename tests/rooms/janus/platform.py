"""A Janus server in the words of the contract of all room clients."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from kiosk.blocking import in_thread
from kiosk.consultation.model import Room
from kiosk.rooms.janus.client import JanusClient
from kiosk.rooms.janus.settings import JanusSettings
from kiosk.rooms.port import RoomClient
from tests.rooms.janus.server import JANUS, MISSING, NAME, JanusServer, Visitor, janus_server

UNAVAILABLE = None if JANUS else MISSING


class JanusPlatform:
    """The server, with the clinician's verbs."""

    def __init__(self, server: JanusServer, hosts: AsyncExitStack) -> None:
        self._server = server
        self._hosts = hosts

    @property
    def seats(self) -> list[dict[str, Any]]:
        return self._server.people

    def room(self, **changes: Any) -> Room:
        return self._server.room(**changes)

    async def admit(self) -> None:
        raise NotImplementedError("there is no waiting room")

    async def send_to_waiting_room(self) -> None:
        raise NotImplementedError("there is no waiting room")

    async def say(self, text: str) -> None:
        raise NotImplementedError("there is no chat")

    async def mute(self, muted: bool) -> None:
        (me,) = [person["id"] for person in self.seats if person["display"] == NAME]
        await in_thread(lambda: self._server.ask_room("moderate", id=me, mid="0", mute=muted))

    async def enter(self, uuid: str) -> None:
        host = await in_thread(Visitor, self._server.url)
        self._hosts.push_async_callback(in_thread, host.__exit__)
        await in_thread(host.enter, uuid)

    async def end_for_all(self) -> None:
        await in_thread(self._server.remove_room)

    async def lose(self) -> None:
        for session in await in_thread(self._server.sessions):
            await in_thread(self._server.administer, "destroy_session", f"/{session}")


@asynccontextmanager
async def janus() -> AsyncIterator[JanusPlatform]:
    """A server of one's own with one open room."""
    with janus_server() as server:
        server.make_room()
        async with AsyncExitStack() as hosts:
            yield JanusPlatform(server, hosts)


def janus_client() -> RoomClient:
    """A client that does not wait as long as in a hospital."""
    return JanusClient(JanusSettings(connect_timeout_s=2.0, answer_timeout_s=5.0, keepalive_s=0.2))
