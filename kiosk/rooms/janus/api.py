"""One session's requests to the server, typed and blocking. Any thread."""

import secrets
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final

from kiosk.errors import RoomProtocolError, RoomUnreachable
from kiosk.rooms.janus.answers import Notice, read_answer, read_id, read_notices
from kiosk.rooms.janus.settings import JanusSettings
from kiosk.rooms.pexip.line import Line

PLUGIN: Final = "janus.plugin.videoroom"
EVENTS_AT_ONCE: Final = 20
EVENTS_LIMIT_BYTES: Final = 1024 * 1024


def new_transaction() -> str:
    """A name for a request, found again in its answers."""
    return secrets.token_hex(8)


class Api:
    """Every method may raise RoomUnreachable, RoomRefused or RoomProtocolError; SessionGone (a RoomUnreachable) says
    that the session is no more."""

    def __init__(self, line: Line, settings: JanusSettings) -> None:
        self._line = line
        self._settings = settings
        self._root = "/" + settings.path.strip("/")
        self._session = ""
        self._asking = threading.Lock()

    def create(self) -> None:
        """Open the session that all else belongs to."""
        answer = self._post("create", self._root, {"janus": "create"})
        self._session = f"{self._root}/{read_id('create', answer)}"

    def attach(self) -> int:
        """A new handle: one role in one room."""
        return read_id("attach", self._post("attach", self._session, {"janus": "attach", "plugin": PLUGIN}))

    def detach(self, handle: int) -> None:
        """End a handle, whatever it does."""
        self._post("detach", f"{self._session}/{handle}", {"janus": "detach"})

    def message(
        self, what: str, handle: int, body: dict[str, Any], jsep: dict[str, str] | None, transaction: str
    ) -> None:
        """Ask the room for something; its answer comes as an event with this transaction."""
        words: dict[str, Any] = {"janus": "message", "body": body, "transaction": transaction}
        if jsep is not None:
            words["jsep"] = jsep
        self._post(what, f"{self._session}/{handle}", words)

    def poll(self, line: Line) -> list[Notice]:
        """What has happened, as soon as something has; perhaps nothing. Keeps the session alive. On a line of the
        caller's choice, since it takes up to half a minute."""
        settings = self._settings
        with line.stream(
            f"{self._session}?maxev={EVENTS_AT_ONCE}",
            {},
            connect_s=settings.connect_timeout_s,
            silence_s=settings.poll_silence_s,
        ) as stream:
            received = bytearray()
            while piece := stream.read():
                received += piece
                if len(received) > EVENTS_LIMIT_BYTES:
                    raise RoomProtocolError(f"events: more than {EVENTS_LIMIT_BYTES} bytes")
            return read_notices("events", stream.status, stream.content_type, bytes(received))

    def keepalive(self) -> None:
        """Ask whether the session still is."""
        self._post("keepalive", self._session, {"janus": "keepalive"})

    def destroy(self, timeout_s: float) -> None:
        """End the session, and with it all handles."""
        if self._session:
            self._post("destroy", self._session, {"janus": "destroy"}, timeout_s)

    def _post(self, what: str, path: str, words: dict[str, Any], timeout_s: float | None = None) -> dict[str, Any]:
        longest_s = self._settings.answer_timeout_s if timeout_s is None else timeout_s
        with self._turn(what, longest_s):
            reply = self._line.post(
                what,
                path,
                {},
                {"transaction": new_transaction(), **words},
                connect_s=min(self._settings.connect_timeout_s, longest_s),
                silence_s=longest_s,
            )
        return read_answer(what, reply.status, reply.content_type, reply.body)

    @contextmanager
    def _turn(self, what: str, timeout_s: float) -> Generator[None, None, None]:
        if not self._asking.acquire(timeout=timeout_s):
            raise RoomUnreachable(f"{what}: the server still owes another answer")
        try:
            yield
        finally:
            self._asking.release()
