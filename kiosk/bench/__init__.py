"""The wire from simulated hardware to a page that works it. The terminal is the client: it opens no port."""

from kiosk.bench.client import Bench
from kiosk.bench.hands import Hands
from kiosk.bench.settings import Settings, faults

__all__ = ["Bench", "Hands", "Settings", "faults"]
