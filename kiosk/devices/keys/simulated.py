"""Keys that go down and up by calling them."""

import threading

from kiosk.consultation.model import Key
from kiosk.devices.keys.port import OnKey


class Simulation:
    """The keys as fingers know them."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._listeners: list[OnKey] = []
        self._down: set[Key] = set()

    def put(self, key: Key, down: bool) -> None:
        """Press and hold, or let go. `on_key` runs in the calling thread; what changes nothing is not told."""
        with self._lock:
            if down == (key in self._down):
                return
            (self._down.add if down else self._down.discard)(key)
            for on_key in tuple(self._listeners):
                on_key(key, down)

    def connect(self, on_key: OnKey) -> None:
        """A driver begins."""
        with self._lock:
            self._listeners.append(on_key)

    def disconnect(self, on_key: OnKey) -> None:
        """A driver ends; when this returns no call of its `on_key` is under way."""
        with self._lock:
            if on_key in self._listeners:
                self._listeners.remove(on_key)


class SimulatedKeys:
    """Work as long as they are started."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._on_key: OnKey | None = None

    def start(self, on_key: OnKey) -> None:
        self._on_key = on_key
        self._simulation.connect(on_key)

    def close(self) -> None:
        if self._on_key is not None:
            self._simulation.disconnect(self._on_key)
