"""When the patient is told that the connection is poor: at once if it is bad, later if it is weak, and never in a
flicker. Pure; part of update.py, which alone calls it."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from kiosk.consultation.model import Quality

WEAK_FOR_S: Final = 10.0
"""A weak line passes, often; one that does not is told of."""
CLEAR_FOR_S: Final = 10.0
"""What was told stands until the line has been good for so long."""
WORDS_STAND_S: Final = 10.0
"""Then the sign alone is left."""


class Trouble(Enum):
    """Which way the connection is poor. Each has one sentence in every language."""

    INCOMING = "incoming"
    """The patient sees and hears badly."""
    OUTGOING = "outgoing"
    """The others do."""
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Line:
    """The connection, and what is told of it."""

    incoming: Quality = Quality.GOOD
    outgoing: Quality = Quality.GOOD
    since_s: float = 0.0
    """Monotonic: since when it has been good both ways, or has not."""
    told: Trouble | None = None
    words_until_s: float = 0.0
    """Monotonic: until then it is told in words, and not by a sign alone; 0: no words."""


def measured(line: Line, incoming: Quality, outgoing: Quality, now_s: float) -> Line:
    """The line after news of it."""
    news = replace(line, incoming=incoming, outgoing=outgoing)
    turned = (_trouble(news) is None) != (_trouble(line) is None)
    return settled(replace(news, since_s=now_s) if turned else news, now_s)


def settled(line: Line, now_s: float) -> Line:
    """What is told by now."""
    trouble = _trouble(line)
    if trouble is None:
        if line.told is not None and now_s >= line.since_s + CLEAR_FOR_S:
            return replace(line, told=None, words_until_s=0.0)
    elif line.told is not None:
        line = replace(line, told=trouble)
    elif _is_bad(line) or now_s >= line.since_s + WEAK_FOR_S:
        line = replace(line, told=trouble, words_until_s=now_s + WORDS_STAND_S)
    return replace(line, words_until_s=0.0) if now_s >= line.words_until_s else line


def deadlines(line: Line) -> tuple[float, ...]:
    """Monotonic moments at which `settled` has something to do."""
    words = (line.words_until_s,) if line.words_until_s else ()
    if _trouble(line) is None:
        return (*words, line.since_s + CLEAR_FOR_S) if line.told is not None else words
    return words if line.told is not None else (line.since_s + WEAK_FOR_S,)


def _is_bad(line: Line) -> bool:
    return Quality.BAD in {line.incoming, line.outgoing}


def _trouble(line: Line) -> Trouble | None:
    match line.incoming is not Quality.GOOD, line.outgoing is not Quality.GOOD:
        case True, True:
            return Trouble.BOTH
        case True, False:
            return Trouble.INCOMING
        case False, True:
            return Trouble.OUTGOING
        case _:
            return None
