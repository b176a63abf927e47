"""Sound made softer by ourselves, where the card has no control for it."""

from typing import Final

import numpy as np

from kiosk.devices.speaker.port import NextBlock, OnLost, Speaker
from kiosk.frames import BLOCK_SAMPLES

_RISE: Final = np.linspace(0.0, 1.0, BLOCK_SAMPLES)


class Gain:
    """One for the terminal; every loudspeaker that is opened goes through it. Any thread."""

    def __init__(self) -> None:
        self._factor = 1.0

    @property
    def factor(self) -> float:
        """What samples are multiplied by."""
        return self._factor

    def set(self, gain_db: float) -> None:
        """0, or less, from the next block on."""
        self._factor = 10 ** (gain_db / 20)

    def over(self, speaker: Speaker) -> Speaker:
        """That loudspeaker, softer."""
        return _Softer(speaker, self)

    def apply(self, block: bytes, before: float) -> tuple[bytes, float]:
        """The block, and the factor at its end; a change since `before` comes as a slope, not as a click."""
        factor = self._factor
        if factor == before == 1.0:
            return block, factor
        slope = before + (factor - before) * _RISE
        softer: bytes = np.rint(np.frombuffer(block, "<i2") * slope).astype("<i2").tobytes()
        return softer, factor


class _Softer:
    """A loudspeaker whose blocks go through a gain."""

    def __init__(self, speaker: Speaker, gain: Gain) -> None:
        self._speaker = speaker
        self._gain = gain

    def probe(self) -> None:
        self._speaker.probe()

    def start(self, next_block: NextBlock, on_lost: OnLost) -> None:
        factor = self._gain.factor

        def softer() -> bytes:
            nonlocal factor
            block, factor = self._gain.apply(next_block(), factor)
            return block

        self._speaker.start(softer, on_lost)

    @property
    def delay_s(self) -> float:
        return self._speaker.delay_s

    def muted(self) -> bool | None:
        return self._speaker.muted()

    def close(self) -> None:
        self._speaker.close()
