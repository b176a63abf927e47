"""libopus by ctypes, against real packets of PyAV's encoder."""

import ctypes
from collections.abc import Iterator

import av
import numpy as np
import pytest

from kiosk.errors import MediaError
from kiosk.frames import BLOCK_SAMPLES, level_dbfs
from kiosk.media import libopus
from kiosk.media.convert import block_to_av
from kiosk.media.libopus import OpusDecoder, has_fec, load, packet_samples

from .far_end import tone_block

BLOCKS = 40


def packets(bit_rate: int = 24_000, layout: str = "mono", blocks: int = BLOCKS, **options: str) -> list[bytes]:
    """A tone of 300 Hz."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.bit_rate = bit_rate
    encoder.format = "s16"
    encoder.layout = layout
    encoder.sample_rate = 48_000
    encoder.options = {"application": "voip", **options}
    resampler = av.AudioResampler(
        "s16", layout, 48_000, frame_size=round(float(options.get("frame_duration", 20)) * 48)
    )
    out: list[bytes] = []
    for number in range(blocks):
        for part in resampler.resample(block_to_av(tone_block(300, number), number * BLOCK_SAMPLES)):
            out += [bytes(packet) for packet in encoder.encode(part)]
    return out


@pytest.fixture(params=["Debian's", "PyAV's"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.param == "PyAV's":
        monkeypatch.setattr(libopus, "ctypes", _WithoutDebians())
    load.cache_clear()
    yield
    load.cache_clear()


class _WithoutDebians:
    """ctypes on a machine without libopus0."""

    def __init__(self, has_wheels: bool = True) -> None:
        self._has_wheels = has_wheels

    def __getattr__(self, name: str) -> object:
        return getattr(ctypes, name)

    def CDLL(self, name: str) -> ctypes.CDLL:
        if "/" not in name or not self._has_wheels:
            raise OSError(name)
        return ctypes.CDLL(name)


@pytest.mark.usefixtures("library")
def test_a_tone_comes_through() -> None:
    decoder = OpusDecoder()
    sound = [decoder.decode(packet, BLOCK_SAMPLES) for packet in packets()]
    assert {len(part) for part in sound} == {BLOCK_SAMPLES}
    heard = np.concatenate(sound[10:])
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert np.argmax(spectrum) * 48_000 / len(heard) == pytest.approx(300, abs=5)
    assert level_dbfs(heard.tobytes()) == pytest.approx(level_dbfs(tone_block(300, 1)), abs=1.5)


def test_two_channels_are_interleaved() -> None:
    assert len(OpusDecoder(channels=2).decode(packets(layout="stereo")[0])) == 2 * BLOCK_SAMPLES


def test_what_is_missing_is_made_up_and_fades() -> None:
    decoder = OpusDecoder()
    for packet in packets()[:20]:
        decoder.decode(packet)
    made_up = [level_dbfs(decoder.conceal(BLOCK_SAMPLES).tobytes()) for _ in range(30)]
    assert made_up[0] > -25
    assert made_up[-1] < -50


def test_error_correction_brings_back_what_was_lost() -> None:
    said = packets(fec="1", packet_loss="20")
    carrying = [number for number, packet in enumerate(said) if has_fec(packet)]
    assert len(carrying) > BLOCKS // 2
    lost = carrying[10] - 1
    whole, patched = OpusDecoder(), OpusDecoder()
    for packet in said[:lost]:
        whole.decode(packet)
        patched.decode(packet)
    expected = whole.decode(said[lost]).astype(float)
    got = patched.decode_fec(said[lost + 1], BLOCK_SAMPLES).astype(float)
    assert np.corrcoef(expected, got)[0, 1] > 0.9


def test_no_copy_is_told_where_there_is_none() -> None:
    assert not any(has_fec(packet) for packet in packets())
    assert not any(has_fec(packet) for packet in packets(bit_rate=128_000))
    assert not has_fec(b"")
    assert not has_fec(bytes([0x03]))


@pytest.mark.parametrize("frame_ms", ["2.5", "5", "10", "20", "40", "60"])
def test_the_length_of_a_packet_is_read_from_its_first_byte(frame_ms: str) -> None:
    lengths = {packet_samples(packet) for packet in packets(frame_duration=frame_ms)}
    assert lengths == {round(float(frame_ms) * 48)}


def test_the_length_agrees_with_the_library_for_every_first_byte() -> None:
    for toc in range(256):
        for count in (0, 1, 2, 3, 6, 48, 63):
            payload = bytes([toc, count, 0, 0])
            expected = load().opus_packet_get_nb_samples(payload, len(payload), 48_000)
            assert packet_samples(payload) == max(0, expected)
    assert packet_samples(b"") == 0
    assert packet_samples(bytes([0xFF])) == 0


def test_what_is_no_packet_is_refused() -> None:
    decoder = OpusDecoder()
    with pytest.raises(MediaError, match="no Opus"):
        decoder.decode(bytes([0xFF, 0xFF, 0xFF]))
    with pytest.raises(MediaError, match="no Opus"):
        decoder.decode(packets(frame_duration="60")[0], BLOCK_SAMPLES)
    assert len(decoder.decode(packets()[0])) == BLOCK_SAMPLES


def test_a_machine_without_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libopus, "ctypes", _WithoutDebians(has_wheels=False))
    load.cache_clear()
    try:
        with pytest.raises(MediaError, match="libopus0"):
            OpusDecoder()
    finally:
        load.cache_clear()
