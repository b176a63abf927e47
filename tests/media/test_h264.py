"""The encoder for live pictures."""

import av
import numpy as np
import pytest

from kiosk.frames import VideoFrame
from kiosk.media.aiortc_adapter import h264_packer
from kiosk.media.convert import VIDEO_TIME_BASE, from_av, to_av
from kiosk.media.h264 import BITRATE_STEPS_BPS, H264Encoder, next_step_bps

from .far_end import GREEN, flat_frame

IDR, SPS = 5, 7


class Annex:
    """Takes the place of the RTP packer: keeps the encoded pictures."""

    def __init__(self) -> None:
        self.pictures: list[bytes] = []

    def pack(self, packet: "av.Packet[av.VideoStream]") -> tuple[list[bytes], int]:
        self.pictures.append(bytes(packet))
        assert packet.pts is not None
        return [self.pictures[-1]], packet.pts

    def units(self, index: int) -> list[int]:
        """Types of the NAL units of one picture."""
        return [part[0] & 0x1F for part in self.pictures[index].split(b"\0\0\1")[1:]]


def picture(number: int, size: tuple[int, int] = (320, 240), noise: bool = False) -> av.VideoFrame:
    frame = flat_frame(*GREEN, size)
    if noise:
        pixels = np.random.default_rng(number).integers(16, 235, frame.y.shape, np.uint8)
        frame = VideoFrame(pixels, frame.u, frame.v, 0.0)
    converted = to_av(frame, *size)
    converted.pts, converted.time_base = number * 3000, VIDEO_TIME_BASE
    return converted


def test_each_picture_comes_out_at_once_and_decodes_to_itself() -> None:
    annex = Annex()
    encoder = H264Encoder(annex.pack, 30)
    decoder = av.CodecContext.create("h264", "r")
    for number in range(5):
        payloads, timestamp = encoder.encode(picture(number))
        assert (len(payloads), timestamp) == (1, number * 3000)
    decoded = [frame for data in annex.pictures for frame in decoder.decode(av.Packet(data))] + decoder.decode(None)
    assert len(decoded) == 5
    assert isinstance(decoded[-1], av.VideoFrame)
    last = from_av(decoded[-1], 0.0)
    assert (float(last.y.mean()), float(last.u.mean()), float(last.v.mean())) == pytest.approx(GREEN, abs=2)


def test_a_key_frame_comes_first_and_on_request_only() -> None:
    annex = Annex()
    encoder = H264Encoder(annex.pack, 30)
    for number in range(400):
        encoder.encode(picture(number, (32, 32)), force_keyframe=number == 7)
    keys = [number for number in range(400) if IDR in annex.units(number)]
    assert keys == [0, 7]
    assert SPS in annex.units(7)


def test_another_size_begins_anew() -> None:
    annex = Annex()
    encoder = H264Encoder(annex.pack, 30)
    encoder.encode(picture(0))
    encoder.encode(picture(1, (640, 360)))
    assert IDR in annex.units(1)


@pytest.mark.parametrize("bitrate_bps", [350_000, 2_500_000])
def test_a_new_bit_rate_is_kept(bitrate_bps: int) -> None:
    annex = Annex()
    encoder = H264Encoder(annex.pack, 30)
    encoder.encode(picture(0, noise=True))
    encoder.target_bitrate = round(bitrate_bps * 1.2)
    for number in range(1, 90):
        encoder.encode(picture(number, noise=True))
    sent_bps = 8 * sum(map(len, annex.pictures[30:])) / 2
    assert 0.6 * bitrate_bps < sent_bps < 1.3 * bitrate_bps


@pytest.mark.parametrize(
    ("current", "target", "expected"),
    [
        (1_000_000, 1_000_000, 1_000_000),
        (1_000_000, 1_700_000, 1_000_000),
        (1_000_000, 1_900_000, 1_600_000),
        (1_000_000, 9_000_000, 2_500_000),
        (1_000_000, 999_999, 600_000),
        (1_000_000, 1, 200_000),
        (200_000, 300_000, 200_000),
        (200_000, 403_000, 350_000),
    ],
)
def test_steps(current: int, target: int, expected: int) -> None:
    assert next_step_bps(current, target) == expected


def test_a_target_that_swings_around_a_step_makes_one_step_only() -> None:
    step = BITRATE_STEPS_BPS[3]
    steps = [step]
    for target in [step * 1.05, step * 0.95] * 20:
        steps.append(next_step_bps(steps[-1], round(target)))
    assert set(steps[3:]) == {BITRATE_STEPS_BPS[2]}


def test_rtp_payloads_fit_into_a_packet() -> None:
    encoder = H264Encoder(h264_packer(), 30)
    payloads, timestamp = encoder.encode(picture(3, (640, 480), noise=True), force_keyframe=True)
    assert len(payloads) > 3
    assert max(map(len, payloads)) <= 1300
    assert timestamp == 9000
