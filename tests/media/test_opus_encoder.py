"""The voice as it is encoded: what a decoder hears of it, and of a packet that was lost."""

import functools

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.devices.microphone.voice import block_of, speech
from kiosk.frames import BLOCK_S, BLOCK_SAMPLES, SILENCE
from kiosk.media.libopus import OpusDecoder, has_fec, packet_samples
from kiosk.media.sound_out.opus_encoder import BITRATE_BPS, LOSS_AT_LEAST_PERCENT, LOSS_AT_MOST_PERCENT, OpusEncoder

BLOCKS = 150
DELAY_SAMPLES = 312
"""libopus looks ahead 6.5 ms at 48 kHz in this application (OPUS_GET_LOOKAHEAD)."""


@functools.cache
def spoken() -> list[bytes]:
    voice = speech()
    return [block_of(voice, number) for number in range(BLOCKS)]


def snr_db(said: NDArray[np.int16], heard: NDArray[np.int16]) -> float:
    noise = heard.astype(float) - said
    return float(10 * np.log10(np.sum(said.astype(float) ** 2) / np.sum(noise**2)))


def test_a_decoder_hears_what_was_said() -> None:
    encoder, decoder = OpusEncoder(), OpusDecoder()
    payloads = [encoder.encode(block) for block in spoken()]
    heard = np.concatenate([decoder.decode(payload) for payload in payloads])
    said = np.frombuffer(b"".join(spoken()), "<i2")
    assert len(heard) == len(said)
    assert snr_db(said[:-DELAY_SAMPLES], heard[DELAY_SAMPLES:]) > 6
    assert {packet_samples(payload) for payload in payloads} == {BLOCK_SAMPLES}
    assert all(payload[0] & 4 == 0 for payload in payloads), "mono (RFC 6716, 3.1)"


def test_the_bit_rate_is_kept() -> None:
    encoder = OpusEncoder()
    sizes = [len(encoder.encode(block)) for block in spoken()]
    assert 0.5 * BITRATE_BPS < sum(sizes) * 8 / (BLOCKS * BLOCK_S) < 1.1 * BITRATE_BPS


def test_silence_is_sent_all_the_same() -> None:
    encoder = OpusEncoder()
    assert min(len(encoder.encode(SILENCE)) for _ in range(100)) > 2, "one or two bytes are DTX"


@pytest.mark.parametrize(("loss_percent", "copied"), [(0, False), (1, True), (20, True)])
def test_a_copy_of_the_packet_before_is_there_when_loss_is_expected(loss_percent: int, copied: bool) -> None:
    encoder = OpusEncoder()
    encoder.expect_loss(loss_percent)
    voiced = [has_fec(encoder.encode(block)) for block in spoken()[:100]]
    assert (sum(voiced) > 30) is copied
    assert copied or not any(voiced)


def test_a_lost_packet_is_heard_from_the_copy_in_the_next_one() -> None:
    encoder = OpusEncoder()
    encoder.expect_loss(10)
    blocks = spoken()[:60]
    payloads = [encoder.encode(block) for block in blocks]
    said = np.frombuffer(b"".join(blocks), "<i2")

    def heard(with_copy: bool) -> float:
        """SNR of the lost blocks alone."""
        decoder = OpusDecoder()
        parts, lost = [], range(3, 60, 6)
        for number, payload in enumerate(payloads):
            if number not in lost:
                parts.append(decoder.decode(payload))
            elif with_copy:
                parts.append(decoder.decode_fec(payloads[number + 1], BLOCK_SAMPLES))
            else:
                parts.append(decoder.conceal(BLOCK_SAMPLES))
        sound = np.concatenate(parts)
        at = np.concatenate([np.arange(n * BLOCK_SAMPLES, (n + 1) * BLOCK_SAMPLES) for n in lost])
        return snr_db(said[at], sound[at + DELAY_SAMPLES])

    assert heard(with_copy=True) > heard(with_copy=False) + 3


def test_loss_is_bounded_and_can_end() -> None:
    encoder = OpusEncoder()
    seen = []
    for percent in (-3.0, 100.0, 17.4, 1.0, 0.0):
        encoder.expect_loss(percent)
        seen.append(encoder.expected_loss_percent)
    assert seen == [0, LOSS_AT_MOST_PERCENT, 17, LOSS_AT_LEAST_PERCENT, 0]
    assert not any(has_fec(encoder.encode(block)) for block in spoken()[:50])


@pytest.mark.parametrize("wrong", [b"", SILENCE[:-2], SILENCE * 2])
def test_anything_but_20_ms_is_refused(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="1920 bytes"):
        OpusEncoder().encode(wrong)
