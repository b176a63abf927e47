"""The lamp in the button."""

from typing import Protocol

from kiosk.consultation.signals import Lamp as Pattern


class Lamp(Protocol):
    """A driver's constructor takes settings and touches nothing until `start`."""

    def start(self) -> None:
        """Open, dark. Raises DeviceMissing."""

    def show(self, pattern: Pattern) -> None:
        """From now on this pattern (signals.LAMP_STEPS), until another one. Returns at once. Any thread."""

    def close(self) -> None:
        """Dark, and let go of the pin. Twice is safe."""
