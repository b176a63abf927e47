"""Spoken sentences as sound: a file for each language and key, read when it is to be heard."""

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import av
import numpy as np
from av import AudioFrame, AudioResampler
from numpy.typing import NDArray

from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ

FOLDER: Final = Path(__file__).with_name("prompts")
"""Where `python -m kiosk.speech.build` puts the voice made by machine."""
ENDINGS: Final = (".opus", ".flac", ".wav")
BETWEEN_S: Final = 0.4
"""Silence between two sentences (ISO 24551)."""

Samples = NDArray[np.int16]
"""48 kHz, mono."""

log = logging.getLogger(__name__)


class Prompts:
    """The sentences of one language."""

    def __init__(self, language: str, recordings: Path | None = None, made: Path = FOLDER) -> None:
        """People's recordings go before what was made by machine."""
        self._folders = [folder / language for folder in (recordings, made) if folder is not None]

    def path(self, key: str) -> Path | None:
        """The file that speaks this sentence; None: there is none."""
        paths = (folder / f"{key}{ending}" for folder in self._folders for ending in ENDINGS)
        return next((path for path in paths if path.is_file()), None)

    def blocks(self, keys: Iterable[str]) -> tuple[bytes, ...]:
        """The sentences in their order as blocks of sound (kiosk.frames), a pause after each but the last. One that
        has no file, or none that can be read, is left out and logged. Takes some milliseconds; any thread."""
        pause = np.zeros(int(BETWEEN_S * SAMPLE_RATE_HZ), "<i2")
        parts: list[Samples] = []
        for key in keys:
            sound = self._sound(key)
            if sound is not None:
                parts += [pause, sound] if parts else [sound]
        if not parts:
            return ()
        samples = np.concatenate(parts)
        samples = np.pad(samples, (0, -len(samples) % BLOCK_SAMPLES))
        return tuple(block.tobytes() for block in samples.reshape(-1, BLOCK_SAMPLES))

    def _sound(self, key: str) -> Samples | None:
        path = self.path(key)
        if path is None:
            log.debug("No sound for %s", key)
            return None
        try:
            return read(path)
        except (OSError, ValueError) as error:
            log.warning("The sound of %s cannot be read: %s", key, type(error).__name__)
            return None


def read(path: Path) -> Samples:
    """The sound in a file, whatever its rate and channels. Raises OSError or ValueError."""
    with av.open(str(path)) as container:
        if not container.streams.audio:
            raise ValueError("no sound in it")
        frames = [frame for frame in container.decode(audio=0) if isinstance(frame, AudioFrame)]
    return resampled(frames)


def resampled(frames: Iterable[AudioFrame]) -> Samples:
    """One sound from its frames."""
    resampler = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE_HZ)
    parts = [each.to_ndarray()[0] for frame in [*frames, None] for each in resampler.resample(frame)]
    return np.concatenate(parts).astype("<i2") if parts else np.zeros(0, "<i2")
