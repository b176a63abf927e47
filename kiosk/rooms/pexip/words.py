"""Text of others on its way to our screen. Pure."""

import unicodedata
from typing import Final

LONGEST_MESSAGE_CHARS: Final = 500
LONGEST_CAPTION_CHARS: Final = 200

_ZERO_WIDTH_JOINER: Final = "\u200d"


def plain(text: str) -> str:
    """Text without anything that a screen would obey rather than show, on one line, cut to a sane length."""
    # Far more than can be shown is not worth cleaning.
    spaced = " ".join(text[: LONGEST_MESSAGE_CHARS * 10].split())
    shown = (
        char
        for char in spaced
        if char == _ZERO_WIDTH_JOINER or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return "".join(shown)[:LONGEST_MESSAGE_CHARS].strip()


def caption(text: str) -> str:
    """The newest words of what is being said."""
    said = plain(text[-LONGEST_MESSAGE_CHARS:])
    if len(said) <= LONGEST_CAPTION_CHARS:
        return said
    newest = said[-LONGEST_CAPTION_CHARS:]
    # Not from the middle of a word, unless it is a single one.
    return newest.partition(" ")[2] or newest
