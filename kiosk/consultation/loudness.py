"""How loud the terminal is: two keys, and what pressing and holding them does. Pure; update.py alone calls the changes.

A press is one level; a held key goes on by itself. A press soon after another is a tremor, as on the button. Both keys
together are nothing that this file knows.
"""

from dataclasses import dataclass, replace
from typing import Final

from kiosk.consultation.model import Key

LEVELS: Final = 7
START: Final = 5
STEP_DB: Final = 4.0
"""24 dB from the softest to the loudest."""
REPEAT_FIRST_S: Final = 0.7
"""So long a key is held before it goes on by itself,"""
REPEAT_S: Final = 0.4
"""a level in each such time."""
SHOWN_S: Final = 3.0
"""So long the level stands on the screen after the last change."""

_DIRECTION: Final = {Key.LOUDER: 1, Key.SOFTER: -1}


@dataclass(frozen=True, slots=True)
class Loudness:
    """The level, and what fingers do to it. All times are monotonic."""

    level: int = START
    """1 to LEVELS."""
    turns: int = 0
    """Counts up with every press and repeat that counts: each is answered by a sound."""
    held: frozenset[Key] = frozenset()
    pressed_at_s: float | None = None
    repeat_at_s: float | None = None
    shown_until_s: float | None = None

    @property
    def gain_db(self) -> float:
        """Of this level: 0 is the loudest."""
        return (self.level - LEVELS) * STEP_DB

    @property
    def deadlines(self) -> tuple[float | None, ...]:
        """When it changes by itself."""
        return self.repeat_at_s, self.shown_until_s


def key_down(loudness: Loudness, key: Key, guard_s: float, now_s: float) -> Loudness:
    """A key was pressed."""
    before = loudness.pressed_at_s
    alone = not loudness.held - {key}
    loudness = replace(
        loudness,
        held=loudness.held | {key},
        pressed_at_s=now_s,
        repeat_at_s=now_s + REPEAT_FIRST_S if alone else None,
    )
    if not alone or (before is not None and 0 <= now_s - before < guard_s):
        return loudness
    return _turned(loudness, key, now_s)


def key_up(loudness: Loudness, key: Key) -> Loudness:
    """A key was let go."""
    return replace(loudness, held=loudness.held - {key}, repeat_at_s=None)


def tick(loudness: Loudness, now_s: float) -> Loudness:
    """Time has passed."""
    if loudness.shown_until_s is not None and now_s >= loudness.shown_until_s:
        loudness = replace(loudness, shown_until_s=None)
    if loudness.repeat_at_s is None or now_s < loudness.repeat_at_s:
        return loudness
    (key,) = loudness.held
    before = loudness.level
    loudness = _turned(replace(loudness, repeat_at_s=now_s + REPEAT_S), key, now_s)
    # At the end it is still: a key that is stuck does not sound for ever.
    return replace(loudness, repeat_at_s=None) if loudness.level == before else loudness


def _turned(loudness: Loudness, key: Key, now_s: float) -> Loudness:
    level = min(LEVELS, max(1, loudness.level + _DIRECTION[key]))
    return replace(loudness, level=level, turns=loudness.turns + 1, shown_until_s=now_s + SHOWN_S)
