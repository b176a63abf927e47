"""How well a call does, in one word for each way. Pure."""

from dataclasses import dataclass
from typing import Final

from kiosk.consultation.model import Quality


@dataclass(frozen=True, slots=True)
class Second:
    """What happened in one second."""

    concealed_share: float = 0.0
    """Of the far end's sound: made up."""
    frozen_s: float = 0.0
    """Of the far end's picture."""
    loss_out: float = 0.0
    """Share of our packets that did not arrive, as the far end says."""
    rtt_ms: float | None = None
    """There and back: it counts for both ways."""


WORSE_AFTER: Final = 3
"""Seconds in a row that were worse, before it is said."""
BETTER_AFTER: Final = 8
"""Seconds in a row that were better."""
_WEAK: Final = Second(concealed_share=0.05, frozen_s=0.2, loss_out=0.05, rtt_ms=400.0)
_BAD: Final = Second(concealed_share=0.2, frozen_s=0.6, loss_out=0.15, rtt_ms=1000.0)


def incoming(second: Second) -> Quality:
    """Of what is seen and heard here in this second: its worst part counts."""
    for quality, limit in ((Quality.BAD, _BAD), (Quality.WEAK, _WEAK)):
        is_poor = second.concealed_share >= limit.concealed_share or second.frozen_s >= limit.frozen_s
        if is_poor or _is_slow(second, limit):
            return quality
    return Quality.GOOD


def outgoing(second: Second) -> Quality:
    """Of what the far end sees and hears, as far as it tells."""
    for quality, limit in ((Quality.BAD, _BAD), (Quality.WEAK, _WEAK)):
        if second.loss_out >= limit.loss_out or _is_slow(second, limit):
            return quality
    return Quality.GOOD


def _is_slow(second: Second, limit: Second) -> bool:
    return (second.rtt_ms or 0.0) >= (limit.rtt_ms or 0.0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one way, and for how long its seconds have said something else."""

    quality: Quality = Quality.GOOD
    worse: tuple[Quality, ...] = ()
    better: tuple[Quality, ...] = ()


def heard(verdict: Verdict, now: Quality) -> Verdict:
    """The verdict after one more second: soon worse, slowly better, and never further than all of them agree on."""
    worse = (*verdict.worse, now) if now > verdict.quality else ()
    better = (*verdict.better, now) if now < verdict.quality else ()
    if len(worse) >= WORSE_AFTER:
        return Verdict(min(worse))
    if len(better) >= BETTER_AFTER:
        return Verdict(max(better))
    return Verdict(verdict.quality, worse, better)
