"""What the microphone hears: anything at all, how much noise, and whether a voice is in it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.consultation.model import Flaw
from kiosk.frames import level_dbfs

SILENT_BELOW_DBFS: Final = -90.0
"""The quietest of microphones has more noise of its own; a closed mixer or a dead one gives zeros."""
NOISE_PERCENTILE: Final = 20
"""The level that four of five blocks exceed: between syllables and breaths only the room is left."""
NOISY_ABOVE_DBFS: Final = -38.0
"""A voice across a table arrives at some -25 dBFS; with less than 13 dB between them an old ear loses words."""
VOICE_OVER_NOISE_DB: Final = 10.0
VOICE_AT_LEAST_DBFS: Final = -52.0
"""Quieter than this, what rises over the noise of a silent room is a movement or a breath."""
VOICE_RANGE_DB: Final = 14.0
"""From a voice's loudest blocks down; between syllables it falls below."""
VOICE_BLOCKS: Final = 25
"""Half a second of it, in all, is a voice and not a knock."""
SYLLABLES: Final = 2
SYLLABLE_BLOCKS: Final = (3, 60)
"""A syllable, or a few without a gap, lasts 60 ms to 1.2 s; a hum lasts longer, a knock is shorter."""
BLOCKS_AT_LEAST: Final = 50
"""A second, to say anything of a room."""


@dataclass(frozen=True, slots=True)
class SoundVerdict:
    """What is wrong with what the microphone hears, and from which numbers."""

    flaw: Flaw | None
    """The weightiest; None: it is good."""
    blocks: int = 0
    noise_dbfs: float = -100.0
    voice_over_noise_db: float = 0.0
    syllables: int = 0

    @property
    def voice(self) -> bool:
        """Somebody speaks."""
        return self.syllables >= SYLLABLES


class SoundWatch:
    """Takes blocks of sound in; holds their levels, never the sound. One thread."""

    def __init__(self) -> None:
        self._levels: list[float] = []

    def hear(self, block: bytes) -> None:
        """Take 20 ms in during which the terminal itself was still."""
        self._levels.append(level_dbfs(block))

    def verdict(self) -> SoundVerdict:
        """Of all blocks so far."""
        # A copy: the microphone's thread may add to it meanwhile.
        levels = np.array(self._levels[:])
        if len(levels) < BLOCKS_AT_LEAST or levels.max() < SILENT_BELOW_DBFS:
            return SoundVerdict(Flaw.MICROPHONE_SILENT, len(levels))
        noise_dbfs = float(np.percentile(levels, NOISE_PERCENTILE))
        over_db, syllables = _voice(levels, noise_dbfs)
        flaw = None
        if noise_dbfs > NOISY_ABOVE_DBFS:
            flaw = Flaw.NOISY
        elif syllables < SYLLABLES:
            flaw = Flaw.NO_VOICE
        return SoundVerdict(flaw, len(levels), noise_dbfs, over_db, syllables)


def _voice(levels: NDArray[np.float64], noise_dbfs: float) -> tuple[float, int]:
    """How much louder than the noise it is, and its syllables; 0 when they make no half second."""
    at_least = max(noise_dbfs + VOICE_OVER_NOISE_DB, VOICE_AT_LEAST_DBFS)
    loud = levels[levels >= at_least]
    if len(loud) < VOICE_BLOCKS:
        return 0.0, 0
    top_dbfs = float(np.percentile(loud, 90))
    above = levels >= max(at_least, top_dbfs - VOICE_RANGE_DB)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], above, [False]]).astype(np.int8)))
    lengths = edges[1::2] - edges[::2]
    syllables = lengths[(lengths >= SYLLABLE_BLOCKS[0]) & (lengths <= SYLLABLE_BLOCKS[1])]
    return top_dbfs - noise_dbfs, len(syllables) if syllables.sum() >= VOICE_BLOCKS else 0
