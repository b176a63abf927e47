"""A loudspeaker that needs no sound card, at the pace of a real one, with faults to switch and an ear to listen."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kiosk.devices.schedule import Schedule
from kiosk.devices.speaker.port import NextBlock, OnLost
from kiosk.devices.worker import Worker
from kiosk.errors import DeviceLost, DeviceMissing
from kiosk.frames import BLOCK_S, SILENCE, level_dbfs

HEARD_S: Final = 2
CARD_BUFFER_S: Final = 0.04
"""So much is made up for after a pause of the machine, as a sound card's buffer would; more is silence."""


class Simulation:
    """The loudspeaker as hands and ears know it, shared by every driver that is opened on it. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plugged = True
        self._muted = False
        self._newest = SILENCE
        self._listening = False
        self._heard: deque[bytes] = deque(maxlen=round(HEARD_S / BLOCK_S))
        self._open = 0
        self.silent_blocks = 0
        """Blocks without any sound that were played until now."""

    def unplug(self) -> None:
        """Pull the cable: an open loudspeaker is lost, a closed one missing."""
        self._plugged = False

    def plug(self) -> None:
        """Put the cable back. A loudspeaker that was lost stays lost: open a new one."""
        self._plugged = True

    def mute(self, muted: bool) -> None:
        """Turn it down to nothing, or up again; what is played is then heard by nobody."""
        self._muted = muted

    def listen(self, listening: bool) -> None:
        """Keep the last two seconds in memory from now on, or keep and have kept nothing. Only a bench or
        a test asks for it."""
        with self._lock:
            self._listening = listening
            self._heard.clear()

    def heard(self) -> bytes:
        """What was played since `listen`, at most the last two seconds: 48 kHz mono s16le."""
        with self._lock:
            return b"".join(self._heard)

    @property
    def plugged(self) -> bool:
        """Is the cable in?"""
        return self._plugged

    @property
    def muted(self) -> bool:
        """Is it turned down to nothing?"""
        return self._muted

    @property
    def opened(self) -> bool:
        """Does some driver hold it open now?"""
        return self._open > 0

    @property
    def level_dbfs(self) -> float:
        """How loud it is now; -100 when closed."""
        return level_dbfs(self._newest)

    def play(self, block: bytes) -> None:
        """A driver's block becomes sound."""
        with self._lock:
            self._newest = block
            self.silent_blocks += block == SILENCE
            if self._listening:
                self._heard.append(block)

    @contextmanager
    def held_open(self) -> Iterator[None]:
        """As long as a driver has it open."""
        with self._lock:
            self._open += 1
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1
                self._newest = SILENCE


class SimulatedSpeaker:
    """Asks for a block each 20 ms."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._worker = Worker("speaker")

    def probe(self) -> None:
        if not self._simulation.plugged:
            raise DeviceMissing("speaker", "the simulated loudspeaker is unplugged; plug it in on the bench")

    def start(self, next_block: NextBlock, on_lost: OnLost) -> None:
        @contextmanager
        def opening() -> Iterator[None]:
            self.probe()
            with self._simulation.held_open():
                yield

        def work(_: None) -> None:
            schedule = Schedule(time.monotonic(), BLOCK_S, CARD_BUFFER_S)
            while self._worker.sleep_until(schedule.after(time.monotonic())):
                if not self._simulation.plugged:
                    raise DeviceLost("speaker", "the simulated loudspeaker was unplugged")
                self._simulation.play(next_block())

        self._worker.start(opening, work, on_lost)

    @property
    def delay_s(self) -> float:
        return 0.0

    def muted(self) -> bool | None:
        return self._simulation.muted

    def close(self) -> None:
        self._worker.close()
