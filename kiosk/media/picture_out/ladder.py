"""Which size and how many pictures a second a rate is worth, and what the board can bear. Pure; times are monotonic
seconds.

A key frame goes with each step, so steps down are taken when the rate is clearly too low and steps up when it has been
enough for a while.
"""

from collections import deque
from dataclasses import dataclass
from statistics import median
from typing import Final


@dataclass(frozen=True, slots=True)
class Step:
    """One rung. The sizes are limits: a camera of other proportions keeps its own within them."""

    width: int
    height: int
    fps: int
    least_bps: int
    """Below, the next lower is taken."""
    enough_bps: int
    """From here on it is taken, coming from below."""
    most_bps: int
    """More is not seen."""


STEPS: Final = (
    Step(1280, 720, 30, 800_000, 1_100_000, 2_500_000),
    Step(960, 540, 30, 480_000, 650_000, 1_700_000),
    Step(640, 480, 30, 230_000, 320_000, 1_200_000),
    Step(480, 360, 30, 130_000, 180_000, 700_000),
    Step(480, 360, 15, 0, 0, 400_000),
)
"""Best first."""


def first_within(width: int, height: int) -> int:
    """The step that shows a picture of at most this size whole, and is no larger than needed."""
    full = [index for index, step in enumerate(STEPS) if step.fps == STEPS[0].fps]
    return max((index for index in full if STEPS[index].width >= width and STEPS[index].height >= height), default=0)


DETAIL_FPS: Final = 5
"""Where print is to be read."""


def detailed(rate_bps: float) -> float:
    """What this rate is worth where pictures are that few: each of them may be as large as at so much more."""
    return rate_bps * STEPS[0].fps / DETAIL_FPS


UP_AFTER_S: Final = 3.0
DOWN_AFTER_S: Final = 0.5


class Ladder:
    """The step in use."""

    def __init__(self, rate_bps: float) -> None:
        self.index = next(index for index, step in enumerate(STEPS) if rate_bps >= step.least_bps)
        self._since_s = 0.0
        self._direction = 0

    def note(self, rate_bps: float, cap: int, now_s: float) -> Step:
        """The step for this rate; `cap` is the best one allowed (an index). To be called several times a second."""
        if cap > self.index:
            self.index, self._direction = cap, 0
        direction = 0
        if rate_bps < STEPS[self.index].least_bps:
            direction = 1
        elif self.index > cap and rate_bps >= STEPS[self.index - 1].enough_bps:
            direction = -1
        if direction != self._direction:
            self._direction, self._since_s = direction, now_s
        patience_s = DOWN_AFTER_S if direction > 0 else UP_AFTER_S
        if direction and now_s - self._since_s >= patience_s:
            self.index += direction
            self._direction = 0
        return STEPS[self.index]


HEAT: Final = ((84.0, 4), (80.0, 2), (77.0, 1))
"""Degrees and the best step allowed from there on. A Raspberry Pi slows its clock down between 80 and 85."""
COOL_BY_C: Final = 4.0


def heat_cap(temperature_c: float | None, cap: int) -> int:
    """The best step a board this warm may use, coming from `cap`: down at once, up when it is clearly cooler."""
    if temperature_c is None:
        return 0
    rising = next((index for limit_c, index in HEAT if temperature_c >= limit_c), 0)
    falling = next((index for limit_c, index in HEAT if temperature_c >= limit_c - COOL_BY_C), 0)
    return max(rising, min(cap, falling))


BUSY: Final = 0.7
"""Of the time between two pictures may go into coding one, at most."""
EASY: Final = 0.3
JUDGE_S: Final = 3.0
TRY_AGAIN_S: Final = 20.0
TRY_AGAIN_MOST_S: Final = 300.0


class Effort:
    """The best step that the processor can bear, by what coding took."""

    def __init__(self) -> None:
        self.cap = 0
        self._taken: deque[tuple[float, float]] = deque()
        self._changed_at_s = float("-inf")
        self._patience_s = TRY_AGAIN_S
        self._left: int | None = None

    def note(self, encode_s: float, index: int, now_s: float) -> int:
        """Coding one picture on that step took so long; the cap that follows."""
        self._taken.append((now_s, encode_s))
        while now_s - self._taken[0][0] > JUDGE_S:
            self._taken.popleft()
        if now_s - max(self._changed_at_s, self._taken[0][0]) < 0.8 * JUDGE_S or index < self.cap:
            return self.cap
        share = median(taken_s for _, taken_s in self._taken) * STEPS[index].fps
        if share > BUSY and index < len(STEPS) - 1:
            if index + 1 == self._left:
                # What was tried and failed is tried again later each time.
                self._patience_s = min(2 * self._patience_s, TRY_AGAIN_MOST_S)
            self._change(index + 1, now_s)
        elif share < EASY and index == self.cap > 0 and now_s - self._changed_at_s > self._patience_s:
            self._left = self.cap
            self._change(self.cap - 1, now_s)
        return self.cap

    def _change(self, cap: int, now_s: float) -> None:
        self.cap, self._changed_at_s = cap, now_s
        self._taken.clear()
