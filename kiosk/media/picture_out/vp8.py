"""VP8 by libvpx, set up for talking heads on small boards: rate and smaller sizes follow at run time."""

import os
from typing import Final

from kiosk.frames import VideoFrame
from kiosk.media.convert import VIDEO_CLOCK_HZ, needs_scaler, planes_of, to_av
from kiosk.media.picture_out import libvpx
from kiosk.media.picture_out.encoder import Order

SPEED: Final = -12
"""From -1 (best) to -16 (fastest). Here, -12 takes 0.6 of the time of -6 and costs 0.4 dB."""
KEY_PCT: Final = 600
"""A key frame may be as large as so many parts of a hundred of a mean picture: 6 pictures."""


class Vp8Encoder:
    """An encoder.Encoder."""

    def __init__(self) -> None:
        self._codec: libvpx.Vpx | None = None
        self._config = libvpx.default_config(libvpx.load())
        self._size = (0, 0)
        self._bitrate_bps = 0
        self._pts = 0

    def encode(self, frame: VideoFrame, size: tuple[int, int], order: Order, key: bool) -> bytes:
        """One VP8 frame (RFC 6386)."""
        if self._codec is None or size != self._size:
            self._begin(size, order)
        elif order.bitrate_bps != self._bitrate_bps:
            self._config.target_kbps = kilobits(order.bitrate_bps)
            self._codec.configure(self._config)
        self._bitrate_bps = order.bitrate_bps
        assert self._codec is not None
        if needs_scaler(frame, *size) or any(plane.strides[1] != 1 for plane in (frame.y, frame.u, frame.v)):
            picture = to_av(frame, *size)
            planes = planes_of(picture)
        else:
            planes = (frame.y, frame.u, frame.v)
        duration = VIDEO_CLOCK_HZ // order.fps
        self._pts += duration
        return self._codec.encode(planes, self._pts, duration, key)

    def close(self) -> None:
        """Let go of the codec."""
        if self._codec is not None:
            self._codec.close()
            self._codec = None

    def _begin(self, size: tuple[int, int], order: Order) -> None:
        self.close()
        config = self._config
        config.width, config.height = size
        config.threads = threads_for(*size, cores=os.cpu_count() or 1)
        config.timebase_num, config.timebase_den = 1, VIDEO_CLOCK_HZ
        config.error_resilient = 0  # what is lost is asked for again; until it comes, nothing after it can be shown
        config.end_usage = libvpx.CBR
        config.target_kbps = kilobits(order.bitrate_bps)
        config.min_quantizer, config.max_quantizer = 2, 56
        config.undershoot_pct, config.overshoot_pct = 100, 15
        config.buffer_ms, config.buffer_initial_ms, config.buffer_optimal_ms = 1000, 500, 600
        config.drop_threshold = 30
        config.key_most = 1_000_000
        controls = {
            libvpx.CPU_USED: SPEED,
            libvpx.STATIC_THRESHOLD: 1,
            libvpx.TOKEN_PARTITIONS: 0,
            libvpx.MAX_INTRA_PCT: KEY_PCT,
        }
        self._codec = libvpx.Vpx(config, controls)
        self._size = size
        self._pts = 0


def kilobits(bitrate_bps: int) -> int:
    """libvpx counts in thousands, and takes no zero."""
    return max(1, round(bitrate_bps / 1000))


def threads_for(width: int, height: int, cores: int) -> int:
    """One thread is the cheapest; a large picture on a board with cores to spare gets two."""
    return 2 if width * height > 640 * 480 and cores > 2 else 1
