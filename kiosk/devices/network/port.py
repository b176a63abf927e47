"""Is there a way to the world at all? Not: does the hospital answer."""

from typing import Protocol

from kiosk.consultation.model import Wifi


class Network(Protocol):
    """Asked by polling; holds nothing open."""

    def up(self) -> bool:
        """True when some interface has a link and an address. Any thread; at most 100 ms. Never raises."""

    def join(self, wifi: Wifi) -> bool:
        """Get onto a wireless network, and know it from now on. Worker thread; at most 45 s. Never raises."""
