"""One stream of pictures: packets in; whole pictures out, and what to ask the far end for. Pure."""

from dataclasses import dataclass
from typing import Final

from kiosk.media.picture_in.arrival import Arrival
from kiosk.media.picture_in.jitter_buffer import JUMP_LIMIT, Coded, JitterBuffer, Packet
from kiosk.media.picture_in.missing import Missing
from kiosk.media.picture_in.payload import Codec, depayload
from kiosk.media.picture_in.unwrap import Unwrapper

KEY_FRAME_EVERY_S: Final = 0.3
"""A key frame is asked for no more often: each one costs as much as a second of pictures."""
PATIENCE_RTTS: Final = 3.5
PATIENCE_LEAST_S, PATIENCE_MOST_S = 0.08, 0.5
"""So long a missing packet may come as it was asked for, before a key frame is asked for as well."""
OVERTAKEN_S: Final = 0.02
"""The first packet of a key frame may have been overtaken by others."""
TAIL_S: Final = 0.3
"""A picture whose last packets have not come for so long, though nothing else has come either, has lost them."""
OLD_SOURCE_S: Final = 2.0
"""Packets of a stream that was replaced may come so late."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What the far end is asked for."""

    ssrc: int
    lost: tuple[int, ...]
    """RTP sequence numbers, in the order they were sent."""
    key_frame: bool


class Reception:
    """Times are monotonic seconds."""

    def __init__(self) -> None:
        self._buffer = JitterBuffer()
        self._missing = Missing()
        self._numbers = Unwrapper(16)
        self._timestamps = Unwrapper(32)
        self._ssrc: int | None = None
        self._old_ssrc: int | None = None
        self._old_until_s = 0.0
        self._asked_key_at_s = -KEY_FRAME_EVERY_S
        self._waits_since_s: float | None = None
        self._newest_at_s = 0.0
        self.codec: Codec = "VP8"
        """Of the newest packet."""
        self.key_frames_asked = 0
        self.lost = 0
        """Gaps that were given up."""

    @property
    def ssrc(self) -> int | None:
        """Of the stream that is received; None before the first packet."""
        return self._ssrc

    @property
    def packets_asked(self) -> int:
        """Each repetition counted."""
        return self._missing.asked

    @property
    def depth(self) -> int:
        """Packets held."""
        return self._buffer.depth

    @property
    def duplicates(self) -> int:
        """Packets that came twice, or too late."""
        return self._buffer.duplicates

    @property
    def rtt_s(self) -> float:
        """Question to answer."""
        return self._missing.rtt_s

    def add(self, arrival: Arrival, now_s: float) -> list[Coded]:
        """One packet as it came, and the pictures that it completes."""
        if arrival.ssrc != self._ssrc and not self._begin(arrival.ssrc, now_s):
            return []
        if arrival.codec != self.codec:
            self.codec = arrival.codec
            self._restart(now_s)
        try:
            piece = depayload(arrival.codec, arrival.payload)
        except ValueError:
            return []
        if not arrival.is_repair:
            self._newest_at_s = now_s
        unwrapped = self._numbers.unwrap(arrival.number)
        timestamp = self._timestamps.unwrap(arrival.timestamp)
        newest = self._buffer.newest
        pictures = self._buffer.add(
            Packet(unwrapped, timestamp, arrival.ends, piece.starts, piece.is_key, piece.data, now_s)
        )
        if newest is None or unwrapped == newest + 1:
            pass
        elif newest < unwrapped <= newest + JUMP_LIMIT:
            if not self._missing.add(newest + 1, unwrapped, now_s):
                self._lose(now_s)
        elif abs(unwrapped - newest) > JUMP_LIMIT:
            if self._buffer.newest == unwrapped:
                self._restart_waiting(now_s)
        else:
            self._missing.came(unwrapped, now_s, arrival.is_repair)
        if self._missing and (needed := self._buffer.needed_from) is not None:
            self._missing.forget_before(needed)
        if not self._buffer.waits_for_key:
            self._waits_since_s = None
        elif self._waits_since_s is None:
            self._waits_since_s = now_s
        return pictures

    @property
    def is_troubled(self) -> bool:
        """There may be something to ask for."""
        return bool(self._missing) or self._buffer.waits_for_key or self._buffer.hole is not None

    def broken(self, now_s: float) -> None:
        """What was given out could not be decoded, or was dropped: only a key frame helps."""
        self._buffer.wait_for_key()
        if self._waits_since_s is None:
            self._waits_since_s = now_s

    def ask(self, now_s: float) -> Ask | None:
        """What is due now, if anything; it counts as asked."""
        if self._ssrc is None:
            return None
        lost = self._missing.due(now_s)
        hole = self._buffer.hole
        if hole is not None and hole not in self._missing:
            self._lose(now_s)
        key_frame = self._key_due_s(now_s) <= now_s
        if key_frame:
            self._asked_key_at_s = now_s
            self.key_frames_asked += 1
        if not lost and not key_frame:
            return None
        return Ask(self._ssrc, tuple(number & 0xFFFF for number in lost), key_frame)

    def ask_at_s(self, now_s: float) -> float | None:
        """When `ask` is to be called again, if no packet comes before; None: not before a packet comes."""
        times = [self._key_due_s(now_s)]
        if (due_s := self._missing.next_due_s()) is not None:
            times.append(due_s)
        soonest_s = min(times)
        return soonest_s if soonest_s != _NEVER_S else None

    def _key_due_s(self, now_s: float) -> float:
        patience_s = min(max(PATIENCE_RTTS * self._missing.rtt_s, PATIENCE_LEAST_S), PATIENCE_MOST_S)
        buffer = self._buffer
        if buffer.waits_for_key:
            since_s = self._waits_since_s if self._waits_since_s is not None else now_s
            # One that is on its way gets its time.
            wanted_s = since_s + (OVERTAKEN_S if buffer.needed_from is None else patience_s)
        elif buffer.hole is not None:
            since_s = self._missing.since_s if self._missing.since_s is not None else now_s
            wanted_s = since_s + patience_s
        elif buffer.depth:
            wanted_s = self._newest_at_s + TAIL_S
        else:
            return _NEVER_S
        return max(wanted_s, self._asked_key_at_s + KEY_FRAME_EVERY_S)

    def _begin(self, ssrc: int, now_s: float) -> bool:
        """Follow this stream instead of the former. False: it is the one that was left."""
        if ssrc == self._old_ssrc and now_s < self._old_until_s:
            return False
        if self._ssrc is not None:
            self._old_ssrc, self._old_until_s = self._ssrc, now_s + OLD_SOURCE_S
            self._restart(now_s)
        self._ssrc = ssrc
        return True

    def _restart(self, now_s: float) -> None:
        self._buffer.reset()
        self._numbers, self._timestamps = Unwrapper(16), Unwrapper(32)
        self._restart_waiting(now_s)

    def _restart_waiting(self, now_s: float) -> None:
        self._missing.clear()
        self._waits_since_s = now_s if self._buffer.waits_for_key else None

    def _lose(self, now_s: float) -> None:
        self.lost += 1
        self._missing.clear()
        self.broken(now_s)


_NEVER_S: Final = float("inf")
