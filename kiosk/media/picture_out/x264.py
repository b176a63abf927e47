"""H.264 by x264 at its fastest: no delay, one thread, a bit rate that follows at run time."""

from fractions import Fraction
from typing import Any, Final

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace

from kiosk.frames import VideoFrame
from kiosk.media.convert import VIDEO_CLOCK_HZ, VIDEO_TIME_BASE, to_av
from kiosk.media.picture_out.encoder import Order

CEILING_BPS: Final = 4_000_000
BUFFER_BITS: Final = 200_000
"""No picture is larger, and a key frame at a low rate much smaller: what a narrow line's queue can take."""
BUFFER_S: Final = 0.5


class X264Encoder:
    """An encoder.Encoder."""

    def __init__(self) -> None:
        self._codec: VideoCodecContext | None = None
        self._fps = 1
        self._bitrate_bps = 0
        self._pts = 0

    def encode(self, frame: VideoFrame, size: tuple[int, int], order: Order, key: bool) -> bytes:
        """Annex B, parameter sets before each key frame."""
        codec = self._codec
        if codec is None or (codec.width, codec.height) != size:
            codec = self._codec = _open(size, order)
            self._fps, self._bitrate_bps, self._pts = order.fps, 0, 0
        # x264 reckons with the frame rate it was opened with.
        bitrate_bps = min(order.bitrate_bps * self._fps // order.fps, CEILING_BPS)
        if bitrate_bps != self._bitrate_bps:
            self._bitrate_bps = bitrate_bps
            set_rate(codec, bitrate_bps)
        picture = to_av(frame, *size)
        self._pts += VIDEO_CLOCK_HZ // self._fps
        picture.pts, picture.time_base = self._pts, VIDEO_TIME_BASE
        picture.pict_type = PictureType.I if key else PictureType.NONE
        return b"".join(bytes(part) for part in codec.encode(picture))

    def close(self) -> None:
        """Let go of the codec."""
        self._codec = None


def set_rate(codec: VideoCodecContext, bitrate_bps: int) -> None:
    """Change the rate of an open x264; no key frame follows.

    PyAV 19 lets the buffer follow too, so that the rate is kept to within half a second. Below, the ceiling and the
    buffer stay as they were opened, and x264 follows the mean rate under them.
    """
    codec.bit_rate = bitrate_bps
    if hasattr(codec, "rc_buffer_size"):
        newer: Any = codec
        newer.max_bit_rate = bitrate_bps
        newer.rc_buffer_size = min(BUFFER_BITS, round(bitrate_bps * BUFFER_S))


def _open(size: tuple[int, int], order: Order) -> VideoCodecContext:
    codec = av.CodecContext.create("libx264", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height = size
    codec.pix_fmt = "yuv420p"
    codec.time_base = VIDEO_TIME_BASE
    codec.framerate = Fraction(order.fps)
    # Opened at the ceiling, x264 follows any lower rate later; opened below, none.
    codec.bit_rate = CEILING_BPS
    codec.gop_size = 1_000_000
    codec.thread_count = 1
    codec.colorspace = Colorspace.SMPTE170M
    codec.color_range = ColorRange.MPEG
    codec.profile = "Baseline"
    codec.options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "level": "31",
        "maxrate": str(CEILING_BPS),
        "bufsize": str(BUFFER_BITS),
    }
    codec.open()
    return codec
