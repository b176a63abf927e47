"""RTP packets of the sent picture: what was sent, and what may be sent again. Pure; times are monotonic seconds."""

from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

KEPT: Final = 1024
KEPT_S: Final = 1.0
"""Nobody waits longer for a packet; a key frame comes instead."""
AGAIN_LEAST_S: Final = 0.02
AGAIN_RTTS: Final = 0.8
"""The far end asks again after what it takes for a round trip, which may be a little less than what we do."""
FILLERS: Final = 16
WINDOW_S: Final = 1.0
SHARE: Final = 0.5
"""At most this part of the target goes into sending again: more would feed the queue that lost them."""


@dataclass(slots=True)
class Packet:
    """One RTP packet, not yet protected."""

    sequence_number: int
    timestamp: int
    marker: bool
    payload: bytes
    added_at_s: float
    again: bool = False
    """Sent before, and lost."""
    sent_at_s: float = 0.0


class History:
    """What was sent lately, by sequence number, and the budget of what is sent again."""

    def __init__(self) -> None:
        self._packets: OrderedDict[int, Packet] = OrderedDict()
        self._again_at_s: dict[int, float] = {}
        self._spent: deque[tuple[float, int]] = deque()
        self._spent_bytes = 0
        self._filled = 0

    def sent(self, packet: Packet, now_s: float) -> None:
        """Keep it, and let go of what is too old."""
        packet.sent_at_s = now_s
        self._packets[packet.sequence_number] = packet
        while self._packets:
            oldest = next(iter(self._packets.values()))
            if len(self._packets) <= KEPT and now_s - oldest.sent_at_s <= KEPT_S:
                return
            del self._packets[oldest.sequence_number]
            self._again_at_s.pop(oldest.sequence_number, None)

    def filler(self, now_s: float) -> Packet | None:
        """A large packet of the last ones, each in turn, to be sent once more for the sake of a burst; None: nothing
        was sent lately."""
        recent = list(islice(reversed(self._packets.values()), FILLERS))
        if not recent or now_s - recent[0].sent_at_s > KEPT_S:
            return None
        half = max(len(packet.payload) for packet in recent) / 2
        large = [packet for packet in recent if len(packet.payload) >= half]
        self._filled += 1
        return large[self._filled % len(large)]

    def wanted(self, lost: Iterable[int], target_bps: float, rtt_s: float, now_s: float) -> list[Packet]:
        """Those of the lost that shall be sent again: none twice within about a round trip, all within the budget."""
        while self._spent and now_s - self._spent[0][0] > WINDOW_S:
            self._spent_bytes -= self._spent.popleft()[1]
        budget_bytes = SHARE * target_bps / 8 * WINDOW_S
        chosen = []
        for number in lost:
            packet = self._packets.get(number)
            if packet is None or now_s - packet.sent_at_s > KEPT_S:
                continue
            if now_s - self._again_at_s.get(number, float("-inf")) < max(AGAIN_RTTS * rtt_s, AGAIN_LEAST_S):
                continue
            if self._spent_bytes + len(packet.payload) > budget_bytes:
                break
            self._again_at_s[number] = now_s
            self._spent.append((now_s, len(packet.payload)))
            self._spent_bytes += len(packet.payload)
            chosen.append(packet)
        return chosen
