"""The keys for loudness."""

from collections.abc import Callable
from typing import Protocol

from kiosk.consultation.model import Key

OnKey = Callable[[Key, bool], None]
"""A key went down (True), or up again."""


class Keys(Protocol):
    """A driver's constructor takes settings and touches nothing."""

    def start(self, on_key: OnKey) -> None:
        """Begin. `on_key` is called at each going down and each coming up, in their order, from any thread; a key that
        is down at the start is told when it goes down anew. Raises DeviceMissing."""

    def close(self) -> None:
        """No callback runs after it returns. Twice is safe."""
