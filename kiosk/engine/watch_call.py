"""Look at a call: is the line poor, does the loudspeaker play what is said, does anybody speak?"""

import asyncio
import logging
from functools import partial
from typing import Final, NoReturn

from kiosk.blocking import in_thread
from kiosk.consultation.events import LineMeasured, LoudspeakerOff, SomebodySpeaks
from kiosk.consultation.model import Quality
from kiosk.engine.engine import Post
from kiosk.engine.loudspeaker import Loudspeaker
from kiosk.media import MediaSession
from kiosk.media.sound_in import Presence
from kiosk.media.voice import SPEAKS_DBFS, Audible

LOOK_EVERY_S: Final = 1.0
LISTEN_EVERY_S: Final = 0.2
OFF_AFTER: Final = 3
"""Looks in a row at which somebody spoke into a loudspeaker that was off, before it is said."""

log = logging.getLogger(__name__)


async def watch_call(session: MediaSession, loudspeaker: Loudspeaker, attempt: int, post: Post) -> NoReturn:
    """Post LineMeasured and LoudspeakerOff at every change, until cancelled."""
    line = Quality.GOOD, Quality.GOOD
    ear = Ear()
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        figures = session.newest
        measured = figures.quality_in, figures.quality_out
        if measured != line:
            line = measured
            log.info("The line is %s in and %s out", *(way.name.lower() for way in line))
            post(LineMeasured(attempt, *line))
        comes = figures.sound_in.presence is not Presence.NOTHING
        if ear.note(await in_thread(partial(loudspeaker.audible, comes))):
            if ear.is_off:
                log.warning("Somebody speaks, and the loudspeaker is off, turned down or hangs")
            else:
                log.info("The loudspeaker plays what is said")
            post(LoudspeakerOff(attempt, ear.is_off))


async def tell_who_speaks(loudspeaker: Loudspeaker, attempt: int, post: Post) -> NoReturn:
    """Post SomebodySpeaks at every change, until cancelled: within a fifth of a second when a voice comes, and a second
    after its last sound."""
    speaks = False
    while True:
        await asyncio.sleep(LISTEN_EVERY_S)
        if (loudspeaker.lately_dbfs > SPEAKS_DBFS) != speaks:
            speaks = not speaks
            post(SomebodySpeaks(attempt, speaks))


class Ear:
    """Whether it was said that the loudspeaker is off."""

    def __init__(self) -> None:
        self.is_off = False
        self._unheard = 0

    def note(self, audible: Audible) -> bool:
        """One look; True: `is_off` has changed. A silent far end changes nothing."""
        match audible:
            case Audible.UNHEARD:
                self._unheard += 1
            case Audible.OFF:
                pass
            case Audible.PLAYS | Audible.SILENT | Audible.CLOSED:
                self._unheard = 0
        before, self.is_off = self.is_off, self._unheard >= OFF_AFTER
        return self.is_off != before
