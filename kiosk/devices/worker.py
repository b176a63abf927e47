"""A driver's own thread: opens the hardware, works it, lets go of it; stopped and joined with a limit."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final, TypeVar

from kiosk.errors import DeviceError, DeviceLost, DeviceMissing

OPEN_LIMIT_S: Final = 5.0
JOIN_LIMIT_S: Final = 1.0

T = TypeVar("T")

log = logging.getLogger(__name__)


class Worker:
    """One start and one close. The hardware lives and dies in the thread."""

    def __init__(self, device: str) -> None:
        """`device` is its word in the configuration, and the thread's name."""
        self._device = device
        self._closed = threading.Event()
        self._opened = threading.Event()
        self._refused: Exception | None = None
        self._thread: threading.Thread | None = None

    def start(
        self,
        opening: Callable[[], AbstractContextManager[T]],
        work: Callable[[T], None],
        on_lost: Callable[[DeviceError], None],
    ) -> None:
        """Run `work` on what `opening` yields, in a new thread, until it returns, raises, or `close`.

        Whatever `opening` raises is raised here. A DeviceError of `work` goes to `on_lost`, once, after the hardware
        was let go; a `work` that returns by itself counts as one. After `close` nothing goes anywhere.
        """
        self._thread = threading.Thread(
            target=self._run, args=(opening, work, on_lost), name=self._device.replace(" ", "-"), daemon=True
        )
        self._thread.start()
        if not self._opened.wait(OPEN_LIMIT_S):
            self._closed.set()
            raise DeviceMissing(self._device, f"does not answer: it could not be opened within {OPEN_LIMIT_S:g} s")
        if self._refused is not None:
            raise self._refused

    @property
    def closed(self) -> bool:
        """True once nothing more may be said or done. Any thread."""
        return self._closed.is_set()

    def sleep_until(self, monotonic_s: float) -> bool:
        """Wait for that moment; False, and at once, when closed. The worker's thread."""
        return not self._closed.wait(max(0.0, monotonic_s - time.monotonic()))

    def close(self) -> None:
        """Stop; returns when the thread has ended, or after one second. Twice is safe, before `start` too."""
        self._closed.set()
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            return
        thread.join(JOIN_LIMIT_S)
        if thread.is_alive():
            log.warning(
                "%s: the driver's thread did not end within %g s and is left behind", self._device, JOIN_LIMIT_S
            )

    def _run(
        self,
        opening: Callable[[], AbstractContextManager[T]],
        work: Callable[[T], None],
        on_lost: Callable[[DeviceError], None],
    ) -> None:
        try:
            with opening() as hardware:
                self._opened.set()
                work(hardware)
            error: DeviceError = DeviceLost(self._device, "stopped by itself")
        except DeviceError as lost:
            error = lost
        except Exception as bug:
            if self._opened.is_set():
                raise
            self._refuse(bug)
            return
        if not self._opened.is_set():
            self._refuse(error)
        elif not self.closed:
            on_lost(error)

    def _refuse(self, error: Exception) -> None:
        self._refused = error
        self._opened.set()
