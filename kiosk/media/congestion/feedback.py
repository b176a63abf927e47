"""Reads when each of our packets came, as a far end tells it. Pure.

Transport-wide congestion control, draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1.
"""

from dataclasses import dataclass
from struct import Struct
from typing import Final

TICK_S: Final = 0.00025
REFERENCE_S: Final = 0.064
REFERENCES: Final = 1 << 24
_HEAD: Final = Struct("!HHL")
_CHUNK: Final = Struct("!H")
_LARGE: Final = Struct("!h")
_LOST, _CAME, _CAME_LATE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Feedback:
    """One RTPFB message of format 15."""

    first_number: int
    """16 bits: of the first packet that is told of."""
    reference: int
    """24 bits: what the arrivals count from, in steps of 64 ms of the far end's clock."""
    arrivals_s: list[float | None]
    """Of each packet in turn, since the reference; None: it has not come."""


def read(fci: bytes) -> Feedback:
    """Raises ValueError for what is no such message. Bytes after the last arrival are padding."""
    if len(fci) < _HEAD.size:
        raise ValueError("transport feedback: shorter than its head")
    first_number, count, reference = _HEAD.unpack_from(fci)
    statuses, at = _statuses(fci, count)
    ticks = 0
    arrivals_s: list[float | None] = []
    end = len(fci)
    for status in statuses:
        if status == _LOST:
            arrivals_s.append(None)
            continue
        if status == _CAME and at < end:
            ticks += fci[at]
            at += 1
        elif status == _CAME_LATE and at + 1 < end:
            ticks += _LARGE.unpack_from(fci, at)[0]
            at += 2
        else:
            raise ValueError("transport feedback: no such status, or its arrival is missing")
        arrivals_s.append(ticks * TICK_S)
    return Feedback(first_number, reference >> 8, arrivals_s)


def _statuses(fci: bytes, count: int) -> tuple[list[int], int]:
    """Of each packet, and where the arrivals begin."""
    statuses: list[int] = []
    at = _HEAD.size
    while len(statuses) < count:
        if at + _CHUNK.size > len(fci):
            raise ValueError("transport feedback: shorter than it says")
        (chunk,) = _CHUNK.unpack_from(fci, at)
        at += _CHUNK.size
        if not chunk & 0x8000:
            statuses += [chunk >> 13 & 3] * min(chunk & 0x1FFF, count - len(statuses))
        elif chunk & 0x4000:
            statuses += [chunk >> shift & 3 for shift in range(12, -2, -2)]
        else:
            statuses += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    return statuses[:count], at
