"""The track of the patient's sound. It waits for something to be put and makes up nothing."""

import time
from typing import Final

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from kiosk.media.convert import block_to_av
from kiosk.media.rings import SoundRing, Wake

PAUSE_S: Final = 0.2
"""Sound that stays away for so long has paused: its time is counted as passed. Less is jitter of the microphone's
thread, whose samples all come."""


class SoundTrack(MediaStreamTrack):
    """The patient's sound. Time counts samples; the time of a pause counts as well."""

    kind = "audio"

    def __init__(self, sound: SoundRing, wake: Wake) -> None:
        super().__init__()
        self._sound = sound
        self._wake = wake
        self._pts = -BLOCK_SAMPLES
        self._begun = False
        self._sent_at_s: float | None = None
        self.sent = 0
        """Blocks handed to the encoder."""

    async def recv(self) -> av.AudioFrame:
        """The next 20 ms. aiortc's sender calls it, one call at a time."""
        if not self._begun:
            # What piled up while the connection was made would be a delay for the whole call.
            self._begun = True
            self._sound.clear()
        while self.readyState == "live":
            block = self._sound.take()
            if block is not None:
                return self._timed(block, time.monotonic())
            await self._wake.wait()
        raise MediaStreamError

    def _timed(self, block: bytes, now_s: float) -> av.AudioFrame:
        passed_blocks = 1
        if self._sent_at_s is not None and now_s - self._sent_at_s > PAUSE_S:
            passed_blocks = round((now_s - self._sent_at_s) * SAMPLE_RATE_HZ / BLOCK_SAMPLES)
        self._pts += passed_blocks * BLOCK_SAMPLES
        self._sent_at_s = now_s
        self.sent += 1
        return block_to_av(block, self._pts)
