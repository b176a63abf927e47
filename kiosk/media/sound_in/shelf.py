"""Packets that have come and are not played yet."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from kiosk.media.sound_in.arrivals import Arrivals
from kiosk.media.sound_in.clock_rate import ClockRate
from kiosk.media.sound_in.packet import Packet, Unwrapper, to_samples

PACKETS_AT_MOST: Final = 512
JUMP: Final = to_samples(2.0)
"""Two packets in a row whose timestamps are so far from where they should be begin a new time."""
LOSS_WEIGHT: Final = 0.002
"""Loss is a mean over some 500 packets, 10 s."""
MISSING_AT_MOST: Final = 50
"""In one gap; more is an outage, and says nothing of the path as it is now."""


class Shelved(NamedTuple):
    """A packet in its place; times in samples at 48 kHz, not wrapping."""

    at: int
    samples: int
    payload: bytes

    @property
    def end(self) -> int:
        """The timestamp after it."""
        return self.at + self.samples


@dataclass
class Counts:
    """Packets, since the beginning."""

    came: int = 0
    lost: int = 0
    late: int = 0
    """Came when their time was over."""
    duplicates: int = 0


class Shelf:
    """One stream's packets, by their timestamps, for one time base. One thread."""

    def __init__(self, clock_hz: int, samples_of: Callable[[bytes], int], counts: Counts) -> None:
        self._scale = max(1, SAMPLE_RATE_HZ // clock_hz)
        self._samples_of = samples_of
        self._packets: dict[int, Shelved] = {}
        self._times = Unwrapper(32)
        self._sequences = Unwrapper(16)
        self._off: int | None = None
        self._counts = counts
        self._is_empty = True
        self.arrivals = Arrivals()
        self.clock = ClockRate()
        """The far end's."""
        self.newest = 0
        """Timestamp of the newest packet that ever came."""
        self.packet_samples = BLOCK_SAMPLES
        """The length of the packet that came last."""
        self.loss = 0.0
        """The share of packets that did not come, lately: 0 to 1."""

    def __len__(self) -> int:
        return len(self._packets)

    def put(self, packet: Packet, played_to: int | None) -> bool:
        """Take in a packet, in the order of arrival; `played_to` is the timestamp up to which there is no more use.

        False when it belongs to a new time: then a new shelf must take it.
        """
        samples = self._samples_of(packet.payload)
        if not samples:
            return True
        at = self._times.nearest(packet.timestamp) * self._scale
        arrived_at = to_samples(packet.arrived_at_s)
        offset = arrived_at - at
        if not self._is_empty and abs(offset - self.arrivals.base) > JUMP:
            # A single one is a straggler from some other time.
            is_new_time = self._off is not None and abs(offset - self._off) < JUMP
            self._off = offset
            return not is_new_time
        self._off = None
        self._times.unwrap(packet.timestamp)
        self.arrivals.note(offset, arrived_at)
        self.clock.note(arrived_at, at)
        self.newest = at if self._is_empty else max(self.newest, at)
        self._is_empty = False
        self._counts.came += 1
        self.packet_samples = samples
        if at in self._packets:
            self._counts.duplicates += 1
            return True
        self._note_order(packet.sequence)
        if played_to is not None and at + samples <= played_to:
            self._counts.late += 1
        elif len(self._packets) < PACKETS_AT_MOST:
            self._packets[at] = Shelved(at, samples, packet.payload)
        return True

    def first(self, played_to: int | None) -> Shelved | None:
        """The first packet that is not over by `played_to`; what is over goes."""
        while self._packets:
            first = self._packets[min(self._packets)]
            if played_to is None or first.end > played_to:
                return first
            del self._packets[first.at]
        return None

    def take(self, packet: Shelved) -> None:
        """It is being played."""
        del self._packets[packet.at]

    def unwrapped(self, timestamp: int) -> int:
        """An RTP timestamp as ours: at 48 kHz, near the newest packet's."""
        return self._times.nearest(timestamp) * self._scale

    def cut(self, earliest: int) -> int:
        """Throw away what begins before; how many that were."""
        over = [at for at in self._packets if at < earliest]
        for at in over:
            del self._packets[at]
        return len(over)

    def _note_order(self, sequence: int) -> None:
        newest = self._sequences.newest
        unwrapped = self._sequences.unwrap(sequence)
        self.loss *= 1.0 - LOSS_WEIGHT
        if newest is None or unwrapped == newest + 1:
            return
        missing = unwrapped - newest - 1 if unwrapped > newest else -1
        self._counts.lost = max(0, self._counts.lost + missing)
        if missing <= MISSING_AT_MOST:
            self.loss = min(1.0, max(0.0, self.loss + LOSS_WEIGHT * missing))
