"""A stand-in for alsaaudio whose card does what a script says: the faults that real cards have and plugins lack."""

import threading
from collections.abc import Sequence
from types import ModuleType
from typing import Any


class FakeAlsaError(Exception):
    """As alsaaudio.ALSAAudioError: words only, no number."""


Step = int | str
"""A number is returned (frames, or -32 for an xrun); a text is raised."""


class FakeCard:
    """Plays a script of answers to read or write, then waits until it is closed or pulled."""

    def __init__(self, script: Sequence[Step] = (), **info: Any) -> None:
        self.script = list(script)
        self.written: list[bytes] = []
        self.reads = 0
        self.waiting = 0
        """What avail() says: frames to read, or room to write."""
        self.closed = False
        self._pulled = threading.Event()
        self._info = {"rate": 48000, "channels": 1, "format_name": "S16_LE", "buffer_size": 1920, "period_size": 480}
        self._info |= info

    def pull(self) -> None:
        self._pulled.set()

    def info(self) -> dict[str, Any]:
        return self._info

    def read(self) -> tuple[int, bytes]:
        frames = self._next(480)
        self.reads += 1
        return frames, bytes([self.reads]) * (2 * max(0, frames))

    def write(self, sound: bytes) -> int:
        frames = self._next(len(sound) // 2)
        self.written.append(sound)
        return frames

    def avail(self) -> int:
        return self.waiting

    def close(self) -> None:
        self.closed = True

    def _next(self, otherwise: int) -> int:
        if self._pulled.is_set():
            raise FakeAlsaError("No such device [fake]")
        if self.script:
            step = self.script.pop(0)
            if isinstance(step, str):
                raise FakeAlsaError(step)
            return step
        self._pulled.wait(0.002)
        return otherwise


def module(card: FakeCard | None, cards: dict[int, str] | None = None) -> ModuleType:
    """For sys.modules["alsaaudio"]; no card: nothing can be opened."""
    made = ModuleType("alsaaudio")
    seen = cards or {}

    def pcm(**settings: Any) -> FakeCard:
        if card is None:
            raise FakeAlsaError(f"No such file or directory [{settings['device']}]")
        return card

    members = {
        "ALSAAudioError": FakeAlsaError,
        "PCM": pcm,
        "PCM_CAPTURE": 1,
        "PCM_PLAYBACK": 0,
        "PCM_NORMAL": 0,
        "PCM_FORMAT_S16_LE": 2,
        "mixers": lambda device: [],
        "cards": lambda: list(seen.values()),
        "card_indexes": lambda: list(seen),
    }
    for name, member in members.items():
        setattr(made, name, member)
    return made
