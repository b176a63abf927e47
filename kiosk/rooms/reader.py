"""The thread that reads a platform's events for ever, until it is stopped. One subclass for each way of reading."""

import threading
from collections.abc import Callable


class Reader:
    """`close_line` wakes it from whatever it waits for; `failed` gets a bug, in the reader's thread."""

    def __init__(self, name: str, close_line: Callable[[], None], failed: Callable[[BaseException], None]) -> None:
        self._close_line = close_line
        self._failed = failed
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Wake the reader and let it end. Does not wait. Any thread, twice is safe."""
        self._stopping.set()
        self._close_line()

    def join(self, timeout_s: float) -> bool:
        """Wait for the reader's end; False when it did not come in time."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._read_for_ever()
        except Exception as error:  # the thread ends here, and the events' reader gets it
            self._failed(error)

    def _read_for_ever(self) -> None:
        """Until `_stopping`. The reader's thread."""
        raise NotImplementedError
