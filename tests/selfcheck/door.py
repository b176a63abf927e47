"""The look while a patient is being connected, in made-up rooms: what a visit's camera, microphone and loudspeaker pass
in the first eight seconds, and what she should be told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kiosk.consultation.model import Flaw
from kiosk.engine.check_join import ROUND_S, Door
from kiosk.engine.guidance import Guidance, Sentence
from kiosk.engine.loudspeaker import Loudspeaker
from kiosk.engine.sounds import mixed
from kiosk.frames import BLOCK_S, BLOCK_SAMPLES, SAMPLE_RATE_HZ, SILENCE, VideoFrame
from tests.media.echo_room import speech_like
from tests.selfcheck.faults import HEIGHT, WIDTH, Light, Trial, _noise, against_window, s16, scene, smooth

DELAY_BLOCKS: Final = 6
ECHO: Final = 8
"""The loudspeaker arrives at the microphone so many times softer."""
_CHROMA: Final = np.full((HEIGHT // 2, WIDTH // 2), 128, np.uint8)


@dataclass(frozen=True)
class Situation:
    """A room, and what plays in it."""

    light: Callable[[int], Light] = scene
    noise_dbfs: float = -62.0
    voice_dbfs: float | None = None
    heard: bool = True
    """The loudspeaker is."""
    music: bool = False
    """The waiting room plays some."""
    guided: bool = False
    """The terminal speaks its sentence."""


class Loop:
    """The engine's, at a time moved by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def time(self) -> float:
        return self.now_s

    def call_soon_threadsafe(self, call: Callable[..., Any], *values: Any) -> None:
        call(*values)


def eight_seconds(situation: Situation, seed: int, *, plays: bool = True) -> Door:
    """A round, at the end of which it is judged."""
    random = np.random.default_rng(seed)
    loop = Loop()
    guidance, loudspeaker = Guidance(loop.time), Loudspeaker()
    door = Door(guidance, loudspeaker, loop, plays=plays)  # type: ignore[arg-type]  # as much of a loop as it needs
    count = round(ROUND_S * SAMPLE_RATE_HZ)
    near = _noise(count, seed, situation.noise_dbfs)
    if situation.voice_dbfs is not None:
        near += speech_like(ROUND_S, seed, situation.voice_dbfs)[:count]
    room = s16(near)
    steps = np.clip(situation.light(seed), 0, 1) * 219 + 16
    if situation.guided:
        said = s16(speech_like(ROUND_S, seed + 1, -20)).reshape(-1, BLOCK_SAMPLES)
        guidance.say(Sentence([block.tobytes() for block in said], lambda: None))
    music = s16(speech_like(ROUND_S, seed + 2, -22)).reshape(-1, BLOCK_SAMPLES) if situation.music else None
    played = [SILENCE] * DELAY_BLOCKS
    for number in range(count // BLOCK_SAMPLES):
        far = music[number].tobytes() if music is not None else SILENCE
        loudspeaker.give(far)
        own = door.next_block()
        played.append(guidance.mix(far) if own is None else mixed(far, own))
        part = room[number * BLOCK_SAMPLES : (number + 1) * BLOCK_SAMPLES].astype(np.int32)
        if situation.heard:
            part = part + np.frombuffer(played[number], "<i2") // ECHO
        door.heard(np.clip(part, -32768, 32767).astype("<i2").tobytes(), 0)
        if number % 13 == 0:
            luma = np.clip(steps + random.normal(0, 2, steps.shape), 0, 255).astype(np.uint8)
            door.saw(VideoFrame(luma, _CHROMA, _CHROMA, 0.0))
        loop.now_s += BLOCK_S
    return door


def told(door: Door, now_s: float = 100.0 + ROUND_S) -> Flaw | None:
    """What the patient is told."""
    return door.to_mend(now_s)[0]


SITUATIONS: Final = {
    "door: all well, she is silent": (None, Situation()),
    "door: she speaks": (None, Situation(voice_dbfs=-26)),
    "door: guidance and music": (None, Situation(guided=True, music=True)),
    "door: covered": (Flaw.COVERED, Situation(light=lambda seed: smooth(seed, 0.4, 0.2))),
    "door: black": (Flaw.BLACK, Situation(light=lambda seed: np.zeros((HEIGHT, WIDTH)))),
    "door: dark": (Flaw.DARK, Situation(light=lambda seed: scene(seed) * 0.17)),
    "door: window behind": (Flaw.BACKLIT, Situation(light=against_window)),
    "door: too bright": (Flaw.TOO_BRIGHT, Situation(light=lambda seed: scene(seed) * 3 + 0.2)),
    "door: television": (Flaw.NOISY, Situation(noise_dbfs=-30)),
    "door: speaker off": (Flaw.NO_ECHO, Situation(heard=False)),
    "door: speaker off, she speaks": (Flaw.NO_ECHO, Situation(heard=False, voice_dbfs=-26)),
}


def trials(seeds: int) -> Iterator[Trial]:
    """Each situation so many times, never twice the same."""
    for seed in range(seeds):
        for name, (expected, situation) in SITUATIONS.items():

            def judge(seed: int, situation: Situation = situation) -> Flaw | None:
                return told(eight_seconds(situation, seed))

            yield Trial(name, expected, seed, judge)
