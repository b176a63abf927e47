"""Which words share the lower edge of the call's picture when several things are to be said at once: pure.

Two lines of text reach up to three fifths of the picture's height; a third one would lie on a mouth that somebody
wants to read. So there are never more than two, whatever happens.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

LINES: Final = 2


class Band(Enum):
    """In the order of their weight."""

    NOTICE = "notice"
    """Something does not work: the patient may believe that she is heard when she is not."""
    MESSAGE = "message"
    """From a person, to her, and it will not come again; longer ones turn their pages."""
    CAPTION = "caption"
    """What is being said; the next line comes soon."""
    ASIDE = "aside"
    """Good to know; a sign, a chime or the count of people tells it too."""


def shared(wanted: Mapping[Band, int], lines: int = LINES) -> dict[Band, int]:
    """Lines for each band that wants some, together at most `lines`: first one for each by weight, then what is left
    by weight."""
    given = dict.fromkeys(Band, 0)
    for most in (1, lines):
        for band in Band:
            left = lines - sum(given.values())
            given[band] += max(0, min(most, wanted.get(band, 0)) - given[band]) if left else 0
    return given
