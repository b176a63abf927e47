"""Encoded pictures on their way through the clinic: put together from packets, never decoded."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .settings import VideoCodec

GAP_LIMIT_S = 0.25
"""How long a missing packet may hold up the picture before it is given up."""
HELD_LIMIT = 512
"""Packets kept while one is missing."""
KEYFRAME_REQUEST_INTERVAL_S = 0.3

_VP8_START_CODE = b"\x9d\x01\x2a"
_ANNEX_B_START_CODE = b"\x00\x00\x00\x01"
_NAL_IDR, _NAL_SPS = 5, 7


@dataclass(frozen=True)
class EncodedFrame:
    """One complete encoded picture (H.264: Annex B)."""

    data: bytes = field(repr=False)
    timestamp: int
    """Ticks of 90 kHz, never wrapping."""
    is_keyframe: bool


def is_keyframe(codec: VideoCodec, data: bytes) -> bool:
    """Whether a decoder can start here. A frame whose beginning was lost is not a key frame."""
    if codec == "vp8":
        return len(data) > 6 and data[0] & 1 == 0 and data[3:6] == _VP8_START_CODE
    if not data.startswith(_ANNEX_B_START_CODE):
        return False
    position = 0
    while (position := data.find(b"\x00\x00\x01", position)) != -1:
        position += 3
        if position < len(data) and data[position] & 0x1F in (_NAL_IDR, _NAL_SPS):
            return True
    return False


@dataclass(frozen=True)
class _Piece:
    timestamp: int
    is_last: bool
    data: bytes


class FrameAssembly:
    """Puts one stream's packets in order and hands on whole frames, as soon as their last packet is there.

    After a loss that is not repaired in time nothing is handed on until the next key frame.
    """

    def __init__(
        self, codec: VideoCodec, on_frame: Callable[[EncodedFrame], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._codec: VideoCodec = codec
        self._on_frame = on_frame
        self._clock = clock
        self._held: dict[int, _Piece] = {}
        self._next: int | None = None
        self._gap_since: float | None = None
        self._needs_keyframe = True
        self._keyframe_asked_at = float("-inf")
        self._timestamp: int | None = None

    def add(self, sequence_number: int, timestamp: int, is_last: bool, data: bytes) -> bool:
        """Take one packet; true when the sender should be asked for a key frame now."""
        now = self._clock()
        if self._next is None:
            self._next = sequence_number
        ahead = (sequence_number - self._next) & 0xFFFF
        if ahead >= 0x10000 - HELD_LIMIT:
            return False
        if ahead >= HELD_LIMIT:
            self._skip_to(sequence_number)
        self._held[sequence_number] = _Piece(timestamp, is_last, data)
        while (count := self._complete()) is not None:
            self._hand_on(count)
        self._watch_gap(now)
        if self._needs_keyframe and now - self._keyframe_asked_at >= KEYFRAME_REQUEST_INTERVAL_S:
            self._keyframe_asked_at = now
            return True
        return False

    def _complete(self) -> int | None:
        """How many packets, from the next one on, make a whole frame; None while some are missing."""
        assert self._next is not None
        first = self._held.get(self._next)
        if first is None:
            return None
        for count in range(HELD_LIMIT):
            piece = self._held.get((self._next + count) & 0xFFFF)
            if piece is None:
                return None
            if piece.timestamp != first.timestamp:
                return count
            if piece.is_last:
                return count + 1
        return None

    def _hand_on(self, count: int) -> None:
        assert self._next is not None
        pieces = [self._held.pop((self._next + offset) & 0xFFFF) for offset in range(count)]
        self._next = (self._next + count) & 0xFFFF
        data = b"".join(piece.data for piece in pieces)
        if not data:
            return
        keyframe = is_keyframe(self._codec, data)
        if keyframe:
            self._needs_keyframe = False
        if not self._needs_keyframe:
            self._on_frame(EncodedFrame(data, self._unwrapped(pieces[0].timestamp), keyframe))

    def _watch_gap(self, now: float) -> None:
        assert self._next is not None
        run = 0
        while (self._next + run) & 0xFFFF in self._held:
            run += 1
        if run == len(self._held):
            self._gap_since = None
        elif self._gap_since is None:
            self._gap_since = now
        elif now - self._gap_since > GAP_LIMIT_S:
            missing = self._next + run
            beyond = [number for number in self._held if (number - missing) & 0xFFFF < HELD_LIMIT]
            self._skip_to(min(beyond, key=lambda number: (number - missing) & 0xFFFF))

    def _skip_to(self, sequence_number: int) -> None:
        self._held = {n: p for n, p in self._held.items() if (n - sequence_number) & 0xFFFF < HELD_LIMIT}
        self._next = sequence_number
        self._gap_since = None
        self._needs_keyframe = True

    def _unwrapped(self, timestamp: int) -> int:
        if self._timestamp is None:
            self._timestamp = timestamp
        else:
            step = (timestamp - self._timestamp) & 0xFFFFFFFF
            self._timestamp += step if step < 1 << 31 else step - (1 << 32)
        return self._timestamp


class IncomingVideo:
    """One participant's encoded picture, and who is watching it."""

    def __init__(self, ask_keyframe: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask_keyframe = ask_keyframe
        self._clock = clock
        self._asked_at = float("-inf")
        self.frame_at = float("-inf")
        self.watchers: set[Callable[[EncodedFrame], None]] = set()

    def deliver(self, frame: EncodedFrame) -> None:
        self.frame_at = self._clock()
        for watcher in tuple(self.watchers):
            watcher(frame)

    def request_keyframe(self) -> None:
        """Ask the participant for a key frame; asking more often than he can answer is not passed on."""
        now = self._clock()
        if now - self._asked_at >= KEYFRAME_REQUEST_INTERVAL_S:
            self._asked_at = now
            self._ask_keyframe()
