"""The terminal's own sound, found again in what its microphone hears: a matched filter, normalised and whitened.

Chosen: normalised cross-correlation of a whitened band, which neither the level of loudspeaker and microphone nor a
hum or a voice beside it sways. Rejected: comparing levels before and after, which any noise at that moment fools.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.consultation.model import Flaw
from kiosk.frames import SAMPLE_RATE_HZ

BAND_HZ: Final = (520.0, 1480.0)
"""What small loudspeakers give and old ears hear; the own sound should sweep through all of it."""
WITHIN_S: Final = 0.5
"""From the loudspeaker's call for the sound to its arrival: both cards' buffers, and a few metres of air."""
LIKENESS: Final = 0.2
"""0..1. Chance gives some 0.12 at most over half a second of delays and a second of sweep; 0.2 still finds a sound
14 dB below the noise of its band."""
WHITEN_HZ: Final = 20.0
"""A hum is narrower than this, the sweep's spectrum wider."""

Sound = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Echo:
    """How well the own sound was found."""

    likeness: float
    """0..1: the share of amplitude that is ours, in the band, at the best delay."""
    delay_s: float

    @property
    def flaw(self) -> Flaw | None:
        """NO_ECHO when what was found may be chance."""
        return None if self.likeness >= LIKENESS else Flaw.NO_ECHO


def find_echo(played: NDArray[np.int16], captured: NDArray[np.int16]) -> Echo:
    """Look for `played` in `captured`, both 48 kHz mono and `captured` beginning when the loudspeaker asked for the
    first of it. A capture shorter than `played` holds nothing."""
    count = len(played)
    lags = min(len(captured) - count, round(WITHIN_S * SAMPLE_RATE_HZ)) + 1
    if lags < 1 or not captured.any():
        return Echo(0.0, 0.0)
    size = 1 << (count + lags - 2).bit_length()
    ours = _spectrum(played.astype(np.float64), size)
    theirs = _whitened(_spectrum(captured[: count + lags - 1].astype(np.float64), size), size)
    template, heard = np.fft.irfft(ours, size)[:count], np.fft.irfft(theirs, size)[: count + lags - 1]
    products = np.fft.irfft(theirs * np.conj(np.fft.rfft(template, size)), size)[:lags]
    total = np.concatenate([[0.0], np.cumsum(heard**2)])
    energies = total[count : count + lags] - total[:lags]
    # A loudspeaker wired the wrong way round is heard all the same.
    likeness = np.abs(products) / np.sqrt(np.maximum(energies, 1e-12) * np.sum(template**2))
    best = int(np.argmax(likeness))
    return Echo(min(1.0, float(likeness[best])), best / SAMPLE_RATE_HZ)


def _spectrum(sound: Sound, size: int) -> NDArray[np.complex128]:
    spectrum = np.fft.rfft(sound, size)
    frequencies_hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    spectrum[(frequencies_hz < BAND_HZ[0]) | (frequencies_hz > BAND_HZ[1])] = 0
    return spectrum


def _whitened(spectrum: NDArray[np.complex128], size: int) -> NDArray[np.complex128]:
    """Narrow peaks are lowered to their surroundings."""
    bins = max(3, round(WHITEN_HZ * size / SAMPLE_RATE_HZ))
    power = np.abs(spectrum) ** 2
    smooth = np.sqrt(np.convolve(power, np.ones(bins) / bins, mode="same"))
    white: NDArray[np.complex128] = spectrum / np.maximum(smooth, 1e-9 * (smooth.max() + 1e-9))
    return white
