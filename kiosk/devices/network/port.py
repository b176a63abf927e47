"""Is there a way to the world at all? Not: does the hospital answer."""

from typing import Protocol

from kiosk.consultation.model import Wifi, WifiFault


class Network(Protocol):
    """Asked by polling; holds nothing open."""

    def up(self) -> bool:
        """True when some interface has a link and an address. Any thread; at most 100 ms. Never raises."""

    def join(self, wifi: Wifi) -> WifiFault | None:
        """Get onto a wireless network, and know it from now on; None: done. Worker thread; at most 55 s.

        Never raises.
        """
