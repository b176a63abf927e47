"""Pictures in red, green and blue, for a screen that has no graphics chip, in the size in which they are shown: FFmpeg
does in a tenth of the time what drawing would do for every pixel."""

from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from numpy.typing import NDArray

from kiosk.frames import Colour, VideoFrame

Bytes = NDArray[np.uint8]


class Packer:
    """Keeps what FFmpeg prepares for one size after another. One thread at a time."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def pack(self, frame: VideoFrame, most_width: int, most_height: int) -> Bytes:
        """As large as it fits the given size. Shape (height, width * 4), top row first, bytes of a pixel as B, G, R, A:
        as a window keeps them."""
        width, height = fitted(frame.width, frame.height, most_width, most_height)
        packed = self._reformatter.reformat(
            _to_av(frame),
            width=width,
            height=height,
            format="bgra",
            src_colorspace=Colorspace.ITU709 if frame.colour is Colour.BT709 else Colorspace.ITU601,
            src_color_range=ColorRange.JPEG if frame.full_range else ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            threads=1,
        )
        return _rows(packed.planes[0], height)[:, : width * 4]


def fitted(width: int, height: int, most_width: int, most_height: int) -> tuple[int, int]:
    """The largest size of the same shape within the limits, at least 1 by 1. Of even width unless it is the picture's
    own: FFmpeg takes four times as long for an odd one."""
    factor = min(most_width / width, most_height / height)
    across, down = max(1, round(width * factor)), max(1, round(height * factor))
    return (across if across in (1, width) else across - across % 2), down


def _to_av(frame: VideoFrame) -> av.VideoFrame:
    picture = av.VideoFrame(frame.width, frame.height, "yuv420p")
    for source, plane in zip((frame.y, frame.u, frame.v), picture.planes, strict=True):
        height, width = source.shape
        np.copyto(_rows(plane, height)[:, :width], source)
    return picture


def _rows(plane: Any, height: int) -> Bytes:
    return np.frombuffer(plane, np.uint8)[: plane.line_size * height].reshape(height, plane.line_size)
