"""Packets in any order in, whole pictures in decoding order out. Pure: no clock, no thread."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

CAPACITY_PACKETS: Final = 1024
"""Some ten seconds of picture at 1 Mbit/s, or 1.5 MB."""
KEPT_PACKETS: Final = 512
"""So many are kept of what cannot be decoded yet, for a key frame whose first packet comes last."""
JUMP_LIMIT: Final = 1000
"""Further ahead or behind than this is no gap but another count."""
STRAY_LIMIT: Final = 3
"""So many packets of another count in succession are believed."""


@dataclass(slots=True)
class Packet:
    """One RTP packet, numbers without wrap-around."""

    number: int
    timestamp: int
    """90 kHz."""
    ends: bool
    """The marker bit: the last packet of its picture."""
    starts: bool
    is_key: bool
    data: bytes
    arrived_at_s: float


@dataclass(frozen=True, slots=True)
class Coded:
    """A whole coded picture."""

    data: bytes = field(repr=False)
    timestamp: int
    """90 kHz, without wrap-around."""
    is_key: bool
    """Needs no other picture."""
    arrived_at_s: float
    """When its last packet came: monotonic seconds."""
    packets: int


class JitterBuffer:
    """Never gives a picture whose packets, or whose predecessor, are not complete.

    It begins at a key frame; behind a gap it waits for the missing packets or for the next key frame, whichever is
    complete first.
    """

    def __init__(self) -> None:
        self._packets: dict[int, Packet] = {}
        # The next picture begins here; None: only a key frame can be next.
        self._next: int | None = None
        self._scanned = 0
        self._newest: int | None = None
        # A key frame behind the gap, and how far it is complete.
        self._key: int | None = None
        self._key_scanned = 0
        self._strays = 0
        self.duplicates = 0

    @property
    def newest(self) -> int | None:
        """The highest number so far."""
        return self._newest

    @property
    def depth(self) -> int:
        """Packets held."""
        return len(self._packets)

    @property
    def waits_for_key(self) -> bool:
        """Nothing but a key frame helps."""
        return self._next is None

    @property
    def needed_from(self) -> int | None:
        """Packets before this number are of no use; None when that is not known."""
        return self._next if self._next is not None else self._key

    @property
    def hole(self) -> int | None:
        """The missing packet that everything waits for; None when none is."""
        if self._next is None or self._newest is None or self._newest < self._scanned:
            return None
        return self._scanned

    def add(self, packet: Packet) -> list[Coded]:
        """The pictures that this packet completes, oldest first."""
        number = packet.number
        if self._newest is None:
            self._newest = number - 1
        if self._is_stray(number):
            return []
        if (self._next is not None and number < self._next) or number in self._packets:
            self.duplicates += 1
            return []
        self._packets[number] = packet
        self._newest = max(self._newest, number)
        if len(self._packets) > CAPACITY_PACKETS:
            self._make_room()
        complete = list(self._in_order()) if number == self._scanned and self._next is not None else []
        is_ahead = number in self._packets and (self._next is None or number >= self._scanned)
        if packet.starts and is_ahead and (self._key is None or number > self._key):
            self._key = self._key_scanned = number
        if self._key is not None:
            complete += self._from_key()
        return complete

    def wait_for_key(self) -> None:
        """Give up what is missing: the decoder, or the line, has lost the thread."""
        self._next = None
        if self._key is not None:
            self._drop_before(self._key)

    def reset(self) -> None:
        """Forget everything: the far end begins anew."""
        self._packets.clear()
        self._next = self._newest = self._key = None
        self._strays = 0

    def _is_stray(self, number: int) -> bool:
        assert self._newest is not None
        if abs(number - self._newest) <= JUMP_LIMIT:
            self._strays = 0
            return False
        self._strays += 1
        if self._strays <= STRAY_LIMIT:
            return True
        self.reset()
        self._newest = number - 1
        return False

    def _in_order(self) -> Iterator[Coded]:
        packets = self._packets
        assert self._next is not None
        begin = self._next
        at = self._scanned
        while (packet := packets.get(at)) is not None:
            if at == begin and not packet.data:
                # Padding between pictures (RFC 3550, 5.1) takes numbers, too.
                del packets[at]
                at = begin = at + 1
                continue
            if at > begin and packet.timestamp != packets[begin].timestamp:
                yield self._take(begin, at)
                begin = at
            at += 1
            if packet.ends:
                yield self._take(begin, at)
                begin = at
        self._next, self._scanned = begin, at
        if self._key is not None and self._key < at:
            self._key = None

    def _from_key(self) -> list[Coded]:
        """Go on at the key frame behind the gap when it is complete."""
        packets = self._packets
        key = self._key
        assert key is not None
        begin = packets[key]
        at = self._key_scanned
        is_whole = False
        while (packet := packets.get(at)) is not None and not is_whole:
            is_whole = packet.timestamp != begin.timestamp
            if not is_whole:
                at += 1
                is_whole = packet.ends
        self._key_scanned = at
        if not is_whole:
            return []
        self._key = None
        if not any(packets[number].is_key for number in range(key, at)):
            return []
        self._drop_before(key)
        self._next = self._scanned = key
        return list(self._in_order())

    def _take(self, begin: int, end: int) -> Coded:
        parts = [self._packets.pop(number) for number in range(begin, end)]
        return Coded(
            b"".join([part.data for part in parts]),
            parts[0].timestamp,
            any(part.is_key for part in parts),
            max(part.arrived_at_s for part in parts),
            len(parts),
        )

    def _make_room(self) -> None:
        assert self._newest is not None
        self._next = None
        self._drop_before(self._newest - KEPT_PACKETS)
        if self._key is not None and self._key not in self._packets:
            self._key = None

    def _drop_before(self, number: int) -> None:
        for old in [at for at in self._packets if at < number]:
            del self._packets[old]
