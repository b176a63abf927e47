"""How well a call does, in one word for people. Pure."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Quality(IntEnum):
    """The higher the worse."""

    GOOD = 0
    WEAK = 1
    """It can be noticed."""
    BAD = 2
    """It disturbs: one misses words, or the picture stands."""


@dataclass(frozen=True, slots=True)
class Second:
    """What happened in one second, both ways."""

    concealed_share: float = 0.0
    """Of the far end's sound: made up."""
    frozen_s: float = 0.0
    """Of the far end's picture."""
    loss_out: float = 0.0
    """Share of our packets that did not arrive, as the far end says."""
    rtt_ms: float | None = None


WORSE_AFTER: Final = 3
"""Seconds in a row that were worse, before it is said."""
BETTER_AFTER: Final = 8
"""Seconds in a row that were better."""
_WEAK: Final = Second(concealed_share=0.05, frozen_s=0.2, loss_out=0.05, rtt_ms=400.0)
_BAD: Final = Second(concealed_share=0.2, frozen_s=0.6, loss_out=0.15, rtt_ms=1000.0)


def judged(second: Second) -> Quality:
    """This second by itself: its worst part counts."""
    for quality, limit in ((Quality.BAD, _BAD), (Quality.WEAK, _WEAK)):
        if (
            second.concealed_share >= limit.concealed_share
            or second.frozen_s >= limit.frozen_s
            or second.loss_out >= limit.loss_out
            or (second.rtt_ms or 0.0) >= (limit.rtt_ms or 0.0)
        ):
            return quality
    return Quality.GOOD


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said, and for how long the seconds have said something else."""

    quality: Quality = Quality.GOOD
    worse: tuple[Quality, ...] = ()
    better: tuple[Quality, ...] = ()


def heard(verdict: Verdict, second: Second) -> Verdict:
    """The verdict after one more second: soon worse, slowly better, and never further than all of them agree on."""
    now = judged(second)
    worse = (*verdict.worse, now) if now > verdict.quality else ()
    better = (*verdict.better, now) if now < verdict.quality else ()
    if len(worse) >= WORSE_AFTER:
        return Verdict(min(worse))
    if len(better) >= BETTER_AFTER:
        return Verdict(max(better))
    return Verdict(verdict.quality, worse, better)
