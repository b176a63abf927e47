"""Several people's sound, made one."""

from collections.abc import Callable
from typing import Final

import numpy as np

from kiosk.media.rings import SoundRing

WAITING_LIMIT_BLOCKS: Final = 5
"""Whoever has 100 ms waiting sets the pace from then on: the one who did so has fallen silent."""


class Mixer:
    """Each source puts blocks of 20 ms as they come; one of them sets the pace, and with each of its blocks the sum
    goes out. One thread."""

    def __init__(self, put: Callable[[bytes], None]) -> None:
        self._put = put
        self._waiting: dict[str, SoundRing] = {}
        self._pace: str | None = None

    def put(self, source: str, block: bytes) -> None:
        """The source's next 20 ms (frames.BLOCK_BYTES)."""
        ring = self._waiting.setdefault(source, SoundRing(WAITING_LIMIT_BLOCKS))
        ring.put(block)
        if self._pace is None or ring.depth >= WAITING_LIMIT_BLOCKS:
            self._pace = source
        if self._pace == source:
            taken = [ring.take() for ring in self._waiting.values()]
            self._put(_sum([one for one in taken if one is not None]))

    def forget(self, source: str) -> None:
        """It is heard no more. Harmless when it never was."""
        self._waiting.pop(source, None)
        if self._pace == source:
            self._pace = None


def _sum(blocks: list[bytes]) -> bytes:
    if len(blocks) == 1:
        return blocks[0]
    total = np.sum([np.frombuffer(block, "<i2") for block in blocks], axis=0, dtype=np.int32)
    return np.clip(total, -32768, 32767).astype("<i2").tobytes()
