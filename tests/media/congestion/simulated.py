"""A sender with pictures and sound, a line, and a far end that tells when each packet came; the clock is simulated."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from kiosk.media.congestion import LineRate
from kiosk.media.picture_out.pacer import OVERHEAD_BYTES, Pacer
from kiosk.media.picture_out.packets import Packet
from kiosk.media.transport_feedback import TransportFeedback

TICK_S = 0.005
SOUND_BYTES = 140
PAYLOAD_BYTES = 1100
FAR_CLOCK_S = 16_777_216 * 0.064 - 20.0
"""The far end's clock wraps around after twenty seconds."""


@dataclass
class Line:
    """One way. The way back takes as long, and loses what it is told to."""

    capacity_bps: float = 10e6
    loss: float = 0.0
    delay_s: float = 0.02
    queue_s: float = 0.3
    jitter_s: Callable[[float], float] = lambda _: 0.0
    feedback_loss: float = 0.0
    feedback_delay_s: Callable[[float], float] = lambda _: 0.0
    seed: int = 1
    free_at_s: float = 0.0
    last_s: float = 0.0
    dropped: int = 0
    chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)

    def arrival_s(self, size_bytes: int, now_s: float) -> float | None:
        if self.free_at_s - now_s > self.queue_s:
            self.dropped += 1
            return None
        self.free_at_s = max(self.free_at_s, now_s) + size_bytes * 8 / self.capacity_bps
        if self.chance.random() < self.loss:
            return None
        self.last_s = max(self.last_s, self.free_at_s + self.delay_s + self.jitter_s(now_s))
        return self.last_s


class Sending:
    """Pictures at the target rate, with whatever bursts the rule asks for."""

    def __init__(self, line: Line, most_bps: int = 1_200_000, first_number: int = 0) -> None:
        self.line = line
        self.now_s = 1000.0
        self.rate = LineRate(most_bps, self.now_s)
        for _ in range(first_number):
            self.rate.sent(1, True, self.now_s - 100)
        self.pacer = Pacer(self.rate.target_bps, self.now_s)
        self.delays_s: list[float] = []
        self.probes = 0
        self.probe_bytes = 0
        self._feedback = TransportFeedback()
        self._coming: deque[tuple[float, int]] = deque()
        self._returning: list[tuple[float, bytes]] = []
        self._ticks = 0

    def run(self, for_s: float) -> list[float]:
        """The targets, ten a second."""
        targets = []
        for _ in range(round(for_s / TICK_S)):
            self._tick()
            if self._ticks % 20 == 0:
                targets.append(self.rate.target_bps)
        return targets

    def _tick(self) -> None:
        self.now_s += TICK_S
        self._ticks += 1
        if self._ticks % 40 == 0:
            self.pacer.target_bps = self.rate.advance(self.rate.target_bps, self.now_s)
        if (probe := self.rate.probe(self.now_s)) is not None:
            self.probes += 1
            self.pacer.begin_burst(probe, self.now_s)
        if self._ticks % 20 // 7 != (self._ticks - 1) % 20 // 7:
            left = round(0.9 * self.rate.target_bps / 30 / 8)
            packets = []
            while left > 0:
                packets.append(
                    Packet(0, 0, False, bytes(max(1, min(left, PAYLOAD_BYTES) - OVERHEAD_BYTES)), self.now_s)
                )
                left -= PAYLOAD_BYTES
            self.pacer.add(packets)
        if self._ticks % 4 == 0:
            self._send(SOUND_BYTES, is_picture=False)
        for packet in self.pacer.due(self.now_s):
            self._send(len(packet.payload) + OVERHEAD_BYTES)
        while self.pacer.lacks:
            self.pacer.filled(PAYLOAD_BYTES)
            self.probe_bytes += PAYLOAD_BYTES
            self._send(PAYLOAD_BYTES + OVERHEAD_BYTES)
        self._arrive()

    def _send(self, size_bytes: int, *, is_picture: bool = True) -> None:
        number = self.rate.sent(size_bytes, is_picture, self.now_s)
        arrival_s = self.line.arrival_s(size_bytes, self.now_s)
        if arrival_s is not None:
            self.delays_s.append(arrival_s - self.now_s)
            self._coming.append((arrival_s, number))

    def _arrive(self) -> None:
        line = self.line
        while self._coming and self._coming[0][0] <= self.now_s:
            arrived_s, number = self._coming.popleft()
            self._feedback.note(number, arrived_s - 1000 + FAR_CLOCK_S)
        if self._ticks % 20 == 0:
            for message in self._feedback.take(self.now_s - 1000 + FAR_CLOCK_S):
                if line.chance.random() >= line.feedback_loss:
                    told_s = self.now_s + line.delay_s + line.feedback_delay_s(self.now_s)
                    self._returning.append((told_s, message))
        due = [each for each in self._returning if each[0] <= self.now_s]
        self._returning = [each for each in self._returning if each[0] > self.now_s]
        for _, message in sorted(due, key=lambda each: each[0]):
            self.rate.told(message, self.now_s)
