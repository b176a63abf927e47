"""Pictures and sound: from plain values to PyAV's frames and back."""

from fractions import Fraction
from typing import Final

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, Colour, Plane, VideoFrame

VIDEO_CLOCK_HZ: Final = 90_000
VIDEO_TIME_BASE: Final = Fraction(1, VIDEO_CLOCK_HZ)
SOUND_TIME_BASE: Final = Fraction(1, SAMPLE_RATE_HZ)

_PLANAR_420: Final = ("yuv420p", "yuvj420p")


def fitted_size(width: int, height: int, max_width: int, max_height: int) -> tuple[int, int]:
    """The largest even size within the limits that keeps the proportions and enlarges nothing, at least 2 by 2.

    Even, because the encoders take no odd sizes in 4:2:0.
    """
    factor = min(1.0, max_width / width, max_height / height)
    return max(2, round(width * factor) // 2 * 2), max(2, round(height * factor) // 2 * 2)


def needs_scaler(frame: VideoFrame, width: int, height: int) -> bool:
    """Whether `to_av` must compute pixels (milliseconds) or only copies them (a tenth of one)."""
    return frame.full_range or frame.colour is not Colour.BT601 or (frame.width, frame.height) != (width, height)


def to_av(frame: VideoFrame, width: int, height: int) -> av.VideoFrame:
    """A copy for the encoders: yuv420p, BT.601, limited range, of the given even size. No pts.

    One matrix and range for all, because VP8 cannot say which it uses. Any thread.
    """
    picture = av.VideoFrame(frame.width, frame.height, "yuv420p")
    for source, target in zip((frame.y, frame.u, frame.v), planes_of(picture), strict=True):
        np.copyto(target, source)
    if not needs_scaler(frame, width, height):
        return picture
    return picture.reformat(
        width=width,
        height=height,
        format="yuv420p",
        src_colorspace=Colorspace.ITU709 if frame.colour is Colour.BT709 else Colorspace.ITU601,
        dst_colorspace=Colorspace.ITU601,
        src_color_range=ColorRange.JPEG if frame.full_range else ColorRange.MPEG,
        dst_color_range=ColorRange.MPEG,
    )


def from_av(picture: av.VideoFrame, captured_at_s: float) -> VideoFrame:
    """The same picture as a plain value. 4:2:0 is not copied: the planes are views that keep `picture` alive.

    Matrix and range are the picture's own; where it says nothing, BT.601 and limited range, as WebRTC assumes.
    Raises av.FFmpegError when the pixel format cannot be converted. Any thread.
    """
    full_range = picture.color_range == ColorRange.JPEG or picture.format.name.startswith("yuvj")
    colour = Colour.BT709 if picture.colorspace == Colorspace.ITU709 else Colour.BT601
    if picture.format.name not in _PLANAR_420:
        picture = picture.reformat(format="yuv420p")
    y, u, v = planes_of(picture)
    return VideoFrame(y, u, v, captured_at_s, colour, full_range)


def block_to_av(block: bytes, pts: int) -> av.AudioFrame:
    """20 ms of sound for the encoder; `pts` counts samples."""
    sound = av.AudioFrame(format="s16", layout="mono", samples=BLOCK_SAMPLES)
    sound.planes[0].update(block)
    sound.sample_rate = SAMPLE_RATE_HZ
    sound.time_base = SOUND_TIME_BASE
    sound.pts = pts
    return sound


def planes_of(picture: av.VideoFrame) -> tuple[Plane, Plane, Plane]:
    """Views of the visible part of each plane; rows may be padded."""
    height, width = picture.height, picture.width
    shapes = ((height, width), ((height + 1) // 2, (width + 1) // 2), ((height + 1) // 2, (width + 1) // 2))
    y, u, v = (
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: shape[0], : shape[1]]
        for plane, shape in zip(picture.planes, shapes, strict=True)
    )
    return y, u, v
