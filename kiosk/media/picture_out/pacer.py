"""When each packet of the picture leaves. Pure; times are monotonic seconds.

A mean picture goes at once. What is larger, a key frame, goes at 2.5 times the target rate, and slower once so much
lies in the queue of a line that carries just the target: it would overflow, and the sound in it would be late.

A burst that shall show whether the line carries more goes evenly at its own rate, whatever waits.
"""

from collections import deque
from collections.abc import Iterable
from typing import Final

from kiosk.media.congestion import Probe
from kiosk.media.picture_out.packets import Packet

FACTOR: Final = 2.5
BURST_S: Final = 0.04
"""So much of the target goes at once: a mean picture at 30 a second, and a little more."""
BURST_LEAST_BYTES: Final = 2_400
BURST_MOST_BYTES: Final = 12_000
QUEUE_S: Final = 0.16
"""So much of the target may lie in the line's queue."""
TICK_S: Final = 0.005
"""Fewer, longer waits: every wake-up of the loop costs more than a packet."""
OVERHEAD_BYTES: Final = 66
"""Of a packet beside its payload: IP, UDP, RTP, its extensions, SRTP's tag."""


class Pacer:
    """Packets wait here for their turn. What is sent again goes first."""

    def __init__(self, target_bps: float, now_s: float) -> None:
        self.target_bps = target_bps
        self._waiting: deque[Packet] = deque()
        self._again: deque[Packet] = deque()
        self._bytes = 0
        self._burst: Probe | None = None
        self._burst_left_bytes = 0
        self._allowance_bytes = float(self._burst_bytes)
        self._line_bytes = 0.0
        self._at_s = now_s
        self.waited_s = 0.0
        """How long all packets together have waited."""

    @property
    def backlog_s(self) -> float:
        """How long sending what waits takes, at the target rate."""
        return self._bytes * 8 / self.target_bps

    def add(self, packets: Iterable[Packet]) -> None:
        """Let them wait."""
        for packet in packets:
            (self._again if packet.again else self._waiting).append(packet)
            self._bytes += len(packet.payload) + OVERHEAD_BYTES

    def due(self, now_s: float) -> list[Packet]:
        """What leaves now."""
        self._advance(now_s)
        leaving = []
        while self._allowance_bytes > 0 and (self._again or self._waiting):
            packet = (self._again or self._waiting).popleft()
            size = len(packet.payload) + OVERHEAD_BYTES
            self._bytes -= size
            self._leave(size)
            self.waited_s += now_s - packet.added_at_s
            leaving.append(packet)
        return leaving

    def begin_burst(self, probe: Probe, now_s: float) -> None:
        """From now on, evenly at that rate, until so much has left."""
        self._advance(now_s)
        self._burst, self._burst_left_bytes = probe, probe.size_bytes
        self._allowance_bytes = min(self._allowance_bytes, 1.0)

    @property
    def lacks(self) -> bool:
        """A burst goes on and nothing waits: something is to be sent for its sake, and said by `filled`."""
        return self._burst is not None and not self._bytes and self._allowance_bytes > 0

    def filled(self, payload_bytes: int) -> None:
        """A packet with such a payload has left for the burst's sake; none: there was nothing to send, the burst
        is over."""
        if payload_bytes:
            self._leave(payload_bytes + OVERHEAD_BYTES)
        else:
            self._burst = None

    def wait_s(self) -> float | None:
        """How long until more may leave, counted from the last `due`; None when nothing waits."""
        if not self._bytes and self._burst is None:
            return None
        return max(TICK_S, -self._allowance_bytes * 8 / self._pace_bps)

    def clear(self) -> Packet | None:
        """Forget what waits; the first of it that was never sent."""
        first = self._waiting[0] if self._waiting else None
        self._waiting.clear()
        self._again.clear()
        self._bytes = 0
        self._burst = None
        return first

    def _leave(self, size: int) -> None:
        self._allowance_bytes -= size
        self._line_bytes += size
        if self._burst is not None:
            self._burst_left_bytes -= size
            if self._burst_left_bytes <= 0:
                self._burst = None

    @property
    def _burst_bytes(self) -> float:
        if self._burst is not None:
            return self._burst.rate_bps / 8 * 2 * TICK_S
        return min(max(self.target_bps / 8 * BURST_S, BURST_LEAST_BYTES), BURST_MOST_BYTES)

    @property
    def _pace_bps(self) -> float:
        if self._burst is not None:
            return self._burst.rate_bps
        full = self._line_bytes >= self.target_bps / 8 * QUEUE_S
        return self.target_bps if full else FACTOR * self.target_bps

    def _advance(self, now_s: float) -> None:
        passed_s = max(0.0, now_s - self._at_s)
        self._at_s = now_s
        # A long wait may begin in one pace and end in the other; ticks are short, so the error is too.
        self._allowance_bytes = min(self._burst_bytes, self._allowance_bytes + passed_s * self._pace_bps / 8)
        self._line_bytes = max(0.0, self._line_bytes - passed_s * self.target_bps / 8)
