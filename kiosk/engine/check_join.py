"""Look and listen while the patient is being connected, and go on while she waits: is there something she can mend?

It opens nothing and holds nothing up: it is given what camera and microphone give to the visit anyway. The terminal's
own sound is heard once in a visit, before the spoken guidance, and only where the loudspeaker is to be checked.
"""

import asyncio
import logging
from typing import Final

from kiosk.blocking import in_thread
from kiosk.consultation.activities import CheckJoin
from kiosk.consultation.events import JoinChecked
from kiosk.consultation.model import Flaw
from kiosk.engine.engine import Post
from kiosk.engine.findings import PICTURE_EVERY_S, Findings
from kiosk.engine.guidance import Guidance
from kiosk.engine.house import House, Lines
from kiosk.engine.loudspeaker import Loudspeaker
from kiosk.frames import VideoFrame

ROUND_S: Final = 8.0
"""From the press to the first verdict, and then from each to the next: what was mended is not told any longer."""
QUIET_BELOW_DBFS: Final = -60.0
"""A waiting room's music is no noise of the patient's."""
MENDABLE: Final = frozenset(
    {Flaw.BLACK, Flaw.COVERED, Flaw.DARK, Flaw.BACKLIT, Flaw.TOO_BRIGHT, Flaw.NOISY, Flaw.NO_ECHO}
)

log = logging.getLogger(__name__)


class Door:
    """Where a visit's pictures and sound are looked at, on their way past."""

    def __init__(
        self, guidance: Guidance, loudspeaker: Loudspeaker, loop: asyncio.AbstractEventLoop, *, plays: bool
    ) -> None:
        """`plays`: the own sound is to be heard, and heard again."""
        self._guidance = guidance
        self._loudspeaker = loudspeaker
        self._loop = loop
        self._looked_at_s = 0.0
        self.findings = Findings(expects_echo=plays, plays=plays)

    def saw(self, frame: VideoFrame) -> None:
        """A picture for the visit. Camera's thread."""
        now_s = self._loop.time()
        if now_s >= self._looked_at_s + PICTURE_EVERY_S:
            self._looked_at_s = now_s
            self._loop.call_soon_threadsafe(self._saw, frame, now_s)

    def heard(self, block: bytes, lost_samples: int) -> None:
        """A block as the microphone gave it. Microphone's thread."""
        others = self._guidance.sounding or self._loudspeaker.lately_dbfs > QUIET_BELOW_DBFS
        if self.findings.plays or not others:
            self.findings.heard(block, lost_samples)

    def next_block(self) -> bytes | None:
        """The own sound, and the silence around it; None: it is over. Loudspeaker's thread."""
        return self.findings.next_block() if self.findings.plays else None

    def to_mend(self, now_s: float) -> tuple[Flaw | None, str]:
        """The weightiest flaw that she is told of, and one line of figures. Some 20 ms of work; any thread."""
        voice, figures, flaws = self.findings.weigh(now_s)
        untold = set()
        if voice:
            # Somebody who talks without a pause leaves no moment in which the room alone is heard.
            untold.add(Flaw.NOISY)
        if self.findings.plays:
            # Of a sound that is not over yet nothing is known.
            untold.add(Flaw.NO_ECHO)
        return next((flaw for flaw in flaws if flaw in MENDABLE - untold), None), figures

    def begin_anew(self) -> None:
        """The next round: what was found is forgotten."""
        self.findings = Findings(expects_echo=False, plays=False)

    def _saw(self, frame: VideoFrame, now_s: float) -> None:
        self.findings.saw(frame, now_s)


async def check_join(activity: CheckJoin, house: House, post: Post) -> None:
    """Post JoinChecked at the first verdict and at every change, until cancelled."""
    loop = asyncio.get_running_loop()
    lines = house.lines(activity.visit)
    plays = house.sound.check_loudspeaker and not lines.own_sound_played
    lines.own_sound_played = True
    door = Door(house.guidance, lines.loudspeaker, loop, plays=plays)
    lines.door = door
    known: Flaw | None = None
    first = True
    try:
        while True:
            await asyncio.sleep(ROUND_S)
            flaw, figures = await in_thread(door.to_mend, loop.time())
            if first or flaw is not known:
                log.info("join-check told=%s %s", flaw.value if flaw else "none", figures)
                post(JoinChecked(activity.visit, flaw))
            known, first = flaw, False
            door.begin_anew()
    finally:
        _leave(lines, door)


def _leave(lines: Lines, door: Door) -> None:
    if lines.door is door:
        lines.door = None
