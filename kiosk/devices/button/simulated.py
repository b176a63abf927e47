"""A button that is pressed by calling it."""

import threading
import time

from kiosk.devices.button.port import OnPress


class Simulation:
    """The button as a finger knows it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._listeners: list[OnPress] = []
        self._down_at_s: float | None = None

    def press(self) -> None:
        """Press and let go. `on_press` runs in the calling thread. A press that nobody waits for is lost."""
        with self._lock:
            for on_press in tuple(self._listeners):
                on_press()

    def hold(self, down: bool) -> None:
        """Press and hold, or let go."""
        with self._lock:
            self._down_at_s = time.monotonic() if down else None
        if down:
            self.press()

    @property
    def held_s(self) -> float:
        """So long it has been held."""
        down_at_s = self._down_at_s
        return 0.0 if down_at_s is None else time.monotonic() - down_at_s

    def connect(self, on_press: OnPress) -> None:
        """A driver begins."""
        with self._lock:
            self._listeners.append(on_press)

    def disconnect(self, on_press: OnPress) -> None:
        """A driver ends; when this returns no call of its `on_press` is under way."""
        with self._lock:
            if on_press in self._listeners:
                self._listeners.remove(on_press)


class SimulatedButton:
    """Works as long as it is started."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._on_press: OnPress | None = None

    def start(self, on_press: OnPress) -> None:
        self._on_press = on_press
        self._simulation.connect(on_press)

    def held_s(self) -> float:
        return self._simulation.held_s if self._on_press is not None else 0.0

    def close(self) -> None:
        if self._on_press is not None:
            self._simulation.disconnect(self._on_press)
