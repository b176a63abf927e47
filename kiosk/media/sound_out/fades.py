"""Beginnings and ends of sound that do not click."""

from typing import Final

import numpy as np

from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ

FADE_SAMPLES: Final = SAMPLE_RATE_HZ * 5 // 1000
"""5 ms: too short to swallow a sound of speech, long enough not to be one."""
_RISE: Final = np.sin(np.linspace(0, np.pi / 2, FADE_SAMPLES)) ** 2


def faded_in(block: bytes) -> bytes:
    """The block, out of silence."""
    samples = np.frombuffer(block, "<i2").copy()
    samples[:FADE_SAMPLES] = np.rint(samples[:FADE_SAMPLES] * _RISE)
    return samples.tobytes()


def faded_out_after(block: bytes) -> bytes:
    """A block to follow the last one before a pause: its end, turned round and led down to silence.

    Turned round it goes on without a step, and holds nothing that was not already said.
    """
    samples = np.zeros(BLOCK_SAMPLES, "<i2")
    end = np.frombuffer(block, "<i2")[: -FADE_SAMPLES - 1 : -1]
    samples[:FADE_SAMPLES] = np.rint(end * _RISE[::-1])
    return samples.tobytes()
