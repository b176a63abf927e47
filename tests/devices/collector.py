"""What a driver's callbacks were called with, to be waited for."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from kiosk.errors import DeviceError

T = TypeVar("T")
LIMIT_S = 10.0


class Collector(Generic[T]):
    """Thread safe. `lost` are the errors, `threads` the names of the threads that called."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self.items: list[T] = []
        self.lost: list[DeviceError] = []
        self.lost_samples: list[int] = []
        self.threads: set[str] = set()

    def take(self, item: T) -> None:
        with self._change:
            self.items.append(item)
            self.threads.add(threading.current_thread().name)
            self._change.notify_all()

    def hear(self, item: T, lost_samples: int) -> None:
        """A microphone's block."""
        with self._change:
            self.lost_samples.append(lost_samples)
        self.take(item)

    def lose(self, error: DeviceError) -> None:
        with self._change:
            self.lost.append(error)
            self.threads.add(threading.current_thread().name)
            self._change.notify_all()

    def wait_items(self, count: int) -> list[T]:
        self._wait(lambda: len(self.items) >= count, f"{count} items")
        return self.items

    def wait_lost(self) -> DeviceError:
        self._wait(lambda: bool(self.lost), "a loss")
        return self.lost[0]

    def _wait(self, met: Callable[[], bool], what: str) -> None:
        with self._change:
            assert self._change.wait_for(met, LIMIT_S), f"no {what} within {LIMIT_S:g} s; {len(self.items)} items"


def eventually(met: Callable[[], bool], what: str) -> None:
    """Poll until true."""
    end = time.monotonic() + LIMIT_S
    while not met():
        assert time.monotonic() < end, f"not within {LIMIT_S:g} s: {what}"
        time.sleep(0.005)


def running(name: str) -> list[threading.Thread]:
    """Living threads of that name."""
    return [thread for thread in threading.enumerate() if thread.name == name]
