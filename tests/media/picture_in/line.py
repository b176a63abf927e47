"""A far end that sends pictures over a line with delay, loss and jitter, in simulated time."""

import heapq
import itertools
import random
from collections.abc import Callable

from kiosk.media.picture_in.arrival import Arrival
from kiosk.media.picture_in.jitter_buffer import Coded
from kiosk.media.picture_in.reception import Reception

FRAME_S = 1 / 30
VP8_FIRST, VP8_FURTHER = 0x10, 0x00
KEPT_S = 2.0


def vp8(body: bytes, is_first: bool, is_key: bool) -> bytes:
    """A payload of a picture: descriptor, then the frame header's first byte where it begins."""
    return bytes((VP8_FIRST if is_first else VP8_FURTHER, 0 if is_key and is_first else 1)) + body


class Line:
    """Thirty pictures a second; answers questions as a browser does. Each picture's body names its number."""

    def __init__(
        self,
        *,
        lost: Callable[[random.Random], bool] = lambda _: False,
        one_way_s: float = 0.04,
        jitter_s: Callable[[random.Random], float] = lambda _: 0.0,
        in_order: bool = False,
        seed: int = 1,
        first_number: int = 65_500,
        first_timestamp: int = 0xFFFF_0000,
        packets: int = 4,
    ) -> None:
        self.reception = Reception()
        self.now_s = 1000.0
        self.shown: list[tuple[float, int, Coded]] = []
        """When, which picture, and what came out."""
        self.key_frames: list[int] = []
        self.sent = 0
        self.ssrc = 7
        self.cut = False
        """Nothing passes in either direction."""
        self.most_held = 0
        self._lost = lost
        self._one_way_s = one_way_s
        self._jitter_s = jitter_s
        self._in_order = in_order
        self._random = random.Random(seed)
        self._number = first_number
        self._timestamp = first_timestamp
        self._packets = packets
        self._history: dict[int, tuple[float, Arrival]] = {}
        self._resent_at_s: dict[int, float] = {}
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._last_arrival_s = 0.0
        self._key_wanted = True
        self._picture = 0
        self._timer_s: float | None = None
        self._at(self.now_s, self._send_picture)

    def run(self, for_s: float) -> None:
        """Let so much time pass."""
        until_s = self.now_s + for_s
        while self._events and self._events[0][0] <= until_s:
            self.now_s, _, event = heapq.heappop(self._events)
            event()
        self.now_s = until_s

    def restart(self, ssrc: int) -> None:
        """The far end begins anew."""
        self.ssrc = ssrc
        self._number, self._timestamp = 3, 12_345
        self._key_wanted = True
        self._history.clear()

    def forget(self) -> None:
        """What this simulation itself remembers and nothing asks for any more."""
        self.shown.clear()
        self.key_frames.clear()
        for number in [number for number, (sent_s, _) in self._history.items() if self.now_s - sent_s > KEPT_S]:
            del self._history[number]
            self._resent_at_s.pop(number, None)

    def gaps_s(self) -> list[float]:
        """Between one picture and the next."""
        return [b - a for (a, _, _), (b, _, _) in itertools.pairwise(self.shown)]

    def numbers(self) -> list[int]:
        """Of the pictures that came out."""
        return [number for _, number, _ in self.shown]

    def _at(self, at_s: float, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (at_s, next(self._order), event))

    def _send_picture(self) -> None:
        is_key, self._key_wanted = self._key_wanted, False
        if is_key:
            self.key_frames.append(self._picture)
        count = self._packets * (4 if is_key else 1)
        for part in range(count):
            body = vp8(self._picture.to_bytes(4, "big") + bytes(20), part == 0, is_key)
            arrival = Arrival(
                "VP8", self.ssrc, self._number, self._timestamp & 0xFFFFFFFF, part == count - 1, body, False
            )
            self._history[self._number] = (self.now_s, arrival)
            self._number = (self._number + 1) & 0xFFFF
            self._send(arrival)
        self._picture += 1
        self._timestamp += 3000
        self.sent += 1
        self._at(self.now_s + FRAME_S, self._send_picture)

    def _send(self, arrival: Arrival) -> None:
        if self.cut or self._lost(self._random):
            return
        at_s = self.now_s + self._one_way_s + self._jitter_s(self._random)
        if self._in_order:
            at_s = self._last_arrival_s = max(at_s, self._last_arrival_s)
        self._at(at_s, lambda: self._arrive(arrival))

    def _arrive(self, arrival: Arrival) -> None:
        for coded in self.reception.add(arrival, self.now_s):
            self.shown.append((self.now_s, int.from_bytes(coded.data[1:5], "big"), coded))
        self.most_held = max(self.most_held, self.reception.depth)
        self._ask()

    def _ask(self) -> None:
        ask = self.reception.ask(self.now_s)
        if ask is not None and not self.cut and not self._lost(self._random):
            if ask.lost:
                self._at(self.now_s + self._one_way_s, lambda: self._resend(ask.lost))
            if ask.key_frame:
                self._at(self.now_s + self._one_way_s, self._want_key)
        at_s = self.reception.ask_at_s(self.now_s)
        if at_s is not None and (self._timer_s is None or at_s < self._timer_s or self._timer_s <= self.now_s):
            self._timer_s = max(at_s, self.now_s + 0.002)
            self._at(self._timer_s, self._tick)

    def _tick(self) -> None:
        self._timer_s = None
        self._ask()

    def _want_key(self) -> None:
        self._key_wanted = True

    def _resend(self, numbers: tuple[int, ...]) -> None:
        for number in numbers:
            sent_s, arrival = self._history.get(number, (0.0, None))
            if arrival is None or self.now_s - sent_s > KEPT_S:
                continue
            if self.now_s - self._resent_at_s.get(number, 0.0) < 2 * self._one_way_s:
                continue
            self._resent_at_s[number] = self.now_s
            again = Arrival(
                "VP8", arrival.ssrc, number, arrival.timestamp, arrival.ends, arrival.payload, is_repair=True
            )
            self._send(again)
