"""From PyAV's frames to ours."""

from typing import Any

import numpy as np

from kiosk.frames import Colour, Plane, VideoFrame

_BT709 = 1
"""AVCOL_SPC_BT709 and AVCOL_RANGE_JPEG, as FFmpeg numbers them."""
_FULL_RANGE = 2


def i420(frame: Any, captured_at_s: float) -> VideoFrame:
    """`frame` is an av.VideoFrame of any format. Planar 4:2:0 is taken as it is, without a copy; anything else is
    converted, and full range becomes limited range on the way."""
    if frame.format.name not in ("yuv420p", "yuvj420p"):
        frame = frame.reformat(format="yuv420p")
    width, height = frame.width, frame.height
    half = ((width + 1) // 2, (height + 1) // 2)
    y, u, v = (_plane(plane, *size) for plane, size in zip(frame.planes, ((width, height), half, half), strict=True))
    return VideoFrame(
        y,
        u,
        v,
        captured_at_s,
        colour=Colour.BT709 if frame.colorspace == _BT709 else Colour.BT601,
        full_range=frame.format.name == "yuvj420p" or frame.color_range == _FULL_RANGE,
    )


def _plane(plane: Any, width: int, height: int) -> Plane:
    # The array holds on to the plane, and the plane to the frame's memory.
    rows = np.frombuffer(plane, dtype=np.uint8)[: plane.line_size * height].reshape(height, plane.line_size)
    return rows[:, :width]
