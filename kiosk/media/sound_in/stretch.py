"""Sound made shorter or longer by one period of its pitch, so that it is not noticed (overlap-add, as in WSOLA)."""

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from kiosk.media.libopus import Samples

SHORTEST: Final = 120
"""400 Hz."""
LONGEST: Final = 720
"""66 Hz."""
COMPARED: Final = 480
QUIET_RMS: Final = 50.0
"""-56 dB below full scale: here nobody hears a seam."""

_COARSE: Final = 6

Wave = NDArray[np.float32]


def shorten(sound: Samples, at_most: int, least_likeness: float) -> Samples | None:
    """One period less, `at_most` samples; None when two neighbouring periods are less alike than `least_likeness`
    (0 to 1), or `sound` is too short for two of them."""
    longest = min(at_most, LONGEST, len(sound) // 2, len(sound) - COMPARED)
    if longest < SHORTEST:
        return None
    wave = sound.astype(np.float32)
    lag, likeness = _alike(wave[:COMPARED], wave[SHORTEST : longest + COMPARED])
    if likeness < least_likeness:
        return None
    period = longest if lag is None else SHORTEST + lag
    return np.concatenate([_faded(wave[:period], wave[period : 2 * period]), sound[2 * period :]])


def lengthen(before: Samples, sound: Samples, least_likeness: float) -> Samples | None:
    """One period more, put before `sound`. `before` is what was heard last, LONGEST samples; `sound` has LONGEST at
    least. None when it would be noticed."""
    wave = np.concatenate([before, sound]).astype(np.float32)
    now = wave[LONGEST:]
    lag, likeness = _alike(now[:COMPARED], wave[: LONGEST - SHORTEST + COMPARED])
    if likeness < least_likeness:
        return None
    period = LONGEST if lag is None else LONGEST - lag
    return np.concatenate([_faded(now[:period], wave[LONGEST - period : LONGEST]), sound])


def period_of(sound: Samples) -> int:
    """The period at which the end of `sound` (LONGEST + COMPARED samples at least) repeats itself."""
    wave = sound[-LONGEST - COMPARED :].astype(np.float32)
    lag, _ = _alike(wave[-COMPARED:], wave[:-SHORTEST])
    return LONGEST if lag is None else LONGEST - lag


def _alike(piece: Wave, among: Wave) -> tuple[int | None, float]:
    """Where in `among` the piece is found best, and how alike it is there (0 to 1); None for what is too quiet to
    matter. First at 8 kHz, then exactly."""
    if float(np.dot(piece, piece)) < QUIET_RMS**2 * len(piece):
        return None, 1.0
    coarse_among = among[: len(among) // _COARSE * _COARSE].reshape(-1, _COARSE).mean(axis=1)
    at, _ = _best(piece.reshape(-1, _COARSE).mean(axis=1), coarse_among)
    first = max(0, at * _COARSE - _COARSE)
    last = min(len(among), at * _COARSE + _COARSE + len(piece))
    exact, likeness = _best(piece, among[first:last])
    return first + exact, likeness


def _best(piece: Wave, among: Wave) -> tuple[int, float]:
    candidates = sliding_window_view(among, len(piece))
    energies = np.einsum("ij,ij->i", candidates, candidates)
    likeness = candidates @ piece / np.sqrt(np.maximum(energies * np.dot(piece, piece), 1.0))
    at = int(np.argmax(likeness))
    return at, float(likeness[at])


def _faded(out: Wave, into: Wave) -> Samples:
    weight = np.linspace(0.0, 1.0, len(out), dtype=np.float32)
    return (out + (into - out) * weight).astype(np.int16)
