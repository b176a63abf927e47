"""The terminal's own sounds, by what is in them."""

import numpy as np

from kiosk.engine.sounds import CHIME_HZ, CHIME_TONE_S, chime, mixed
from kiosk.frames import BLOCK_BYTES, SAMPLE_RATE_HZ, SILENCE


def test_the_chime_lies_where_old_ears_hear() -> None:
    blocks = list(chime())
    assert {len(block) for block in blocks} == {BLOCK_BYTES}
    samples = np.frombuffer(b"".join(blocks), "<i2").astype(float)
    half = int(CHIME_TONE_S * SAMPLE_RATE_HZ)
    for tone, hz in zip((samples[:half], samples[half : 2 * half]), CHIME_HZ, strict=True):
        spectrum = np.abs(np.fft.rfft(tone))
        assert abs(np.argmax(spectrum) * SAMPLE_RATE_HZ / half - hz) < 5
    assert abs(samples[0]) < 50, "a click at the beginning"
    assert abs(samples[2 * half - 1]) < 500, "a click at the end"


def test_mixing_never_wraps_around() -> None:
    loud = np.full(BLOCK_BYTES // 2, 30_000, "<i2").tobytes()
    assert np.frombuffer(mixed(loud, loud), "<i2").max() == 32_767
    assert mixed(loud, SILENCE) == loud
