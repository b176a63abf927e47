"""A packet of sound as it comes, and numbers that wrap around made to go on."""

from typing import NamedTuple

from kiosk.frames import SAMPLE_RATE_HZ


class Packet(NamedTuple):
    """One RTP packet of sound (RFC 3550)."""

    codec: str
    """As in SDP: "opus", "PCMU", "PCMA", "G722"."""
    clock_hz: int
    """Of `timestamp`; for G.722 not its sampling rate (RFC 3551, 4.5.2)."""
    ssrc: int
    sequence: int
    """16 bit."""
    timestamp: int
    """32 bit, of the first sample."""
    payload: bytes
    arrived_at_s: float
    """Monotonic."""


def to_samples(seconds: float) -> int:
    """Time counted in samples at 48 kHz."""
    return round(seconds * SAMPLE_RATE_HZ)


class Unwrapper:
    """A counter of so many bits, as one that never wraps: each value is the one nearest to the newest before."""

    def __init__(self, bits: int) -> None:
        self._range = 1 << bits
        self.newest: int | None = None

    def unwrap(self, value: int) -> int:
        """The same value, modulo the counter's range."""
        unwrapped = self.nearest(value)
        self.newest = unwrapped if self.newest is None else max(self.newest, unwrapped)
        return unwrapped

    def nearest(self, value: int) -> int:
        """The same, without remembering it."""
        if self.newest is None:
            return value
        ahead = (value - self.newest) % self._range
        return self.newest + (ahead - self._range if ahead >= self._range // 2 else ahead)
