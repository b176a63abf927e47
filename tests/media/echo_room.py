"""A room made of numbers: speech, a loudspeaker, its echo in a microphone."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from kiosk.media.voice import Voice

Sound = NDArray[np.float64]
"""48 kHz mono, full scale 1."""
DELAY_S: Final = 0.060
RT60_S: Final = 0.35
TAIL_TO_DIRECT: Final = 0.5
NOISE_DBFS: Final = -75.0
PRESENT_WITHIN_DB: Final = 20.0


def speech_like(seconds: float, seed: int, level_dbfs: float = -22.0) -> Sound:
    """Syllables of voiced and unvoiced sound with a wandering pitch, changing formants and pauses between phrases."""
    random = np.random.default_rng(seed)
    count = int(seconds * SAMPLE_RATE_HZ)
    sound = np.zeros(count)
    at = 0
    pitch_hz = random.uniform(95, 220)
    while at < count:
        length = int(random.uniform(0.09, 0.28) * SAMPLE_RATE_HZ)
        times = np.arange(length) / SAMPLE_RATE_HZ
        swell = np.sin(np.pi * np.arange(length) / length) ** 0.6
        glide_hz = pitch_hz * (1 + random.uniform(-0.15, 0.15) * times / times[-1] + 0.01 * np.sin(34 * times))
        phase = 2 * np.pi * np.cumsum(glide_hz) / SAMPLE_RATE_HZ
        formants = random.uniform((280, 800, 2200), (800, 2200, 3200))
        syllable = np.zeros(length)
        for number in range(1, 40):
            near = np.exp(-(((number * pitch_hz - formants) / (80 + 0.06 * formants)) ** 2))
            syllable += (near.sum() + 0.02) / number**0.5 * np.sin(number * phase + random.uniform(0, 6.28))
        hiss = np.diff(random.standard_normal(length + 1))
        hiss_share = 0.6 if random.random() < 0.25 else 0.03
        syllable = (1 - hiss_share) * syllable / np.abs(syllable).max() + hiss_share * hiss / np.abs(hiss).max()
        part = (syllable * swell * random.uniform(0.4, 1.0))[: count - at]
        sound[at : at + len(part)] = part
        pause_s = random.uniform(0.3, 0.7) if random.random() < 0.12 else random.uniform(0.0, 0.06)
        at += length + int(pause_s * SAMPLE_RATE_HZ)
    return at_level(sound, level_dbfs)


def at_level(sound: Sound, level_dbfs: float) -> Sound:
    """The same with that RMS."""
    louder: Sound = sound * 10 ** (level_dbfs / 20) / np.sqrt(np.mean(sound**2))
    return louder


def room(delay_s: float = DELAY_S, rt60_s: float = RT60_S, seed: int = 1) -> Sound:
    """Impulse response from loudspeaker to microphone: a direct sound, then a decaying tail of half its energy."""
    random = np.random.default_rng(seed)
    length = int(rt60_s * SAMPLE_RATE_HZ)
    tail = random.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    tail *= np.sqrt(TAIL_TO_DIRECT / np.sum(tail**2))
    tail[0] = 1.0
    return np.concatenate([np.zeros(int(delay_s * SAMPLE_RATE_HZ)), tail])


def through(sound: Sound, response: Sound) -> Sound:
    """Convolved; as long as `sound`."""
    size = 1 << (len(sound) + len(response) - 2).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(response, size)
    reached: Sound = np.fft.irfft(spectrum, size)[: len(sound)]
    return reached


def drifted(sound: Sound, ppm: float) -> Sound:
    """Played by a clock that is so much too slow."""
    count = len(sound)
    played: Sound = np.interp(np.arange(count) * (1 - ppm * 1e-6), np.arange(count), sound)
    return played


def delayed_from(sound: Sound, at_s: float, by_s: float) -> Sound:
    """From that moment on so much later, with silence between."""
    at, by = int(at_s * SAMPLE_RATE_HZ), int(by_s * SAMPLE_RATE_HZ)
    return np.concatenate([sound[:at], np.zeros(by), sound[at:]])[: len(sound)]


@dataclass(frozen=True)
class Take:
    """What went in and what came out; equal lengths."""

    far: Sound
    echo: Sound
    near: Sound
    sent: Sound


def record(voice: Voice, far: Sound, echo: Sound, near: Sound | None = None, seed: int = 9) -> Take:
    """Let loudspeaker and microphone take turns, 20 ms each."""
    near = np.zeros(len(far)) if near is None else near
    noise = np.random.default_rng(seed).standard_normal(len(far)) * 10 ** (NOISE_DBFS / 20)
    heard = _s16(echo + near + noise)
    given = _s16(far)
    sent = []
    for start in range(0, len(far) - BLOCK_SAMPLES + 1, BLOCK_SAMPLES):
        part = slice(start, start + BLOCK_SAMPLES)
        voice.far(given[part].tobytes())
        sent.append(np.frombuffer(voice.near(heard[part].tobytes()), "<i2"))
    out = np.concatenate(sent) / 32768
    return Take(far[: len(out)], echo[: len(out)], near[: len(out)], out)


def level_db(sound: Sound) -> float:
    """RMS in dB below full scale."""
    return float(10 * np.log10(np.mean(sound**2) + 1e-12))


def erle_db(take: Take, from_s: float, to_s: float | None = None) -> float:
    """Echo return loss enhancement: the echo's level less that of what is left, over the blocks of that time in which
    there is echo, that is those within 20 dB of its mean."""
    part = slice(int(from_s * SAMPLE_RATE_HZ), None if to_s is None else int(to_s * SAMPLE_RATE_HZ))
    count = len(take.echo[part]) // BLOCK_SAMPLES
    echo = take.echo[part][: count * BLOCK_SAMPLES].reshape(count, BLOCK_SAMPLES)
    sent = take.sent[part][: count * BLOCK_SAMPLES].reshape(count, BLOCK_SAMPLES)
    energies = np.mean(echo**2, axis=1)
    present = energies > np.mean(energies) * 10 ** (-PRESENT_WITHIN_DB / 10)
    return level_db(echo[present]) - level_db(sent[present])


def seconds_to_erle(take: Take, wanted_db: float) -> float | None:
    """When the loss, over 200 ms, first reaches so much where there is echo; None: never."""
    step = SAMPLE_RATE_HZ // 5
    for start in range(0, len(take.sent) - step, step // 4):
        part = slice(start, start + step)
        if level_db(take.echo[part]) > -45 and level_db(take.echo[part]) - level_db(take.sent[part]) >= wanted_db:
            return (start + step) / SAMPLE_RATE_HZ
    return None


def near_gain_db(take: Take, from_s: float) -> float:
    """How much of the near voice is sent: by projection on it, the processing's own delay found by correlation."""
    start = int(from_s * SAMPLE_RATE_HZ)
    near, sent = take.near[start:], take.sent[start:]
    size = 1 << (2 * len(near) - 1).bit_length()
    likeness = np.fft.irfft(np.fft.rfft(sent, size) * np.conj(np.fft.rfft(near, size)), size)
    lag = int(np.argmax(np.abs(likeness[: SAMPLE_RATE_HZ // 10])))
    shifted, part = sent[lag:], near[: len(near) - lag]
    return float(20 * np.log10(abs(np.dot(shifted, part)) / np.dot(part, part) + 1e-6))


def _s16(sound: Sound) -> NDArray[np.int16]:
    return np.rint(np.clip(sound, -1, 1 - 2**-15) * 32768).astype("<i2")
