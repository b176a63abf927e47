"""Really coded pictures, without their packets."""

from fractions import Fraction

import av

from kiosk.frames import VideoFrame
from kiosk.media.convert import to_av


def coded_pictures(frames: list[VideoFrame], codec: str = "libvpx") -> list[bytes]:
    """One for each frame; the first is a key frame."""
    encoder = av.CodecContext.create(codec, "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height = frames[0].width, frames[0].height
    encoder.pix_fmt = "yuv420p"
    encoder.time_base = Fraction(1, 30)
    encoder.gop_size = 10_000
    encoder.options = (
        {"deadline": "realtime", "cpu-used": "-6", "lag-in-frames": "0"}
        if codec == "libvpx"
        else {"preset": "ultrafast", "tune": "zerolatency"}
    )
    coded = []
    for number, frame in enumerate(frames):
        picture = to_av(frame, frame.width, frame.height)
        picture.pts, picture.time_base = number, encoder.time_base
        coded += [bytes(packet) for packet in encoder.encode(picture)]
    return coded
