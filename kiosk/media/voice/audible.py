"""A far end that says nothing, told apart from a loudspeaker that does not play it."""

from enum import Enum
from typing import Final

SPEAKS_DBFS: Final = -45.0
"""The loudest 20 ms of a second in which somebody speaks are louder; of a room with nobody in it they are not."""
ASKS_AT_LEAST_EVERY_S: Final = 0.5
"""A card that has not asked for sound for so long plays none."""


class Audible(Enum):
    """What the patient can hear of the far end."""

    PLAYS = "plays"
    """Somebody speaks, and the loudspeaker plays it."""
    SILENT = "silent"
    """The loudspeaker would play, but nobody speaks: the far end is muted, listens, or is away."""
    UNHEARD = "unheard"
    """Somebody speaks, and the loudspeaker does not play it: it is turned down or switched off, or hangs."""
    OFF = "off"
    """The same while nobody speaks."""
    CLOSED = "closed"
    """Nobody wants to hear anything."""


def audible(far_dbfs: float, asked_ago_s: float, muted: bool | None, comes: bool) -> Audible:
    """`far_dbfs`: the loudest of what an open loudspeaker was given lately; `asked_ago_s`: since it last asked for
    sound; `muted`: what its mixer says, None where there is none; `comes`: the far end sends sound. One that hangs is
    given nothing, and nobody knows what would be in it: that it comes is enough."""
    speaks = far_dbfs > SPEAKS_DBFS
    if asked_ago_s > ASKS_AT_LEAST_EVERY_S:
        return Audible.UNHEARD if comes else Audible.OFF
    if muted:
        return Audible.UNHEARD if speaks else Audible.OFF
    return Audible.PLAYS if speaks else Audible.SILENT
