"""One connection's sound: encoded where it is recorded, taken by the loop as finished payloads."""

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from kiosk.errors import MediaError
from kiosk.frames import BLOCK_S, level_dbfs
from kiosk.media.rings import Wake
from kiosk.media.sound_out.line import CAPACITY_BLOCKS, SoundLine
from kiosk.media.sound_out.loss import Loss
from kiosk.media.sound_out.opus_encoder import OpusEncoder

RATE_OVER_PAYLOADS: Final = 50
"""The bit rate is told over one second."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SoundOutFigures:
    """The sound that is sent."""

    payloads: int = 0
    """Given to the connection since it began."""
    dropped: int = 0
    """Encoded, and too old when the connection came for them, since it began."""
    bitrate_bps: int = 0
    """Of the last second, payloads without headers."""
    loss_percent: float = 0.0
    """Of our packets, as the far end reported last."""
    fec_percent: int = 0
    """The loss that the error correction in the packets is made for; 0: there is none."""
    level_dbfs: float = -100.0
    """Of the newest block."""
    lost_samples: int = 0
    """That the microphone lost, of the whole visit."""


class Payload(NamedTuple):
    """20 ms, as they go into a packet."""

    payload: bytes
    timestamp: int
    """RTP timestamp at 48 kHz, without origin; see sound_out.line.Sound."""
    level_dbfs: float


class SoundSending:
    """To be the line's `on_put`: then it encodes in the microphone's thread, which has the time, and not in the loop's,
    which has not. Nothing is encoded before the connection has asked for the first time."""

    def __init__(self, line: SoundLine, wake: Wake) -> None:
        """Loop's thread. Raises MediaError when there is no libopus."""
        self._line = line
        self._wake = wake
        self._encoder = OpusEncoder()
        self._loss = Loss()
        self._ready: deque[Payload] = deque(maxlen=CAPACITY_BLOCKS)
        self._sizes: deque[int] = deque(maxlen=RATE_OVER_PAYLOADS)
        self._level_dbfs = -100.0
        self._begun = False
        self._broken = False
        self._sent = self._dropped = 0

    def __call__(self) -> None:
        """Encode what is in the line. Microphone's thread, which holds the line meanwhile."""
        while (sound := self._line.take()) is not None:
            if not self._begun or self._broken:
                continue
            try:
                payload = self._encoder.encode(sound.block)
            except MediaError:
                self._broken = True
                log.exception("sound is no longer sent")
                break
            self._level_dbfs = level_dbfs(sound.block)
            self._dropped += len(self._ready) == CAPACITY_BLOCKS
            self._ready.append(Payload(payload, sound.timestamp, self._level_dbfs))
            self._sizes.append(len(payload))
        self._wake()

    async def next(self, is_live: Callable[[], bool]) -> Payload | None:
        """The next payload, as soon as there is one; None once `is_live` says no. Loop's thread, one call at a time."""
        if not self._begun:
            # What was recorded while the connection was made would be a delay for the whole call.
            self._line.clear()
            self._begun = True
        while is_live() and not self._broken:
            if self._ready:
                self._sent += 1
                return self._ready.popleft()
            await self._wake.wait()
        return None

    def report(self, lost: float) -> None:
        """The far end has lost this share (0 to 1) of our packets since its last report (RFC 3550, 6.4.1)."""
        self._encoder.expect_loss(100 * self._loss.expected(lost, time.monotonic()))

    def figures(self) -> SoundOutFigures:
        """Any thread."""
        sizes = tuple(self._sizes)
        return SoundOutFigures(
            payloads=self._sent,
            dropped=self._dropped,
            bitrate_bps=round(sum(sizes) * 8 / (len(sizes) * BLOCK_S)) if sizes else 0,
            loss_percent=100 * self._loss.reported,
            fec_percent=self._encoder.expected_loss_percent,
            level_dbfs=self._level_dbfs,
            lost_samples=self._line.lost_samples,
        )
