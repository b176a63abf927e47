"""WebRTC's own echo canceller, noise suppressor and gain control, by pywebrtc-audio."""

import functools
import logging
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kiosk.frames import SAMPLE_RATE_HZ, level_dbfs
from kiosk.media.voice.gain import Gain
from kiosk.media.voice.port import VoiceFigures
from kiosk.media.voice.reference import Reference
from kiosk.media.voice.settings import Settings

NOISE_LEVEL: Final = 1
"""Of 0 to 3: steady noise is lowered by 12 dB. More takes from the voice as well."""

log = logging.getLogger(__name__)


class WebRtcVoice:
    """High-pass filter, then echo, then noise, then level. It works in steps of 10 ms, lets the interpreter's lock go,
    and adds 9 to 15 ms of delay."""

    def __init__(self, settings: Settings) -> None:
        """Only where `is_there`."""
        library = _library()
        self._cancels = settings.echo_cancellation
        self._reference = Reference()
        self._processor = library.AudioProcessor(
            sample_rate=SAMPLE_RATE_HZ,
            echo_cancellation=settings.echo_cancellation,
            noise_suppression=settings.noise_suppression,
            high_pass_filter=True,
            ns_level=NOISE_LEVEL,
        )
        # A stage of its own: the library's would take what is left of the echo for a voice from far away.
        self._gain = Gain(library, settings.max_gain_db) if settings.max_gain_db else None
        self._near_dbfs = self._sent_dbfs = self._far_dbfs = -100.0

    def far(self, block: bytes) -> None:
        self._reference.put(np.frombuffer(block, np.int16))

    def near(self, block: bytes, lost_samples: int = 0) -> bytes:
        far = self._reference.take(lost_samples)
        self._far_dbfs = level_dbfs(far.tobytes())
        self._near_dbfs = level_dbfs(block)
        samples = np.frombuffer(block, np.int16)
        clean: NDArray[np.int16] = (
            self._processor.process(samples, far) if self._cancels else self._processor.process(samples)
        )
        if self._gain is not None:
            taken_db = self._near_dbfs - level_dbfs(clean.tobytes())
            clean = self._gain.process(clean, taken_db, float(self._processor.speech_probability), self._far_dbfs)
        sent: bytes = clean.astype("<i2", copy=False).tobytes()
        self._sent_dbfs = level_dbfs(sent)
        return sent

    def figures(self) -> VoiceFigures:
        return VoiceFigures(
            near_dbfs=self._near_dbfs,
            sent_dbfs=self._sent_dbfs,
            far_dbfs=self._far_dbfs,
            gain_db=self._gain.gain_db if self._gain is not None else 0.0,
            speech_probability=float(self._processor.speech_probability),
            starved=self._reference.starved,
            skipped_samples=self._reference.skipped_samples,
        )


@functools.cache
def fault() -> str | None:
    """Why the library cannot be loaded; None when it can. Asked once, and then said in the log."""
    try:
        _library()
    except (ImportError, OSError) as error:
        told = f"pywebrtc-audio cannot be loaded ({error}); the far end will hear its own echo"
        log.warning("%s", told)
        return told
    return None


def is_there() -> bool:
    """Can it be used?"""
    return fault() is None


def _library() -> Any:
    import pywebrtc_audio  # noqa: PLC0415

    return pywebrtc_audio
