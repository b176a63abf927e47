"""The terminal's own sounds, made of tones: nothing is loaded, nothing can be missing."""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ

CHIME_HZ: Final = (660.0, 880.0)
"""Within 500–1500 Hz, where old ears still hear well."""
CHIME_TONE_S: Final = 0.4
TONE_S: Final = 0.15
TONE_PAUSE_S: Final = 0.35
"""A sentence that follows does not run into it."""
GLIDE_HZ: Final = (500.0, 1500.0)
GLIDE_S: Final = 0.6
"""Each way: longer is surer and more of a nuisance."""
GLIDE_FADE_S: Final = 0.05
LOUDNESS: Final = 0.15


def chime() -> Iterator[bytes]:
    """Two soft rising tones, as blocks of sound."""
    count = int(CHIME_TONE_S * SAMPLE_RATE_HZ)
    at_s = np.arange(count) / SAMPLE_RATE_HZ
    swell = np.sin(math.pi * np.arange(count) / count) ** 0.5
    tones = [LOUDNESS * swell * np.sin(2 * math.pi * hz * at_s) for hz in CHIME_HZ]
    samples = (np.concatenate(tones) * 32767).astype("<i2")
    samples = np.pad(samples, (0, -len(samples) % BLOCK_SAMPLES))
    for block in samples.reshape(-1, BLOCK_SAMPLES):
        yield block.tobytes()


def tone() -> Iterator[bytes]:
    """A short one, and a pause, as blocks of sound: how loud it is now."""
    count = int(TONE_S * SAMPLE_RATE_HZ)
    swell = np.sin(math.pi * np.arange(count) / count) ** 0.5
    samples = (LOUDNESS * swell * np.sin(2 * math.pi * CHIME_HZ[1] * np.arange(count) / SAMPLE_RATE_HZ) * 32767).astype(
        "<i2"
    )
    whole = np.pad(samples, (0, int(TONE_PAUSE_S * SAMPLE_RATE_HZ)))
    for block in np.pad(whole, (0, -len(whole) % BLOCK_SAMPLES)).reshape(-1, BLOCK_SAMPLES):
        yield block.tobytes()


def signature() -> NDArray[np.int16]:
    """A soft glide up and down again over all of the chime's band, 48 kHz: heard as one sound, and like no other one,
    so that a self-check knows it from voices and noise. A whole number of blocks."""
    count = int(GLIDE_S * SAMPLE_RATE_HZ)
    at_s = np.arange(count) / SAMPLE_RATE_HZ
    low_hz, high_hz = GLIDE_HZ
    swell = np.minimum(1.0, np.minimum(at_s, at_s[::-1]) / GLIDE_FADE_S)
    up = swell * np.sin(2 * math.pi * (low_hz * at_s + (high_hz - low_hz) / (2 * GLIDE_S) * at_s**2))
    samples: NDArray[np.int16] = np.rint(LOUDNESS * np.concatenate([up, up[::-1]]) * 32767).astype("<i2")
    return samples


def mixed(one: bytes, other: bytes) -> bytes:
    """Two blocks at once, not louder than the loudest there is."""
    both = np.frombuffer(one, "<i2").astype(np.int32) + np.frombuffer(other, "<i2")
    sound: bytes = np.clip(both, -32768, 32767).astype("<i2").tobytes()
    return sound
