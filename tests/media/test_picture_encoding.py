"""From the camera's slot to RTP payloads."""

import dataclasses
import itertools
import threading
import time
from collections.abc import Callable

import av
import numpy as np
import pytest

from kiosk.coded import Coder
from kiosk.frames import VideoFrame
from kiosk.latest import Latest
from kiosk.media.convert import from_av
from kiosk.media.picture_out.encoder import EncodedPicture, Encoder, Order
from kiosk.media.picture_out.encoding import Encoding
from kiosk.media.picture_out.payloads import LARGEST, cut_h264, cut_vp8, is_h264_key, is_vp8_key, units
from kiosk.media.picture_out.vp8 import Vp8Encoder, threads_for
from kiosk.media.picture_out.x264 import X264Encoder
from kiosk.media.steering import Steering

from .far_end import GREEN, flat_frame

SIZE = (320, 240)
ORDER = Order(*SIZE, 30, 400_000)
CODECS = ["VP8", "H264"]
ENCODERS: dict[str, Callable[[], Encoder]] = {"VP8": Vp8Encoder, "H264": X264Encoder}
IS_KEY = {"VP8": is_vp8_key, "H264": is_h264_key}


def scene(number: int, size: tuple[int, int] = SIZE) -> VideoFrame:
    """A patterned room that sways, with a sensor's noise."""
    width, height = size
    y, x = np.indices((height, width))
    sway = 6 * np.sin(number / 5)
    pattern = 128 + 50 * np.sin((x + sway) / 9) + 40 * np.cos((y + 2 * sway) / 7)
    noisy = pattern + np.random.default_rng(number).normal(0, 3, (height, width))
    frame = flat_frame(*GREEN, size)
    return dataclasses.replace(frame, y=noisy.clip(16, 235).astype(np.uint8), captured_at_s=number / 30)


def decoded(codec: str, pictures: list[bytes]) -> list[VideoFrame]:
    decoder = av.CodecContext.create(codec.lower(), "r")
    assert isinstance(decoder, av.VideoCodecContext)
    shown = [frame for data in pictures if data for frame in decoder.decode(av.Packet(data))] + decoder.decode(None)
    return [from_av(frame, 0.0) for frame in shown if isinstance(frame, av.VideoFrame)]


def psnr_db(sent: VideoFrame, seen: VideoFrame) -> float:
    error = float(np.square(sent.y.astype(float) - seen.y).mean())
    return float(10 * np.log10(255**2 / max(error, 1e-3)))


@pytest.mark.parametrize("codec", CODECS)
def test_each_picture_comes_out_at_once_and_decodes_to_itself(codec: str) -> None:
    encoder = ENCODERS[codec]()
    order = dataclasses.replace(ORDER, bitrate_bps=1_500_000)
    sent = [scene(number) for number in range(8)]
    seen = decoded(codec, [encoder.encode(frame, SIZE, order, key=False) for frame in sent])
    encoder.close()
    encoder.close()
    assert len(seen) == 8
    assert psnr_db(sent[-1], seen[-1]) > 30
    assert (float(seen[-1].u.mean()), float(seen[-1].v.mean())) == pytest.approx(GREEN[1:], abs=2)


@pytest.mark.parametrize("codec", CODECS)
def test_a_rate_is_followed_up_and_down_without_a_key_frame(codec: str) -> None:
    encoder = ENCODERS[codec]()
    numbers = itertools.count()
    keys = []
    for bitrate_bps in (800_000, 250_000, 500_000, 800_000):
        order = dataclasses.replace(ORDER, bitrate_bps=bitrate_bps)
        sizes = []
        for _ in range(75):
            data = encoder.encode(scene(next(numbers) % 60), SIZE, order, key=False)
            keys.append(IS_KEY[codec](data))
            sizes.append(len(data))
        assert 0.7 * bitrate_bps < sum(sizes[30:]) * 8 * 30 / 45 < 1.25 * bitrate_bps, bitrate_bps
    encoder.close()
    assert keys.index(True) == 0
    assert sum(keys) == 1


@pytest.mark.parametrize("codec", CODECS)
def test_key_frames_come_on_request_at_once_and_are_small_at_a_low_rate(codec: str) -> None:
    encoder = ENCODERS[codec]()
    order = dataclasses.replace(ORDER, bitrate_bps=300_000)
    pictures = [encoder.encode(scene(number), SIZE, order, key=number == 40) for number in range(50)]
    encoder.close()
    assert [number for number, data in enumerate(pictures) if IS_KEY[codec](data)] == [0, 40]
    assert len(pictures[40]) < 16_000
    seen = decoded(codec, pictures[40:])
    assert len(seen) == sum(map(bool, pictures[40:]))


@pytest.mark.parametrize("codec", CODECS)
def test_another_size_begins_with_a_key_frame_and_a_slow_camera_gets_its_rate(codec: str) -> None:
    encoder = ENCODERS[codec]()
    encoder.encode(scene(0), SIZE, ORDER, key=False)
    assert IS_KEY[codec](encoder.encode(scene(1), (160, 120), ORDER, key=False))
    slow = dataclasses.replace(ORDER, fps=10, bitrate_bps=200_000)
    sizes = [len(encoder.encode(scene(3 * number), SIZE, slow, key=False)) for number in range(40)]
    encoder.close()
    assert 0.6 * 200_000 < sum(sizes[10:]) * 8 * 10 / 30 < 1.3 * 200_000


def test_a_small_picture_or_board_gets_one_thread() -> None:
    assert [threads_for(*size, cores) for size, cores in (((640, 480), 4), ((1280, 720), 2), ((1280, 720), 4))] == [
        1,
        1,
        2,
    ]


class Rig:
    """An encoder's thread with a camera's slot before it and a list behind."""

    def __init__(self, codec: str, order: Order = ORDER) -> None:
        self.slot: Latest[VideoFrame] = Latest()
        self.steering = Steering()
        self.behind = False
        self.coder: Coder | None = None
        self.pictures: list[EncodedPicture] = []
        self.failures: list[Exception] = []
        self._came = threading.Event()
        self.encoding = Encoding(
            codec,
            self.slot,
            self.steering,
            order,
            coder=lambda: self.coder,
            is_behind=lambda: self.behind,
            deliver=self._deliver,
            failed=self._fail,
        )
        self.encoding.start()

    def _deliver(self, picture: EncodedPicture) -> None:
        self.pictures.append(picture)
        self._came.set()

    def _fail(self, error: Exception) -> None:
        self.failures.append(error)
        self._came.set()

    def put(self, frame: VideoFrame) -> None:
        """Put it and wait for what comes of it."""
        self._came.clear()
        self.slot.put(frame)
        self.encoding.wake()
        assert self._came.wait(5)

    def __enter__(self) -> "Rig":
        return self

    def __exit__(self, *_: object) -> None:
        self.encoding.stop()
        self.encoding.stop()


@pytest.mark.parametrize(
    ("size", "expected"), [((320, 240), (320, 240)), ((1280, 720), (320, 180)), ((161, 121), (160, 120))]
)
@pytest.mark.parametrize("codec", CODECS)
def test_a_picture_is_made_to_fit(codec: str, size: tuple[int, int], expected: tuple[int, int]) -> None:
    with Rig(codec) as rig:
        rig.put(flat_frame(*GREEN, size))
    (picture,) = rig.pictures
    assert (picture.width, picture.height) == expected
    assert picture.is_key


@pytest.mark.parametrize("size", [(320, 240), (161, 121), (640, 480)])
def test_a_steered_picture_shows_a_part_in_the_size_of_the_whole(size: tuple[int, int]) -> None:
    whole = flat_frame(100, 110, 120, size)
    whole.y[:, : size[0] // 2] = 200
    with Rig("H264", dataclasses.replace(ORDER, bitrate_bps=3_000_000)) as rig:
        for number, order in enumerate([(0, 0, 0), (-1, 0, 1), (1, 0, 0)]):
            # Ordered long ago: by now it is done.
            rig.steering.steer(*order, 3.0, time.monotonic() - 10)
            rig.put(dataclasses.replace(whole, captured_at_s=float(number)))
    assert len({(picture.width, picture.height) for picture in rig.pictures}) == 1
    seen = decoded("H264", [b"".join(b"\0\0\1" + part for part in joined(picture)) for picture in rig.pictures])
    assert [float(frame.y.mean()) for frame in seen] == pytest.approx([150, 200, 100], abs=5)


def joined(picture: EncodedPicture) -> list[bytes]:
    """NAL units put together again from RTP payloads."""
    found: list[bytes] = []
    for payload in picture.payloads:
        if payload[0] & 0x1F == 24:
            at = 1
            while at < len(payload):
                length = int.from_bytes(payload[at : at + 2], "big")
                found.append(payload[at + 2 : at + 2 + length])
                at += 2 + length
        elif payload[0] & 0x1F == 28:
            if payload[1] & 0x80:
                found.append(bytes([payload[0] & 0xE0 | payload[1] & 0x1F]))
            found[-1] += payload[2:]
        else:
            found.append(payload)
    return found


def test_nothing_is_coded_while_the_line_is_behind() -> None:
    with Rig("H264") as rig:
        rig.put(scene(0))
        rig.behind = True
        rig.slot.put(scene(1))
        rig.encoding.wake()
        while not rig.encoding.dropped:
            time.sleep(0.001)
        rig.behind = False
        rig.put(scene(2))
    assert [picture.is_key for picture in rig.pictures] == [True, False]


def test_a_codec_that_fails_says_so() -> None:
    with Rig("VP8", dataclasses.replace(ORDER, width=20_000, height=20_000)) as rig:
        rig.put(flat_frame(*GREEN, (17_000, 2)))
    assert not rig.pictures
    assert "libvpx" in str(rig.failures[0])


@pytest.mark.parametrize("length", [1, 2, 1155, 1156, 1157, 2312, 2313, 50_000])
def test_vp8_payloads(length: int) -> None:
    data = np.random.default_rng(length).bytes(length)
    payloads = cut_vp8(data, 0x1234)
    assert max(map(len, payloads)) <= LARGEST
    assert len(payloads) == -(-length // (LARGEST - 4))
    assert [payload[0] for payload in payloads] == [0x90] + [0x80] * (len(payloads) - 1)
    assert {payload[1:4] for payload in payloads} == {b"\x80\x92\x34"}
    assert b"".join(payload[4:] for payload in payloads) == data


@pytest.mark.parametrize("lengths", [[10], [10, 4, 3000], [LARGEST], [LARGEST + 1], [500, 500, 500], [5000, 20, 5000]])
def test_h264_payloads(lengths: list[int]) -> None:
    parts = [
        bytes([0x65]) + np.random.default_rng(length).integers(1, 255, length - 1, np.uint8).tobytes()
        for length in lengths
    ]
    note = b"\0\0\0\1\x06\x05abc\x80"
    picture = note + b"".join(b"\0\0\0\1" + part for part in parts)
    payloads = cut_h264(picture)
    assert max(map(len, payloads)) <= LARGEST
    assert joined(EncodedPicture(payloads, 0.0, True, 2, 2, 0.0)) == parts
    assert list(units(picture))[1:] == parts
    assert is_h264_key(picture)
