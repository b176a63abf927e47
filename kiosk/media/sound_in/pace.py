"""Whether sound should be played a little faster or slower, so that packets wait neither too long nor too little.

Blocks are asked for in steps of 20 ms and packets come in their own steps, so the two have a phase. What matters is the
*slack*: how long the last packet that a block needs can have been here when the block is asked for. By stretching it
changes in whole steps only, when one packet more or less has been opened; what is opened and left over is pure delay.
"""

from collections import deque
from enum import Enum
from typing import Final

from kiosk.frames import BLOCK_SAMPLES
from kiosk.media.sound_in.packet import to_samples

REMEMBERED: Final = 10
"""Blocks. The loudspeaker's thread is sometimes late, which looks as if packets had waited."""
ENOUGH_TO_LENGTHEN: Final = 3
CLOSE: Final = to_samples(0.005)
"""So much less slack than wanted is allowed; and so much more than a block too much."""
LEFT_OVER: Final = to_samples(0.005)
SLOW: Final = to_samples(0.100)
FAST: Final = to_samples(0.040)
"""The time between two changes, when little and when much is to be changed."""
MUCH: Final = to_samples(0.060)
ALIKE: Final = 0.85
"""Periods must be as alike as this to be merged; less, the longer it takes to find such."""
ALIKE_LEAST: Final = 0.3
IMPATIENCE: Final = 0.01


class Change(Enum):
    """What to do with the sound that is about to be played."""

    NONE = "none"
    LENGTHEN = "lengthen"
    SHORTEN = "shorten"
    TRIM = "trim"
    """Shorten by no more than is left over."""


class Pace:
    """Times in samples at 48 kHz. One thread."""

    def __init__(self) -> None:
        self._waited: deque[int] = deque(maxlen=REMEMBERED)
        self._stocked: deque[int] = deque(maxlen=REMEMBERED)
        self._tried_at = 0
        self._tries = 0

    @property
    def likeness(self) -> float:
        """How alike two periods must be by now."""
        return max(ALIKE_LEAST, ALIKE - IMPATIENCE * self._tries)

    def note(self, waited: int, stocked: int) -> None:
        """A block is asked for: how long its first sample can have been here, and how much is there from it on."""
        self._waited.append(waited)
        self._stocked.append(stocked)

    def wanted(self, now: int, wait: int, left: int, packet: int) -> Change:
        """What to change when `left` samples are left over after the block, and packets of that length should wait
        for `wait`."""
        if len(self._waited) < ENOUGH_TO_LENGTHEN:
            return Change.NONE
        step = min(packet, BLOCK_SAMPLES)
        spare = left % step
        # From the first sample of a block to the beginning of the last packet it needs.
        last_begins = spare + (BLOCK_SAMPLES - 1 - spare) // step * step
        too_little = wait - (max(self._waited) - last_begins)
        # On a path that has just become longer packets seem to have waited, and yet there are none in stock.
        too_much = min(*self._waited, max(self._stocked)) - last_begins - wait
        pause = FAST if max(too_little, too_much - BLOCK_SAMPLES) > MUCH else SLOW
        if now - self._tried_at < pause and not self._tries:
            return Change.NONE
        if too_little > CLOSE:
            return Change.LENGTHEN
        if len(self._waited) < REMEMBERED:
            return Change.NONE
        if too_much > BLOCK_SAMPLES + CLOSE:
            return Change.SHORTEN
        if spare > LEFT_OVER:
            return Change.TRIM
        self._tries = 0
        return Change.NONE

    def changed(self, now: int, by: int) -> None:
        """The sound became so much longer; 0 when nothing in it was alike enough."""
        self._tried_at = now
        self._tries = 0 if by else self._tries + 1
        for remembered in (self._waited, self._stocked):
            for number, value in enumerate(remembered):
                remembered[number] = value + by

    def forget(self) -> None:
        """Sound has jumped: what was measured before means nothing."""
        self._waited.clear()
        self._stocked.clear()
