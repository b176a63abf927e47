"""The loudspeaker's sound in step with the microphone's: what an echo canceller is told to look for."""

import threading
from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ

Samples = NDArray[np.int16]

MOST_SAMPLES: Final = BLOCK_SAMPLES * 3 // 2
"""More than this waiting even at the least moment of a second would be looked for after it was heard: a card holds
30 ms of what it is given, and a microphone some more. Less than a block would not do either: a thread that comes now
before and now after the other one moves the level by a block."""
RIGHT_SAMPLES: Final = BLOCK_SAMPLES // 2
TOO_MUCH_SAMPLES: Final = SAMPLE_RATE_HZ // 5
"""No thread that is merely late leaves so much: the microphone was off."""
CAPACITY_SAMPLES: Final = SAMPLE_RATE_HZ // 2
WINDOW_BLOCKS: Final = 50

_SILENCE: Final[Samples] = np.zeros(BLOCK_SAMPLES, np.int16)


class Reference:
    """Filled at the loudspeaker's pace, emptied at the microphone's. On one card both are the same, and then nothing is
    ever moved; two cards' clocks part by a block in some minutes, and then a block is left out or put in, which the
    canceller follows. What it cannot follow is the drift itself: clocks 200 ppm apart cost 20 dB of the echo's loss, 50
    ppm nothing. Stretching the reference by the drift would give that back; until two cards are a case, one card, or
    one speakerphone, is the answer. `put` and `take` from a thread each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Samples] = deque()
        self._depth = 0
        self._off = True
        self._lowest = CAPACITY_SAMPLES
        self._blocks = 0
        self.starved = 0
        """Takes that found too little, though the loudspeaker was on a moment before."""
        self.skipped_samples = 0
        """Samples that were left out to keep in step."""

    @property
    def depth_samples(self) -> int:
        """What waits."""
        return self._depth

    def put(self, samples: Samples) -> None:
        """What the loudspeaker was given."""
        with self._lock:
            self._waiting.append(samples)
            self._depth += len(samples)
            self._skip(self._depth - CAPACITY_SAMPLES)

    def take(self, lost_samples: int = 0) -> Samples:
        """BLOCK_SAMPLES, to go with the microphone's next block, before which it lost so many samples; zeros while the
        loudspeaker is off."""
        with self._lock:
            # Meanwhile the loudspeaker went on.
            self._skip(min(lost_samples, self._depth))
            if self._depth < BLOCK_SAMPLES:
                self.starved += not self._off
                self._off = True
                return _SILENCE
            if self._depth > TOO_MUCH_SAMPLES:
                self._skip(self._depth - BLOCK_SAMPLES)
            self._off = False
            samples = self._taken(BLOCK_SAMPLES)
            self._watch()
            return samples

    def _watch(self) -> None:
        self._lowest = min(self._lowest, self._depth)
        self._blocks += 1
        if self._blocks < WINDOW_BLOCKS:
            return
        if self._lowest > MOST_SAMPLES:
            self._skip(self._lowest - RIGHT_SAMPLES)
        self._lowest, self._blocks = CAPACITY_SAMPLES, 0

    def _skip(self, count: int) -> None:
        if count > 0:
            self._taken(count)
            self.skipped_samples += count

    def _taken(self, count: int) -> Samples:
        parts: list[Samples] = []
        while count > 0:
            part = self._waiting.popleft()
            if len(part) > count:
                self._waiting.appendleft(part[count:])
                part = part[:count]
            parts.append(part)
            count -= len(part)
            self._depth -= len(part)
        return parts[0] if len(parts) == 1 else np.concatenate(parts)
