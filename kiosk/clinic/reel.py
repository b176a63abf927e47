"""The clinic's own pictures as encoded loops: encoded once, then sent again and again for nothing."""

from collections.abc import Iterable
from fractions import Fraction
from functools import cache

import av

from .encoded_video import EncodedFrame
from .pictures import HEIGHT, PHASES, WIDTH, Picture, frame
from .settings import VideoCodec

FRAME_RATE = 5
FRAME_TICKS = 90_000 // FRAME_RATE


@cache
def reel(picture: Picture, codec: VideoCodec) -> tuple[EncodedFrame, ...]:
    """One round of a picture, beginning with its only key frame. The first time takes 0.1 s: see `prepare`."""
    encoder = _vp8_encoder() if codec == "vp8" else _h264_encoder()
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(FRAME_RATE), Fraction(1, FRAME_RATE)
    encoder.gop_size = PHASES
    encoder.thread_count = 1
    packets = []
    for phase in range(PHASES):
        drawn = frame(picture, phase)
        drawn.pts, drawn.time_base = phase, encoder.time_base
        packets += encoder.encode(drawn)
    packets += encoder.encode(None)
    return tuple(EncodedFrame(bytes(p), number * FRAME_TICKS, p.is_keyframe) for number, p in enumerate(packets))


def prepare(codecs: Iterable[VideoCodec]) -> None:
    """Encode every picture now, so that `reel` answers at once later. Not on the loop."""
    for codec in codecs:
        for picture in Picture:
            reel(picture, codec)


def _vp8_encoder() -> av.VideoCodecContext:
    encoder = _create("libvpx")
    encoder.bit_rate = 600_000
    encoder.qmin, encoder.qmax = 4, 16
    encoder.options = {"deadline": "realtime", "cpu-used": "-4", "lag-in-frames": "0", "auto-alt-ref": "0"}
    return encoder


def _h264_encoder() -> av.VideoCodecContext:
    encoder = _create("libx264")
    encoder.profile = "Baseline"
    encoder.options = {"level": "31", "tune": "zerolatency", "crf": "20"}
    return encoder


def _create(name: str) -> av.VideoCodecContext:
    encoder = av.CodecContext.create(name, "w")
    assert isinstance(encoder, av.VideoCodecContext)
    return encoder
