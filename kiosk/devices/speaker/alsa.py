"""Any sound card's loudspeaker, by ALSA (pyalsaaudio)."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from kiosk.devices import cards, mixer
from kiosk.devices.speaker.port import NextBlock, OnLost
from kiosk.devices.worker import Worker
from kiosk.errors import DeviceLost, DeviceMissing
from kiosk.frames import SAMPLE_RATE_HZ

FRAME_BYTES: Final = 2
UNDERRUNS_AT_MOST: Final = 50
"""In a row, with no block between them: then the card is broken, not starved."""

log = logging.getLogger(__name__)


class AlsaSpeaker:
    """The card starts at the first frame it is given, so it first gets silence, all but one period of its buffer in
    one piece; and again after each underrun. A block is asked for only when the card has room for a period: until then
    it may still become a newer one."""

    def __init__(self, device: str, period_frames: int, periods: int) -> None:
        self._device = device
        self._period_frames = period_frames
        self._periods = periods
        self._worker = Worker("speaker")
        self._delay_s = 0.0

    def probe(self) -> None:
        library = _library()
        cards.find("speaker", self._device, dict(zip(library.card_indexes(), library.cards(), strict=False)))

    def start(self, next_block: NextBlock, on_lost: OnLost) -> None:
        library = _library()

        @contextmanager
        def opening() -> Iterator[Any]:
            try:
                pcm = library.PCM(
                    type=library.PCM_PLAYBACK,
                    mode=library.PCM_NORMAL,
                    device=self._device,
                    channels=1,
                    rate=SAMPLE_RATE_HZ,
                    format=library.PCM_FORMAT_S16_LE,
                    periodsize=self._period_frames,
                    periods=self._periods,
                )
            except library.ALSAAudioError as error:
                raise DeviceMissing("speaker", cards.refusal(self._device, str(error))) from error
            try:
                card = pcm.info()
                cards.check("speaker", self._device, card)
                self._delay_s = (card["buffer_size"] - card["period_size"]) / SAMPLE_RATE_HZ
                yield pcm
            finally:
                pcm.close()

        def work(pcm: Any) -> None:
            self._play(pcm, library.ALSAAudioError, next_block)

        self._worker.start(opening, work, on_lost)

    @property
    def delay_s(self) -> float:
        return self._delay_s

    def muted(self) -> bool | None:
        return mixer.is_muted(_library(), self._device)

    def close(self) -> None:
        self._worker.close()

    def _play(self, pcm: Any, alsa_error: type[Exception], next_block: NextBlock) -> None:
        card = pcm.info()
        prefill = bytes((card["buffer_size"] - card["period_size"]) * FRAME_BYTES)
        sound = prefill
        underruns = in_a_row = 0
        try:
            while not self._worker.closed:
                try:
                    if not sound:
                        self._await_room(pcm, card["period_size"])
                        sound = next_block()
                    written = pcm.write(sound)
                except alsa_error as error:
                    if not cards.is_xrun(str(error)):
                        raise DeviceLost("speaker", f"{self._device} stopped ({error})") from error
                    written = cards.XRUN
                if written == cards.XRUN:
                    underruns += 1
                    in_a_row += 1
                    if in_a_row > UNDERRUNS_AT_MOST:
                        raise DeviceLost("speaker", f"{self._device} takes no sound, only underruns")
                    # What did not fit is late by now; silence gives the time to catch up.
                    sound = prefill
                    continue
                in_a_row = 0
                sound = sound[written * FRAME_BYTES :]
        finally:
            if underruns:
                log.warning("speaker: %d underruns while it was open; there were gaps in the sound", underruns)

    def _await_room(self, pcm: Any, frames: int) -> None:
        room_frames = pcm.avail()
        if 0 <= room_frames < frames:
            self._worker.sleep_until(time.monotonic() + (frames - room_frames) / SAMPLE_RATE_HZ)


def _library() -> Any:
    try:
        import alsaaudio  # noqa: PLC0415
    except ImportError as error:
        raise DeviceMissing("speaker", cards.not_installed(error)) from error
    return alsaaudio
