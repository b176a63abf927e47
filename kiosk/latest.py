"""A slot that keeps the newest value only: how live pictures pass from thread to thread."""

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """Newest wins, older values are dropped unseen. Any number of threads may put and take."""

    def __init__(self) -> None:
        # A deque of one is atomic; `value, self.x = self.x, None` can lose the newest value.
        self._slot: deque[T] = deque(maxlen=1)

    def put(self, value: T) -> None:
        """Replace what is there."""
        self._slot.append(value)

    def take(self) -> T | None:
        """The newest value, once; None when there is none new."""
        try:
            return self._slot.pop()
        except IndexError:
            return None

    def clear(self) -> None:
        """Forget what is there."""
        self._slot.clear()
