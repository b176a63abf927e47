"""Any sound card's microphone, by ALSA (pyalsaaudio)."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from kiosk.devices import cards
from kiosk.devices.microphone.port import OnBlock, OnLost
from kiosk.devices.worker import Worker
from kiosk.errors import DeviceLost, DeviceMissing
from kiosk.frames import BLOCK_BYTES, SAMPLE_RATE_HZ

PERIODS: Final = 8
"""The card keeps so many pieces for a reader who is late: 80 ms at 480 frames each."""
FRAME_BYTES: Final = 2
OVERRUNS_AT_MOST: Final = 50
"""In a row, with no sound between them: then the card is broken, not busy."""

log = logging.getLogger(__name__)


class AlsaMicrophone:
    """Sound that was lost because nobody read it in time stays lost; none is invented in its place. How much it was is
    told by the clock: ALSA does not say."""

    def __init__(self, device: str, period_frames: int) -> None:
        self._device = device
        self._period_frames = period_frames
        self._worker = Worker("microphone")

    def probe(self) -> None:
        library = _library()
        cards.find("microphone", self._device, dict(zip(library.card_indexes(), library.cards(), strict=False)))

    def start(self, on_block: OnBlock, on_lost: OnLost) -> None:
        library = _library()

        @contextmanager
        def opening() -> Iterator[Any]:
            try:
                pcm = library.PCM(
                    type=library.PCM_CAPTURE,
                    mode=library.PCM_NORMAL,
                    device=self._device,
                    channels=1,
                    rate=SAMPLE_RATE_HZ,
                    format=library.PCM_FORMAT_S16_LE,
                    periodsize=self._period_frames,
                    periods=PERIODS,
                )
            except library.ALSAAudioError as error:
                raise DeviceMissing("microphone", cards.refusal(self._device, str(error))) from error
            try:
                cards.check("microphone", self._device, pcm.info())
                yield pcm
            finally:
                pcm.close()

        def work(pcm: Any) -> None:
            self._capture(pcm, library.ALSAAudioError, on_block)

        self._worker.start(opening, work, on_lost)

    def close(self) -> None:
        self._worker.close()

    def _capture(self, pcm: Any, alsa_error: type[Exception], on_block: OnBlock) -> None:
        gathered = bytearray()
        overruns = in_a_row = 0
        end = End()
        lost_frames = 0
        try:
            while not self._worker.closed:
                try:
                    frames, sound = pcm.read()
                    waiting_frames = pcm.avail()
                except alsa_error as error:
                    if not cards.is_xrun(str(error)):
                        raise DeviceLost("microphone", f"{self._device} stopped ({error})") from error
                    frames, sound, waiting_frames = cards.XRUN, b"", 0
                if frames == cards.XRUN:
                    overruns += 1
                    in_a_row += 1
                    if in_a_row > OVERRUNS_AT_MOST:
                        raise DeviceLost("microphone", f"{self._device} gives no sound, only overruns")
                    # A block must not hide a gap in its middle.
                    lost_frames += len(gathered) // FRAME_BYTES
                    gathered.clear()
                    continue
                gap_frames = end.move(frames, waiting_frames, time.monotonic())
                if in_a_row:
                    lost_frames += gap_frames
                in_a_row = 0
                gathered += sound
                while len(gathered) >= BLOCK_BYTES and not self._worker.closed:
                    block = bytes(gathered[:BLOCK_BYTES])
                    del gathered[:BLOCK_BYTES]
                    on_block(block, lost_frames)
                    lost_frames = 0
        finally:
            if overruns:
                log.warning("microphone: %d overruns while it was open; sound was lost", overruns)


class End:
    """The moment at which the newest frame that was read had been recorded."""

    def __init__(self) -> None:
        self._at_s: float | None = None

    def move(self, frames: int, waiting_frames: int, now_s: float) -> int:
        """So many frames were read, and so many more were waiting at that monotonic time. The frames that were
        recorded between the earlier end and the first of these, by the clock; to a millisecond or so."""
        before_s = self._at_s
        self._at_s = now_s - max(0, waiting_frames) / SAMPLE_RATE_HZ
        if before_s is None:
            return 0
        return max(0, round((self._at_s - before_s) * SAMPLE_RATE_HZ) - frames)


def _library() -> Any:
    try:
        import alsaaudio  # noqa: PLC0415
    except ImportError as error:
        raise DeviceMissing("microphone", cards.not_installed(error)) from error
    return alsaaudio
