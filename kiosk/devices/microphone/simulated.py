"""A microphone that needs no sound card, at the pace of a real one, with faults to switch."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kiosk.devices.microphone.port import OnBlock, OnLost
from kiosk.devices.microphone.voice import block_of, speech, tone
from kiosk.devices.schedule import Schedule
from kiosk.devices.worker import Worker
from kiosk.errors import DeviceLost, DeviceMissing
from kiosk.frames import BLOCK_S, BLOCK_SAMPLES

CARD_BUFFER_S: Final = 0.08
"""So much sound waits for a reader who is late, as in a sound card; more is lost."""


class Simulation:
    """The microphone as hands know it, shared by every driver that is opened on it. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plugged = True
        self._stalled = False
        self._overruns = 0
        self._open = 0

    def unplug(self) -> None:
        """Pull the cable: an open microphone is lost, a closed one missing."""
        self._plugged = False

    def plug(self) -> None:
        """Put the cable back. A microphone that was lost stays lost: open a new one."""
        self._plugged = True

    def stall(self, stalled: bool) -> None:
        """Hang: open, but no more sound; or go on."""
        self._stalled = stalled

    def overrun(self) -> None:
        """Lose the next block, as a card does whose reader is late."""
        self._overruns += 1

    def is_overrun(self) -> bool:
        """Is the next block to be lost? Once for each order."""
        with self._lock:
            ordered = self._overruns > 0
            self._overruns -= ordered
        return ordered

    @property
    def plugged(self) -> bool:
        """Is the cable in?"""
        return self._plugged

    @property
    def stalled(self) -> bool:
        """Does it hang?"""
        return self._stalled

    @property
    def opened(self) -> bool:
        """Does some driver hold it open now?"""
        return self._open > 0

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


class SimulatedMicrophone:
    """See kiosk.devices.microphone.voice for what it hears."""

    def __init__(self, tone_hz: int, simulation: Simulation) -> None:
        self._tone_hz = tone_hz
        self._simulation = simulation
        self._worker = Worker("microphone")

    def probe(self) -> None:
        if not self._simulation.plugged:
            raise DeviceMissing("microphone", "the simulated microphone is unplugged; plug it in on the bench")

    def start(self, on_block: OnBlock, on_lost: OnLost) -> None:
        @contextmanager
        def opening() -> Iterator[None]:
            self.probe()
            with self._simulation.held_open():
                yield

        def work(_: None) -> None:
            sound = tone(self._tone_hz) if self._tone_hz else speech()
            schedule = Schedule(time.monotonic(), BLOCK_S, CARD_BUFFER_S)
            given = 0
            while self._worker.sleep_until(schedule.after(time.monotonic())):
                if not self._simulation.plugged:
                    raise DeviceLost("microphone", "the simulated microphone was unplugged")
                number = schedule.count
                if self._simulation.stalled or self._simulation.is_overrun():
                    continue
                lost_blocks = number - given - 1 if given else 0
                given = number
                on_block(block_of(sound, number), lost_blocks * BLOCK_SAMPLES)

        self._worker.start(opening, work, on_lost)

    def close(self) -> None:
        self._worker.close()
