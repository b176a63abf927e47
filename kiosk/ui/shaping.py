"""From letters in the order of reading to shapes in the order of drawing: joined, and from right to left. Pure.

Kivy draws one character after another from the left, each by itself. A paragraph is wrapped first, in the order of
reading; then each line by itself is made drawable. Texts without a letter that is read from the right stay as they are.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

_RIGHT: Final = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
"""Letters that are read from the right, and their signs."""
_FROM_RIGHT: Final = re.compile(f"[{_RIGHT}]")
_SIGNS: Final = ":.,/@'’–-"
_WORD: Final = rf"[+(]*[^\W{_RIGHT}]+(?:[{_SIGNS}]+[^\W{_RIGHT}]+)*\)*"
"""A number or a word in Latin letters, with signs inside, a plus or a bracket before and a bracket behind it."""
_ISLAND: Final = re.compile(rf"{_WORD}(?:[ \u00a0]{_WORD})*")
"""Such words in a row: a telephone number of several groups, a name. They keep their order among themselves."""
_ISOLATE, _END_ISOLATE = "\u2066", "\u2069"
_BRACKETS: Final = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def reads_from_right(text: str) -> bool:
    """There is a letter in it that is read from the right."""
    return bool(_FROM_RIGHT.search(text))


@lru_cache(maxsize=4096)
def drawable(line: str, *, from_right: bool) -> str:
    """One line, no line break in it, as it is drawn from left to right. `from_right`: the paragraph that it stands in
    is read from the right. Numbers, times and Latin words keep their own order."""
    if not from_right:
        return line
    pieces, end = [], 0
    for island in _ISLAND.finditer(line):
        pieces += [_bracketed(line[end : island.start()]), _ISOLATE, island[0], _END_ISOLATE]
        end = island.end()
    pieces.append(_bracketed(line[end:]))
    shown = _turn()("".join(pieces))
    return shown.replace(_ISOLATE, "").replace(_END_ISOLATE, "")


@cache
def _turn() -> Callable[[str], str]:
    """Joins the letters and puts them into the order of drawing. Takes vowel signs away, which few texts for adults
    have."""
    # Only for those who need it: the libraries take their time to be read in.
    from arabic_reshaper import ArabicReshaper  # noqa: PLC0415
    from bidi import get_display  # noqa: PLC0415

    shaper = ArabicReshaper({"ARABIC LIGATURE ALLAH": False})
    return lambda text: str(get_display(shaper.reshape(text), base_dir="R"))


def _bracketed(text: str) -> str:
    """Brackets that open to the other side: the library turns the order, not the shapes."""
    return text.translate(_BRACKETS)
