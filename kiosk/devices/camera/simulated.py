"""A camera that needs none: a talking head, at the pace of a real camera, with faults to switch."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from kiosk.coded import Coder
from kiosk.devices.camera.head import TalkingHead
from kiosk.devices.camera.port import OnFrame, OnLost
from kiosk.devices.camera.simulated_coder import SimulatedCoder
from kiosk.devices.schedule import Schedule
from kiosk.devices.worker import Worker
from kiosk.errors import DeviceLost, DeviceMissing


class Simulation:
    """The camera as hands know it, shared by every driver that is opened on it. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plugged = True
        self._stalled = False
        self._frames_left: int | None = None
        self._open = 0

    def unplug(self) -> None:
        """Pull the cable: an open camera is lost, a closed one missing."""
        with self._lock:
            self._plugged = False

    def plug(self) -> None:
        """Put the cable back. A camera that was lost stays lost: open a new one."""
        with self._lock:
            self._plugged = True

    def stall(self, stalled: bool) -> None:
        """Hang: open, but no more pictures; or go on."""
        with self._lock:
            self._stalled = stalled

    def fail_after(self, frames: int) -> None:
        """Get lost, once, after so many more pictures."""
        with self._lock:
            self._frames_left = frames

    @property
    def plugged(self) -> bool:
        """Is the cable in?"""
        return self._plugged

    @property
    def opened(self) -> bool:
        """Does some driver hold it open now? What its own little lamp would show."""
        return self._open > 0

    def next_frame(self) -> bool:
        """May the driver give one more picture? False while stalled. Raises DeviceLost."""
        with self._lock:
            if self._frames_left is not None and self._frames_left <= 0:
                self._frames_left = None
                raise DeviceLost("camera", "the simulated camera failed, as it was told to")
            if not self._plugged:
                raise DeviceLost("camera", "the simulated camera was unplugged")
            if self._stalled:
                return False
            if self._frames_left is not None:
                self._frames_left -= 1
            return True

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


class SimulatedCamera:
    """See kiosk.devices.camera.head for what it shows."""

    def __init__(self, width: int, height: int, fps: int, simulation: Simulation, *, own_encoder: bool = False) -> None:
        self._coder = SimulatedCoder(width, height, fps) if own_encoder else None
        self._width = width
        self._height = height
        self._fps = fps
        self._simulation = simulation
        self._worker = Worker("camera")

    def probe(self) -> None:
        if not self._simulation.plugged:
            raise DeviceMissing("camera", "the simulated camera is unplugged; plug it in on the bench")

    def start(self, on_frame: OnFrame, on_lost: OnLost) -> None:
        @contextmanager
        def opening() -> Iterator[TalkingHead]:
            self.probe()
            with self._simulation.held_open(), self._coder or nullcontext():
                yield TalkingHead(self._width, self._height)

        def work(head: TalkingHead) -> None:
            schedule = Schedule(time.monotonic(), 1 / self._fps)
            number = 0
            while self._worker.sleep_until(schedule.after(time.monotonic())):
                if self._simulation.next_frame():
                    picture = head.picture(number, time.monotonic())
                    on_frame(picture)
                    if self._coder is not None:
                        self._coder.put(picture)
                    number += 1

        self._worker.start(opening, work, on_lost)

    @property
    def coder(self) -> Coder | None:
        return self._coder

    def close(self) -> None:
        self._worker.close()
