"""The terminal's end of the bench wire: one thread hears the hands, one shows what they did."""

import http.client
import json
import logging
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from kiosk.bench.hands import HandNotUnderstood, Hands, obey
from kiosk.bench.settings import Settings
from kiosk.consultation.view import LAMP_STEPS, Lamp
from kiosk.devices.screen.port import Mirror
from kiosk.latest import Latest
from kiosk.rooms.pexip.sse import Parser

TIMEOUT_S: Final = 15.0
"""The bench sends at least a comment every five seconds."""
RECONNECT_FIRST_S: Final = 0.2
RECONNECT_LONGEST_S: Final = 2.0
JOIN_S: Final = 2.0
CHUNK_BYTES: Final = 64 * 1024

log = logging.getLogger(__name__)


class Bench:
    """One terminal on a bench. Made, then started once, then closed; `state`, `sound` and `picture` from any thread."""

    def __init__(self, settings: Settings, hands: Hands) -> None:
        parts = urlsplit(settings.url)
        self._host, self._port, self._path = parts.hostname or "", parts.port, parts.path.rstrip("/")
        self._hands = hands
        self._closed = threading.Event()
        self._news = threading.Event()
        self._state: Latest[bytes] = Latest()
        self._picture: Latest[Mirror] = Latest()
        self._known: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._hearing: socket.socket | None = None
        self._threads = [
            threading.Thread(target=self._hear, name="bench-hands", daemon=True),
            threading.Thread(target=self._tell, name="bench-teller", daemon=True),
        ]

    def start(self) -> None:
        """Connect, and connect again whenever the bench goes away."""
        for thread in self._threads:
            thread.start()

    def state(self, name: str, press: str, lamp: Lamp) -> None:
        """What the terminal is doing, what a press does, what the lamp shows."""
        steps = [list(step) for step in LAMP_STEPS[lamp]]
        self._say({"state": name, "press": press, "lamp": {"pattern": lamp.value, "steps": steps}})

    def sound(self, hz: float, dbfs: float, silent_blocks: int) -> None:
        """What the loudspeaker plays: its loudest frequency, its level, and how many blocks were pure silence."""
        self._say({"sound": {"hz": round(hz, 1), "dbfs": round(dbfs, 1), "silent_blocks": silent_blocks}})

    def picture(self, mirror: Mirror) -> None:
        """What the screen shows."""
        self._picture.put(mirror)
        self._news.set()

    def close(self) -> None:
        """Both threads have ended when this returns. Twice is safe. At most 4 s."""
        self._closed.set()
        self._news.set()
        with self._lock:
            if self._hearing is not None:
                # Wakes a blocked read at once, which closing would not.
                with suppress(OSError):
                    self._hearing.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            if thread.is_alive():
                thread.join(JOIN_S)

    def _say(self, news: Mapping[str, Any]) -> None:
        with self._lock:
            self._known.update(news)
            if "state" in self._known:
                self._state.put(json.dumps(self._known).encode())
        self._news.set()

    def _hear(self) -> None:
        wait_s = RECONNECT_FIRST_S
        while not self._closed.is_set():
            try:
                self._hear_one_stream()
                wait_s = RECONNECT_FIRST_S
            except (OSError, http.client.HTTPException) as error:
                log.debug("the bench is away: %s", type(error).__name__)
                wait_s = min(RECONNECT_LONGEST_S, wait_s * 2)
            self._closed.wait(wait_s)

    def _hear_one_stream(self) -> None:
        connection = self._connection()
        try:
            connection.connect()
            with self._lock:
                self._hearing = connection.sock
            if self._closed.is_set():
                return
            connection.request("GET", f"{self._path}/hands", headers={"Accept": "text/event-stream"})
            answer = connection.getresponse()
            if answer.status != http.client.OK:
                raise http.client.HTTPException(f"status {answer.status}")
            self._say({})
            parser = Parser()
            while chunk := answer.read1(CHUNK_BYTES):
                for record in parser.feed(chunk):
                    self._obey(record.event, record.data)
        finally:
            with self._lock:
                self._hearing = None
            connection.close()

    def _obey(self, event: str, data: str) -> None:
        if self._closed.is_set():
            return
        try:
            obey(self._hands, event, data, datetime.now(UTC))
        except HandNotUnderstood as error:
            log.warning("the bench said something that is not understood: %s", error)

    def _tell(self) -> None:
        connection: http.client.HTTPConnection | None = None
        while not self._closed.is_set():
            self._news.wait()
            self._news.clear()
            if connection is None:
                connection = self._connection()
            try:
                self._tell_newest(connection)
            except (OSError, http.client.HTTPException):
                connection.close()
                connection = None
        if connection is not None:
            connection.close()

    def _tell_newest(self, connection: http.client.HTTPConnection) -> None:
        state = self._state.take()
        if state is not None:
            self._put(connection, "state", state, "application/json")
        picture = self._picture.take()
        if picture is not None:
            what = f"picture?width={picture.width}&height={picture.height}"
            self._put(connection, what, picture.pixels, "application/octet-stream")

    def _put(self, connection: http.client.HTTPConnection, what: str, body: bytes, content_type: str) -> None:
        connection.request("PUT", f"{self._path}/{what}", body=body, headers={"Content-Type": content_type})
        connection.getresponse().read()

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)
