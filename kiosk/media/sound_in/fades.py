"""Short fades: where sound begins or ends there is no click."""

from typing import Final

import numpy as np

from kiosk.media.libopus import Samples

FADE_SAMPLES: Final = 240
"""5 ms."""

_UP: Final = np.linspace(0.0, 1.0, FADE_SAMPLES, endpoint=False, dtype=np.float32)


def faded_in(sound: Samples, from_gain: float = 0.0) -> Samples:
    """The same, rising from that gain within its first 5 ms."""
    count = min(FADE_SAMPLES, len(sound))
    gains = from_gain + (1.0 - from_gain) * _UP[:count]
    return np.concatenate([(sound[:count] * gains).astype(np.int16), sound[count:]])


def tail(last: Samples, samples: int) -> Samples:
    """How sound ends that breaks off after `last`: its own last 5 ms backwards, falling, then silence. Nothing new is
    heard in it."""
    end = np.zeros(samples, np.int16)
    back = last[: -FADE_SAMPLES - 1 : -1][:samples]
    end[: len(back)] = back * (1.0 - _UP[: len(back)])
    return end


def joined(before: Samples, sound: Samples) -> Samples:
    """`sound`, whose beginning comes out of `before`, as long a piece as that is."""
    count = min(len(before), len(sound))
    weight = np.linspace(0.0, 1.0, count, endpoint=False, dtype=np.float32)
    blended = before[:count] * (1.0 - weight) + sound[:count] * weight
    return np.concatenate([blended.astype(np.int16), sound[count:]])
