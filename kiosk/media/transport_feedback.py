"""Tells the far end when each of its packets came, so that it finds out itself what the line carries.

Transport-wide congestion control, draft-holmer-rmcat-transport-wide-cc-extensions-01. Pure.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from struct import pack
from typing import Final

EVERY_S: Final = 0.1
"""Between two messages."""
KEPT_S: Final = 0.5
"""So late a packet is still told of; the messages after it tell of those behind it once more."""
PACKETS_LIMIT: Final = 800
"""In one message, lost ones included; a longer gap is left out."""
TICK_HZ: Final = 4000
REFERENCE_TICKS: Final = 256
_LOST, _SMALL, _LARGE = 0, 1, 2
_RUN_LIMIT: Final = 0x1FFF
_LARGE_LIMIT: Final = 0x7FFF


class TransportFeedback:
    """Arrivals in, messages out. Times are monotonic seconds."""

    def __init__(self) -> None:
        # Ticks of 250 µs by number without wrap-around.
        self._arrivals: dict[int, int] = {}
        self._newest: int | None = None
        self._begin: int | None = None
        self._count = 0

    def note(self, number: int, now_s: float) -> None:
        """The packet with this transport-wide sequence number (16 bits) has come."""
        newest = self._newest
        if newest is None:
            unwrapped = newest = number
        else:
            unwrapped = newest + (number - newest + 0x8000) % 0x10000 - 0x8000
        if unwrapped in self._arrivals:
            return
        if self._arrivals and unwrapped < next(iter(self._arrivals)):
            # What came behind it is forgotten, and would be told of as lost.
            return
        self._arrivals[unwrapped] = int(now_s * TICK_HZ)
        self._newest = max(newest, unwrapped)
        if self._begin is None or unwrapped < self._begin:
            self._begin = unwrapped

    def take(self, now_s: float) -> list[bytes]:
        """What there is to tell since the last time: the FCI of RTPFB messages of format 15, in order."""
        self._forget(int((now_s - KEPT_S) * TICK_HZ))
        if self._begin is None or self._newest is None or self._newest < self._begin:
            return []
        begin = max(self._begin, self._newest - PACKETS_LIMIT + 1)
        self._begin = self._newest + 1
        numbers = sorted(number for number in self._arrivals if number >= begin)
        return list(self._messages(begin, numbers))

    def _forget(self, before_ticks: int) -> None:
        for number in [number for number, ticks in self._arrivals.items() if ticks < before_ticks]:
            if self._begin is None or number < self._begin:
                del self._arrivals[number]

    def _messages(self, begin: int, numbers: Sequence[int]) -> Iterator[bytes]:
        at = 0
        while at < len(numbers):
            begin = max(begin, numbers[at] - _RUN_LIMIT) if at == 0 else numbers[at]
            before = reference = self._arrivals[numbers[at]] // REFERENCE_TICKS * REFERENCE_TICKS
            statuses: list[int] = []
            deltas = b""
            while at < len(numbers):
                ticks = self._arrivals[numbers[at]]
                delta = ticks - before
                if abs(delta) > _LARGE_LIMIT:
                    break
                statuses += [_LOST] * (numbers[at] - begin - len(statuses))
                is_small = 0 <= delta <= 0xFF
                statuses.append(_SMALL if is_small else _LARGE)
                deltas += pack("!B", delta) if is_small else pack("!h", delta)
                before = ticks
                at += 1
            head = pack("!HH", begin & 0xFFFF, len(statuses))
            head += pack("!L", (reference // REFERENCE_TICKS & 0xFFFFFF) << 8 | self._count)
            self._count = (self._count + 1) & 0xFF
            yield head + _chunks(statuses) + deltas


def _chunks(statuses: Sequence[int]) -> bytes:
    """Runs where they pay, otherwise vectors of 14 or 7 statuses."""
    chunks = b""
    at = 0
    while at < len(statuses):
        run = len(next(list(same) for _, same in groupby(statuses[at : at + _RUN_LIMIT])))
        if run >= 14 or run == len(statuses) - at:
            chunks += pack("!H", statuses[at] << 13 | run)
            at += run
        elif _LARGE in statuses[at : at + 14]:
            chunks += pack("!H", 0xC000 | _vector(statuses[at : at + 7], 7, 2))
            at += 7
        else:
            chunks += pack("!H", 0x8000 | _vector(statuses[at : at + 14], 14, 1))
            at += 14
    return chunks


def _vector(statuses: Sequence[int], length: int, bits: int) -> int:
    vector = 0
    for place in range(length):
        vector = vector << bits | (statuses[place] if place < len(statuses) else _LOST)
    return vector
