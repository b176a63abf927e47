"""A far end that says nothing, told apart from a loudspeaker that does not play it."""

from enum import Enum
from typing import Final

SILENT_BELOW_DBFS: Final = -60.0
"""A room with nobody speaking in it is louder than this by its noise; a muted microphone is not."""
ASKS_AT_LEAST_EVERY_S: Final = 0.5
"""A card that has not asked for sound for so long plays none."""


class Audible(Enum):
    """What the patient can hear of the far end."""

    PLAYS = "plays"
    """Sound comes, and the loudspeaker plays it."""
    SILENT = "silent"
    """The loudspeaker plays, but nothing comes: the far end is muted, or nobody is there."""
    OFF = "off"
    """The loudspeaker does not play: unplugged, hung, muted or turned down."""


def audible(far_dbfs: float, asked_ago_s: float | None, muted: bool | None) -> Audible:
    """`far_dbfs`: of what the loudspeaker was given lately; `asked_ago_s`: since it last asked for sound, None if
    never; `muted`: what its mixer says, None where there is none."""
    if muted or asked_ago_s is None or asked_ago_s > ASKS_AT_LEAST_EVERY_S:
        return Audible.OFF
    return Audible.PLAYS if far_dbfs > SILENT_BELOW_DBFS else Audible.SILENT
