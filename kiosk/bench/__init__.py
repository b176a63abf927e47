"""The terminal's side of a bench: a page on the same machine that works the simulated hardware.

The terminal opens no port. It is a client: it follows a stream of what hands do, and tells what lamp and screen show.
"""

from kiosk.bench.client import Bench, Settings
from kiosk.bench.hands import Hands

__all__ = ["Bench", "Hands", "Settings"]
