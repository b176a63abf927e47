"""What a practice test finds out, gathered while it runs: pictures, sound, and the terminal's own sound in it."""

import logging
from collections import deque
from typing import Final

import numpy as np

from kiosk.consultation.model import Flaw
from kiosk.engine.sounds import signature
from kiosk.frames import BLOCK_BYTES, BLOCK_S, BLOCK_SAMPLES, SILENCE, VideoFrame
from kiosk.selfcheck import Echo, PictureVerdict, PictureWatch, SoundVerdict, SoundWatch, find_echo

PICTURE_EVERY_S: Final = 0.25
LISTENS_BEFORE: Final = round(0.5 / BLOCK_S)
"""Blocks from the microphone before the terminal makes its own sound: its level has settled by then."""
WAITS_AT_MOST: Final = round(1.0 / BLOCK_S)
"""Blocks: without a microphone the patient hears the sound nevertheless."""
RINGS_FOR: Final = round(0.75 / BLOCK_S)
"""Blocks after the own sound until it and its echo are over."""

log = logging.getLogger(__name__)


class Findings:
    """`heard` belongs to the microphone's thread, `next_block` to the loudspeaker's, all else to the loop's."""

    def __init__(self, *, expects_echo: bool, plays: bool = True) -> None:
        """`plays` False: there is no own sound."""
        self._expects_echo = expects_echo
        self.seen_at_s = 0.0
        """Monotonic: when the newest picture came."""
        self._pictures = PictureWatch()
        self._sounds = SoundWatch()
        self._own = signature()
        self._to_play = deque(block.tobytes() for block in self._own.reshape(-1, BLOCK_SAMPLES) if plays)
        self._blocks_to_come = len(self._to_play) + RINGS_FOR if plays else 0
        self._captures = len(self._to_play) + RINGS_FOR
        self._captured: list[bytes] = []
        self._heard_blocks = 0
        self._asked_blocks = 0
        self._playing = False
        self._blocks_since = 0

    def saw(self, frame: VideoFrame, now_s: float) -> None:
        """A picture, every PICTURE_EVERY_S."""
        self._pictures.see(frame, now_s)
        self.seen_at_s = now_s

    def heard(self, block: bytes, lost_samples: int) -> None:
        """Every block of the microphone's."""
        self._heard_blocks += 1
        if self._playing and len(self._captured) < self._captures:
            self._captured += [SILENCE] * (lost_samples // BLOCK_SAMPLES)
            self._captured.append(block)
        else:
            self._sounds.hear(block)

    def next_block(self) -> bytes:
        """What the loudspeaker plays: silence, the own sound, silence."""
        self._asked_blocks += 1
        self._blocks_since += not self._to_play
        self._blocks_to_come -= self._playing
        self._playing = self._playing or (self._heard_blocks >= LISTENS_BEFORE or self._asked_blocks >= WAITS_AT_MOST)
        return self._to_play.popleft() if self._playing and self._to_play else SILENCE

    @property
    def plays(self) -> bool:
        """The own sound, or its echo, is still to come or to be heard. Any thread."""
        return self._blocks_to_come > 0

    @property
    def own_sound_over(self) -> bool:
        """It and its echo: from now on the loudspeaker is free for something else. Loudspeaker's thread."""
        return self._blocks_since > RINGS_FOR

    def sound(self) -> SoundVerdict:
        """Until now, but for the time of the own sound."""
        return self._sounds.verdict()

    def picture(self, now_s: float) -> PictureVerdict:
        """Until now."""
        return self._pictures.verdict(now_s)

    def echo(self) -> Echo:
        """Some 20 ms of work."""
        sound = b"".join(self._captured[: self._captures])
        return find_echo(self._own, np.frombuffer(sound[: len(sound) // BLOCK_BYTES * BLOCK_BYTES], "<i2"))

    def conclude(self, now_s: float) -> tuple[bool, Flaw | None]:
        """Was a voice heard, and the weightiest flaw; logged as one line of figures."""
        voice, figures, flaws = self.weigh(now_s)
        flaw = next(iter(flaws), None)
        log.info("self-check flaw=%s %s", _word(flaw), figures)
        return voice, flaw

    def weigh(self, now_s: float) -> tuple[bool, str, tuple[Flaw, ...]]:
        """Was a voice heard; one line of figures; every flaw, the weightiest first. Some 20 ms of work; any thread."""
        picture, sound, echo = self.picture(now_s), self.sound(), self.echo()
        found = {picture.flaw, sound.flaw, echo.flaw if self._expects_echo else None} - {None}
        figures = (
            f"picture={_word(picture.flaw)} luma={picture.mean:.2f} middle={picture.middle:.2f} rim={picture.rim:.2f}"
            f" contrast={picture.contrast:.3f} sound={_word(sound.flaw)} noise_dbfs={sound.noise_dbfs:.0f}"
            f" voice_db={sound.voice_over_noise_db:.0f} syllables={sound.syllables} echo={_word(echo.flaw)}"
            f" likeness={echo.likeness:.2f} delay_ms={1000 * echo.delay_s:.0f}"
        )
        return sound.voice, figures, tuple(flaw for flaw in Flaw if flaw in found)


def _word(flaw: Flaw | None) -> str:
    return flaw.value if flaw else "none"
