"""H.264 encoder for live pictures: x264 at its fastest, no delay, one thread, bit rate in steps."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace

from kiosk.media.convert import VIDEO_TIME_BASE

BITRATE_STEPS_BPS: Final = (200_000, 350_000, 600_000, 1_000_000, 1_600_000, 2_500_000)
START_BPS: Final = 1_000_000
UP_MARGIN: Final = 1.15
"""A step up needs this much more than the step itself: each step costs a key frame, so it must not swing."""

Pack = Callable[["av.Packet[Any]"], tuple[list[bytes], int]]
"""Cuts one encoded picture (Annex B) into RTP payloads; returns them with the RTP timestamp."""


class H264Encoder:
    """Takes the place of aiortc's own encoder in a sender; called from one worker thread at a time."""

    def __init__(self, pack: Pack, fps: int) -> None:
        self.pack = pack
        self._fps = fps
        self._codec: VideoCodecContext | None = None
        self._step_bps = START_BPS
        self._target_bps = START_BPS

    @property
    def target_bitrate(self) -> int:
        """What the far end says it can take, bits per second."""
        return self._target_bps

    @target_bitrate.setter
    def target_bitrate(self, bitrate_bps: int) -> None:
        self._target_bps = bitrate_bps

    def encode(self, frame: av.VideoFrame, force_keyframe: bool = False) -> tuple[list[bytes], int]:
        """RTP payloads and timestamp of one yuv420p picture with time base VIDEO_TIME_BASE. Raises av.FFmpegError."""
        step_bps = next_step_bps(self._step_bps, self._target_bps)
        codec = self._codec
        if codec is None or (codec.width, codec.height) != (frame.width, frame.height) or step_bps != self._step_bps:
            # PyAV below 19 cannot change the bit rate of an open encoder, hence a new one, in few and coarse steps.
            codec = self._codec = self._open(frame.width, frame.height, step_bps)
            self._step_bps = step_bps
        frame.pict_type = PictureType.I if force_keyframe else PictureType.NONE
        packet: av.Packet[Any] = av.Packet(b"".join(bytes(part) for part in codec.encode(frame)))
        packet.pts = frame.pts
        packet.time_base = VIDEO_TIME_BASE
        return self.pack(packet)

    def _open(self, width: int, height: int, bitrate_bps: int) -> VideoCodecContext:
        codec = av.CodecContext.create("libx264", "w")
        assert isinstance(codec, VideoCodecContext)
        codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
        codec.time_base = VIDEO_TIME_BASE
        codec.framerate = Fraction(self._fps)
        codec.bit_rate = bitrate_bps
        codec.gop_size = 100 * self._fps
        codec.thread_count = 1
        codec.colorspace = Colorspace.SMPTE170M
        codec.color_range = ColorRange.MPEG
        codec.profile = "Baseline"
        codec.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "level": "31",
            # Half a second of buffer keeps a key frame from flooding a narrow line.
            "maxrate": str(bitrate_bps),
            "bufsize": str(bitrate_bps // 2),
        }
        return codec


def next_step_bps(current_bps: int, target_bps: int) -> int:
    """The step for a target: down at once, up only with a margin, never below the lowest."""
    allowed = [step for step in BITRATE_STEPS_BPS if (step if step <= current_bps else step * UP_MARGIN) <= target_bps]
    return max(allowed, default=BITRATE_STEPS_BPS[0])
