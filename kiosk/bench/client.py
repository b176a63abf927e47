"""The bench's two threads: one follows the hands, one tells the newest state and the newest picture."""

import http.client
import json
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from kiosk.bench.hands import Hands, Malformed, apply
from kiosk.bench.wire import Wire, loopback
from kiosk.consultation.signals import LAMP_STEPS, Lamp, Press
from kiosk.devices.screen.port import Mirror
from kiosk.sse import Parser

BACK_OFF_S: Final = (0.2, 0.5, 1.0, 2.0)
"""Between attempts; the last for ever."""
SILENCE_AT_MOST_S: Final = 15.0
"""The bench gives a sign every 5 s."""
JOIN_LIMIT_S: Final = 2.0
_PIECE: Final = 65536

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the bench is."""

    url: str = ""
    """Such as http://127.0.0.1:8080/bench/api/bedside; only ever on this machine. Empty: no bench."""


class Bench:
    """Never in the way: a bench that is absent, slow or gone costs the terminal nothing."""

    def __init__(self, settings: Settings, hands: Hands) -> None:
        """Touches nothing yet. Raises ConfigError."""
        address = loopback(settings.url)
        self._on_watch = hands.watch
        self._hands = replace(hands, watch=self._watch)
        self._watched = False
        self._reading = Wire(address, SILENCE_AT_MOST_S)
        self._telling = Wire(address, SILENCE_AT_MOST_S)
        self._change = threading.Condition()
        self._closed = False
        self._known: dict[str, object] = {}
        self._state: bytes | None = None
        self._state_is_new = False
        self._picture: Mirror | None = None
        self._threads = (
            threading.Thread(target=self._read_hands, name="bench-hands", daemon=True),
            threading.Thread(target=self._tell, name="bench-tell", daemon=True),
        )

    def start(self) -> None:
        """Begin to connect; returns at once."""
        for thread in self._threads:
            thread.start()

    def state(self, name: str, press: Press, lamp: Lamp) -> None:
        """This is what the terminal does now. Any thread; returns at once; only the newest counts."""
        steps = [[level, milliseconds] for level, milliseconds in LAMP_STEPS[lamp]]
        self._tell_more({"state": name, "press": press.value, "lamp": {"pattern": lamp.value, "steps": steps}})

    def sound(self, hz: float, dbfs: float, silent_blocks: int) -> None:
        """This is what the loudspeaker plays now: its loudest frequency, its level, and how many of the blocks until
        now were pure silence. Any thread; returns at once; only the newest counts."""
        self._tell_more({"sound": {"hz": round(hz, 1), "dbfs": round(dbfs, 1), "silent_blocks": silent_blocks}})

    def inside(self, threads: Sequence[str], tasks: Sequence[str]) -> None:
        """These threads and asyncio tasks the terminal has now: a test proves by them that a call leaves nothing
        behind. Any thread; returns at once; only the newest counts."""
        self._tell_more({"threads": list(threads), "tasks": list(tasks)})

    def picture(self, mirror: Mirror) -> None:
        """This is what the screen shows now. Any thread; returns at once; only the newest counts."""
        with self._change:
            self._picture = mirror
            self._change.notify()

    def close(self) -> None:
        """Gone, at once; no hand is felt after it returns. Twice is safe, before `start` too."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        self._reading.shut()
        self._telling.shut()
        for thread in self._threads:
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(JOIN_LIMIT_S)

    # The hands.

    def _read_hands(self) -> None:
        attempt = 0
        while not self._closed:
            began_s = time.monotonic()
            try:
                self._follow()
                reason = "it ended the stream"
            except (OSError, http.client.HTTPException) as error:
                reason = f"{type(error).__name__}: {error}"
            finally:
                self._reading.close()
            if self._closed:
                return
            if self._watched:
                self._watch(False)
            if time.monotonic() - began_s > BACK_OFF_S[-1]:
                attempt = 0
            if attempt == 0:
                log.info("bench: not connected (%s); trying again", reason)
            self._wait(BACK_OFF_S[min(attempt, len(BACK_OFF_S) - 1)])
            attempt += 1

    def _watch(self, on: bool) -> None:
        self._watched = on
        self._on_watch(on)

    def _follow(self) -> None:
        response = self._reading.request("GET", "/hands")
        if response.status != HTTPStatus.OK:
            raise http.client.HTTPException(f"status {response.status}")
        log.info("bench: connected")
        with self._change:
            # A bench that was restarted knows nothing of us.
            self._state_is_new = self._state is not None
            self._change.notify()
        parser = Parser()
        while piece := response.read1(_PIECE):
            for record in parser.feed(piece):
                if self._closed:
                    return
                try:
                    apply(self._hands, record.event, record.data, datetime.now(UTC))
                except Malformed as error:
                    log.warning("bench: a record was ignored: %s", error)

    # The telling.

    def _tell_more(self, news: dict[str, object]) -> None:
        with self._change:
            self._known.update(news)
            if "state" in self._known:
                self._state = json.dumps(self._known).encode()
                self._state_is_new = True
                self._change.notify()

    def _tell(self) -> None:
        attempt = 0
        while True:
            state, picture = self._next()
            if state is None and picture is None:
                self._telling.close()
                return
            try:
                if state is not None:
                    _check("/state", self._telling.put("/state", state, "application/json"))
                if picture is not None:
                    path = f"/picture?width={picture.width}&height={picture.height}"
                    _check("/picture", self._telling.put(path, picture.pixels, "application/octet-stream"))
                attempt = 0
            except (OSError, http.client.HTTPException) as error:
                log.debug("bench: not told (%s)", type(error).__name__)
                self._telling.close()
                with self._change:
                    # A newer one, if there is one by now, says it better; an old picture is worth nothing.
                    self._state_is_new = self._state is not None
                self._wait(BACK_OFF_S[min(attempt, len(BACK_OFF_S) - 1)])
                attempt += 1

    def _next(self) -> tuple[bytes | None, Mirror | None]:
        """What is to be told; nothing at all when closed. The state is told before the picture that shows it."""
        with self._change:
            self._change.wait_for(lambda: self._closed or self._state_is_new or self._picture is not None)
            if self._closed:
                return None, None
            state = self._state if self._state_is_new else None
            picture, self._picture = self._picture, None
            self._state_is_new = False
            return state, picture

    def _wait(self, seconds: float) -> None:
        with self._change:
            self._change.wait_for(lambda: self._closed, seconds)


def _check(what: str, status: int) -> None:
    if status >= HTTPStatus.BAD_REQUEST:
        raise http.client.HTTPException(f"{what}: status {status}")
