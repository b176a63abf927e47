"""Several people's sound, made one."""

import threading
from typing import Protocol

import numpy as np

from kiosk.frames import BLOCK_SAMPLES, SILENCE
from kiosk.media.sound_in import fades


class Sound(Protocol):
    """Somebody's sound: a SoundIn."""

    def next_block(self, speaker_delay_s: float) -> bytes:
        """The next 20 ms, at once; SILENCE when there is none. Its first sample is heard so much later."""


class Mixer:
    """People come and go on any thread; blocks are asked for on one, the loudspeaker's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: dict[Sound, bytes] = {}
        self._leaving: list[bytes] = []

    def add(self, sound: Sound) -> None:
        """Hear it from now on."""
        with self._lock:
            self._newest.setdefault(sound, SILENCE)

    def remove(self, sound: Sound) -> None:
        """Hear it no more. Harmless when it never was."""
        with self._lock:
            newest = self._newest.pop(sound, SILENCE)
            if newest != SILENCE:
                self._leaving.append(ending(newest))

    def next_block(self, speaker_delay_s: float = 0.0) -> bytes:
        """The next 20 ms of all of them."""
        with self._lock:
            sounds = list(self._newest)
            blocks, self._leaving = self._leaving, []
        for sound in sounds:
            # Not under the lock: it decodes.
            block = sound.next_block(speaker_delay_s)
            with self._lock:
                if sound in self._newest:
                    self._newest[sound] = block
            if block != SILENCE:
                blocks.append(block)
        return _sum(blocks)


def ending(newest: bytes) -> bytes:
    """The block after one at which sound breaks off."""
    return fades.tail(np.frombuffer(newest, np.int16), BLOCK_SAMPLES).tobytes()


def beginning(block: bytes) -> bytes:
    """A block before which there was silence."""
    return fades.faded_in(np.frombuffer(block, np.int16)).tobytes()


def _sum(blocks: list[bytes]) -> bytes:
    if not blocks:
        return SILENCE
    if len(blocks) == 1:
        return blocks[0]
    total = np.sum([np.frombuffer(block, np.int16) for block in blocks], axis=0, dtype=np.int32)
    return np.clip(total, -32768, 32767).astype(np.int16).tobytes()
