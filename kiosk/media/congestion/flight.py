"""What was sent and has not been told of yet: one sequence of numbers over all streams of a transport. Pure; times are
monotonic seconds."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from kiosk.media.congestion.feedback import REFERENCE_S, REFERENCES, read

KEPT: Final = 4096
KEPT_S: Final = 5.0
"""Who tells of a packet later than this tells nothing."""


@dataclass(slots=True)
class Sent:
    """One packet."""

    sent_at_s: float
    size_bytes: int
    """With all its headers."""
    is_picture: bool
    probe: int | None
    """The probe that it is a part of."""
    arrived_at_s: float | None = None
    """By the far end's clock, which has another beginning; None: it is lost."""
    was_lost: bool = False
    """It was told of as lost before."""


class Flight:
    """Numbers packets, and finds them again when they are told of."""

    def __init__(self) -> None:
        self._packets: OrderedDict[int, Sent] = OrderedDict()
        self._next = 0
        self._reference: int | None = None

    def sent(self, packet: Sent) -> int:
        """Its transport-wide sequence number, 16 bits."""
        number = self._next
        self._next += 1
        self._packets[number] = packet
        while len(self._packets) > KEPT or packet.sent_at_s - next(iter(self._packets.values())).sent_at_s > KEPT_S:
            self._packets.popitem(last=False)
        return number & 0xFFFF

    def told(self, fci: bytes) -> list[Sent]:
        """The packets of which a message tells something new, as they were sent. A packet may be told of as lost and
        later, once more, as arrived; never twice as the same. Raises ValueError for what is no such message."""
        feedback = read(fci)
        # None is told of before it was sent: the number is the newest such one.
        first = self._next - 1 - (self._next - 1 - feedback.first_number & 0xFFFF)
        base_s = self._unwrapped(feedback.reference) * REFERENCE_S
        found = []
        for number, arrival_s in enumerate(feedback.arrivals_s, first):
            packet = self._packets.get(number)
            if packet is None:
                continue
            if arrival_s is not None:
                packet.arrived_at_s = base_s + arrival_s
                del self._packets[number]
                found.append(packet)
            elif not packet.was_lost:
                packet.was_lost = True
                found.append(packet)
        return found

    def _unwrapped(self, reference: int) -> int:
        before = self._reference
        if before is not None:
            half = REFERENCES // 2
            reference = before + (reference - before + half) % REFERENCES - half
        self._reference = reference
        return reference
