"""What was sent lately, and how much of it was not the pictures themselves. Pure; times are monotonic seconds."""

from collections import deque
from typing import Final

from kiosk.media.picture_out.pacer import OVERHEAD_BYTES

WINDOW_S: Final = 1.0
BESIDE_LEAST: Final = 0.08
BESIDE_MOST: Final = 0.4
MARGIN: Final = 0.04
"""Of the target: for pictures that come out too large. Who sends all of the target has a queue before the line."""


class Traffic:
    """Bytes with all headers, of the last second."""

    def __init__(self) -> None:
        self._sent: deque[tuple[float, int, int]] = deque()
        self._bytes = self._beside_bytes = 0

    def note(self, payload_bytes: int, *, again: bool, now_s: float) -> None:
        """A packet has left; `again` when it had been sent before."""
        size = payload_bytes + OVERHEAD_BYTES
        beside = size if again else OVERHEAD_BYTES
        self._sent.append((now_s, size, beside))
        self._bytes += size
        self._beside_bytes += beside

    def forget(self, now_s: float) -> None:
        """To be called several times a second."""
        while self._sent and now_s - self._sent[0][0] > WINDOW_S:
            _, size, beside = self._sent.popleft()
            self._bytes -= size
            self._beside_bytes -= beside

    @property
    def sent_bps(self) -> float:
        """All of it."""
        return self._bytes * 8 / WINDOW_S

    def coded_bps(self, target_bps: float) -> float:
        """What is left of the target for the pictures, when headers and what is sent again go on as they do."""
        beside = self._beside_bytes * 8 / WINDOW_S / target_bps
        return (1 - MARGIN - min(max(beside, BESIDE_LEAST), BESIDE_MOST)) * target_bps
