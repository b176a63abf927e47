"""Generated faults of picture, microphone and loudspeaker, with the verdict each deserves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.consultation.model import Flaw
from kiosk.engine.sounds import signature
from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, VideoFrame
from kiosk.selfcheck import Echo, PictureVerdict, PictureWatch, SoundVerdict, SoundWatch, find_echo
from kiosk.ui.sample import head
from tests.media.echo_room import at_level, level_db, room, speech_like, through

Sound = NDArray[np.float64]
Light = NDArray[np.float64]

WIDTH, HEIGHT = 320, 240
FRAME_EVERY_S: Final = 0.25
PICTURES: Final = 16
LISTENS_S: Final = 5.0
CAPTURED_S: Final = 2.0


@dataclass(frozen=True)
class Trial:
    """One made-up situation."""

    name: str
    expected: Flaw | None
    seed: int
    judge: Callable[[int], Flaw | None]

    def found(self) -> Flaw | None:
        return self.judge(self.seed)


# -- pictures


def scene(seed: int) -> Light:
    """A head and shoulders somewhere near the middle, before a wall with shelves; 0..1."""
    random = np.random.default_rng(seed)
    luma = (head(WIDTH, HEIGHT, clinician=bool(seed % 2)).y.astype(np.float64) - 16) / 219
    luma = np.roll(luma, (int(random.integers(-12, 13)), int(random.integers(-25, 26))), axis=(0, 1))
    for _ in range(int(random.integers(2, 6))):
        left, top = int(random.integers(0, WIDTH - 40)), int(random.integers(0, HEIGHT // 3))
        if abs(left + 20 - WIDTH / 2) > 90:
            luma[top : top + int(random.integers(20, 90)), left : left + 40] *= random.uniform(0.4, 0.9)
    # A lens lets less light through to its corners.
    down, across = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    return np.asarray(luma * random.uniform(0.7, 0.95) * (1 - 0.1 * (down**2 + across**2)))


def smooth(seed: int, level: float, slope: float) -> Light:
    """Something close before the lens: shades without an edge."""
    random = np.random.default_rng(seed)
    down, across = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    turn = random.uniform(0, 6.28)
    return np.asarray(level * (1 + slope * (np.cos(turn) * across + np.sin(turn) * down) - 0.1 * across**2))


def against_window(seed: int) -> Light:
    """The room dark, the window behind it clipped."""
    random = np.random.default_rng(seed)
    light = scene(seed) * random.uniform(0.22, 0.3)
    left, right = int(random.uniform(0.22, 0.3) * WIDTH), int(random.uniform(0.7, 0.78) * WIDTH)
    light[: int(0.8 * HEIGHT), :left] = 1.2
    light[: int(0.8 * HEIGHT), right:] = 1.2
    return light


def judged_picture(light: Light, seed: int, *, frozen: bool = False, noise: float = 2.0) -> PictureVerdict:
    """Four seconds of it, with a sensor's noise, in steps of luma."""
    random = np.random.default_rng(seed + 1000)
    watch = PictureWatch()
    chroma = np.full((HEIGHT // 2, WIDTH // 2), 128, np.uint8)
    steps = np.clip(light, 0, 1) * 219 + 16
    luma = steps
    for number in range(PICTURES):
        if not (frozen and number):
            luma = steps + random.normal(0, noise, steps.shape)
        frame = VideoFrame(np.clip(luma, 0, 255).astype(np.uint8), chroma, chroma, 0.0)
        watch.see(frame, number * FRAME_EVERY_S)
    return watch.verdict(PICTURES * FRAME_EVERY_S)


def _pictures() -> Iterator[tuple[str, Flaw | None, Callable[[int], PictureVerdict]]]:
    yield "good light", None, lambda seed: judged_picture(scene(seed), seed)
    yield "good light, noisy sensor", None, lambda seed: judged_picture(scene(seed), seed, noise=6)
    yield "evening, one lamp", None, lambda seed: judged_picture(scene(seed) * 0.5, seed, noise=5)
    yield "black", Flaw.BLACK, lambda seed: judged_picture(np.zeros((HEIGHT, WIDTH)), seed, noise=1)
    yield "black and still", Flaw.BLACK, lambda seed: judged_picture(np.zeros((HEIGHT, WIDTH)), seed, noise=0)
    yield "frozen", Flaw.FROZEN, lambda seed: judged_picture(scene(seed), seed, frozen=True)
    yield "covered by a cloth", Flaw.COVERED, lambda seed: judged_picture(smooth(seed, 0.4, 0.2), seed)
    yield "covered by a finger", Flaw.COVERED, lambda seed: judged_picture(smooth(seed, 0.2, 0.6), seed, noise=4)
    yield "dark", Flaw.DARK, lambda seed: judged_picture(scene(seed) * 0.17, seed, noise=4)
    yield "window behind", Flaw.BACKLIT, lambda seed: judged_picture(against_window(seed), seed)
    yield "too bright", Flaw.TOO_BRIGHT, lambda seed: judged_picture(scene(seed) * 3 + 0.2, seed)


# -- sound


def _noise(count: int, seed: int, level_dbfs: float) -> Sound:
    """More of it low than high, as in a room."""
    white = np.random.default_rng(seed + 7).standard_normal(count)
    spectrum = np.fft.rfft(white)
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 20))
    return at_level(np.fft.irfft(spectrum, count), level_dbfs)


def s16(sound: Sound) -> NDArray[np.int16]:
    """As a card gives it."""
    return np.rint(np.clip(sound, -1, 1 - 2**-15) * 32768).astype("<i2")


def judged_sound(sound: Sound) -> SoundVerdict:
    """All of it, block by block."""
    watch = SoundWatch()
    for block in s16(sound).reshape(-1, BLOCK_SAMPLES):
        watch.hear(block.tobytes())
    return watch.verdict()


def in_room(seed: int, voice_dbfs: float | None, noise_dbfs: float, hum_dbfs: float | None = None) -> SoundVerdict:
    """Five seconds; the voice speaks in the latter three."""
    count = round(LISTENS_S * SAMPLE_RATE_HZ)
    sound = _noise(count, seed, noise_dbfs)
    if voice_dbfs is not None:
        said = speech_like(3.0, seed, voice_dbfs)
        sound[-len(said) :] += said
    if hum_dbfs is not None:
        sound += at_level(np.sin(np.arange(count) * 2 * np.pi * 440 / SAMPLE_RATE_HZ), hum_dbfs)
    return judged_sound(sound)


def knocks(seed: int) -> SoundVerdict:
    """Two cups on a table."""
    sound = _noise(round(LISTENS_S * SAMPLE_RATE_HZ), seed, -60)
    for at_s in (1.5, 3.2):
        at, long = round(at_s * SAMPLE_RATE_HZ), SAMPLE_RATE_HZ // 8
        sound[at : at + long] += (
            np.random.default_rng(seed).standard_normal(long) * 0.2 * np.exp(-np.arange(long) / 1500)
        )
    return judged_sound(sound)


def _sounds() -> Iterator[tuple[str, Flaw | None, Callable[[int], SoundVerdict]]]:
    yield "voice, quiet room", None, lambda seed: in_room(seed, -25, -65)
    yield "soft voice, quiet room", None, lambda seed: in_room(seed, -36, -65)
    yield "voice, fan", None, lambda seed: in_room(seed, -24, -46)
    yield "zeros", Flaw.MICROPHONE_SILENT, lambda seed: judged_sound(np.zeros(round(LISTENS_S * SAMPLE_RATE_HZ)))
    yield "nobody speaks", Flaw.NO_VOICE, lambda seed: in_room(seed, None, -60)
    yield "nobody speaks, fan", Flaw.NO_VOICE, lambda seed: in_room(seed, None, -45)
    yield "knocks alone", Flaw.NO_VOICE, knocks
    yield "loud noise", Flaw.NOISY, lambda seed: in_room(seed, None, -30)
    yield "voice in loud noise", Flaw.NOISY, lambda seed: in_room(seed, -22, -32)
    yield "loud hum", Flaw.NOISY, lambda seed: in_room(seed, None, -60, hum_dbfs=-20)


# -- echo


def listened(
    seed: int,
    echo_dbfs: float | None,
    noise_dbfs: float,
    voice_dbfs: float | None = None,
    hum_dbfs: float | None = None,
) -> Echo:
    """The own sound through a room, or not, and what else is heard meanwhile."""
    random = np.random.default_rng(seed)
    count = round(CAPTURED_S * SAMPLE_RATE_HZ)
    sound = _noise(count, seed, noise_dbfs)
    if echo_dbfs is not None:
        played = np.zeros(count)
        played[: len(signature())] = signature() / 32768
        echo = through(played, room(random.uniform(0.02, 0.4), random.uniform(0.2, 0.6), seed))
        sound += echo * 10 ** ((echo_dbfs - level_db(echo)) / 20)
    if voice_dbfs is not None:
        sound += speech_like(CAPTURED_S, seed, voice_dbfs)[:count]
    if hum_dbfs is not None:
        sound += at_level(np.sin(np.arange(count) * 2 * np.pi * 1000 / SAMPLE_RATE_HZ), hum_dbfs)
    return find_echo(signature(), s16(sound))


def _echoes() -> Iterator[tuple[str, Flaw | None, Callable[[int], Echo]]]:
    yield "echo", None, lambda seed: listened(seed, -35, -65)
    yield "soft echo", None, lambda seed: listened(seed, -55, -65)
    yield "echo under noise", None, lambda seed: listened(seed, -45, -42)
    yield "echo under a voice", None, lambda seed: listened(seed, -38, -65, voice_dbfs=-28)
    yield "echo under a hum", None, lambda seed: listened(seed, -40, -65, hum_dbfs=-20)
    yield "speaker muted", Flaw.NO_ECHO, lambda seed: listened(seed, None, -65)
    yield "speaker muted, noise", Flaw.NO_ECHO, lambda seed: listened(seed, None, -35)
    yield "speaker muted, voice", Flaw.NO_ECHO, lambda seed: listened(seed, None, -60, voice_dbfs=-25)
    yield "speaker muted, hum", Flaw.NO_ECHO, lambda seed: listened(seed, None, -60, hum_dbfs=-20)


def trials(seeds: int) -> Iterator[Trial]:
    """The easy grid: each situation so many times, never twice the same."""

    def told(judge: Callable[[int], PictureVerdict | SoundVerdict | Echo]) -> Callable[[int], Flaw | None]:
        return lambda seed: judge(seed).flaw

    for seed in range(seeds):
        for name, expected, judge in _pictures():
            yield Trial(name, expected, seed, told(judge))
        for name, expected, judge_sound in _sounds():
            yield Trial(name, expected, seed, told(judge_sound))
        for name, expected, judge_echo in _echoes():
            yield Trial(name, expected, seed, told(judge_echo))
