"""Is there a way to the world at all? Not: does the hospital answer."""

from typing import Protocol


class Network(Protocol):
    """Asked by polling; holds nothing open."""

    def up(self) -> bool:
        """True when some interface has a link and an address. Any thread; at most 100 ms. Never raises."""
