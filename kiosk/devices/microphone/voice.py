"""What the simulated microphone hears: a tone, or something like speech."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ

TONE_DBFS: Final = -12.0
SPEECH_PITCH_HZ: Final = 150
SPEECH_S: Final = 4
_HARMONICS: Final = 16
_FORMANTS_HZ: Final = (600.0, 1400.0, 2500.0)
_FORMANT_WIDTH_HZ: Final = 180.0


def tone(frequency_hz: int) -> NDArray[np.int16]:
    """One second of a sine, s16 at 48 kHz; it joins itself without a step."""
    seconds = np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    amplitude = 32767 * 10 ** (TONE_DBFS / 20) * math.sqrt(2)
    wave: NDArray[np.float64] = amplitude * np.sin(2 * np.pi * frequency_hz * seconds)
    return np.rint(wave).astype(np.int16)


def speech() -> NDArray[np.int16]:
    """Four seconds of a voice that says nothing: a pitch with formants, in syllables, then a breath; s16 at 48 kHz."""
    seconds = np.arange(SPEECH_S * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    voice = np.zeros_like(seconds)
    for number in range(1, _HARMONICS + 1):
        frequency_hz = number * SPEECH_PITCH_HZ
        weight = sum(np.exp(-(((frequency_hz - formant) / _FORMANT_WIDTH_HZ) ** 2)) for formant in _FORMANTS_HZ)
        voice += (weight + 0.3 / number) * np.sin(2 * np.pi * frequency_hz * seconds)
    syllables = np.maximum(0.0, np.sin(2 * np.pi * 3 * seconds)) ** 0.5
    voice *= syllables * (seconds % SPEECH_S < SPEECH_S - 1)
    wave: NDArray[np.float64] = voice / np.max(np.abs(voice)) * 0.4 * 32767
    return np.rint(wave).astype(np.int16)


def block_of(loop: NDArray[np.int16], number: int) -> bytes:
    """The `number`-th 20 ms of a sound that is repeated for ever and is a whole number of blocks long."""
    start = number * BLOCK_SAMPLES % len(loop)
    return loop[start : start + BLOCK_SAMPLES].astype("<i2").tobytes()
