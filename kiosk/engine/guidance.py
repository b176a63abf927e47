"""The spoken sentence of the moment, for whoever has the loudspeaker open."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np

from kiosk.engine.sounds import mixed
from kiosk.frames import BLOCK_SAMPLES

RINGS_FOR_S: Final = 0.4
"""So long after its last block a sentence may still come back to the microphone."""
FADES_WITHIN_S: Final = 0.1
"""A loudspeaker that asks for nothing by then was closed; the next one begins without a rest of the old sentence."""


class Sentence:
    """What is being said: blocks of sound, and whom to tell when it is over."""

    def __init__(self, blocks: Iterable[bytes], on_end: Callable[[], None]) -> None:
        self.left = deque(blocks)
        self.on_end = on_end
        self.until_s = math.inf
        """What is left then is said no more."""


class Guidance:
    """At most one sentence at a time; a new one takes the place of the one before. Any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._now: Sentence | None = None
        self._sounded_at_s = -RINGS_FOR_S
        self.keys_answered = 0
        """So many presses of the keys for loudness have been answered. For the loop's thread."""

    def say(self, sentence: Sentence) -> None:
        """From the next block on; `on_end` is called once, in the thread in which it ends."""
        with self._lock:
            before, self._now = self._now, sentence
        if before is not None:
            before.on_end()

    def hush(self, sentence: Sentence | None = None) -> None:
        """Be silent after one fading block (20 ms). With a sentence: only if it is that one that is being said."""
        with self._lock:
            if self._now is not None and sentence in (None, self._now):
                self._now.left = deque(_faded(block) for block in list(self._now.left)[:1])
                self._now.until_s = self._clock() + FADES_WITHIN_S

    def mix(self, block: bytes) -> bytes:
        """This block with the sentence in it. Loudspeaker's thread; returns at once."""
        with self._lock:
            sentence = self._now
            if sentence is None:
                return block
            if self._clock() > sentence.until_s:
                sentence.left.clear()
            if sentence.left:
                self._sounded_at_s = self._clock()
                block = mixed(block, sentence.left.popleft())
            if sentence.left:
                return block
            self._now = None
        sentence.on_end()
        return block

    @property
    def sounding(self) -> bool:
        """May the microphone hear it now?"""
        return self._clock() - self._sounded_at_s < RINGS_FOR_S


def _faded(block: bytes) -> bytes:
    fall = np.linspace(1.0, 0.0, BLOCK_SAMPLES)
    quieter: bytes = (np.frombuffer(block, "<i2") * fall).astype("<i2").tobytes()
    return quieter
