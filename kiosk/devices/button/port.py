"""The one button."""

from collections.abc import Callable
from typing import Protocol

OnPress = Callable[[], None]


class Button(Protocol):
    """A driver's constructor takes settings and touches nothing."""

    def start(self, on_press: OnPress) -> None:
        """Begin. `on_press` is called once for each press, from any thread. Raises DeviceMissing."""

    def held_s(self) -> float:
        """How long it has been down without a break; 0 while it is up, and before the start. Any thread."""

    def close(self) -> None:
        """No callback runs after it returns. Twice is safe."""
