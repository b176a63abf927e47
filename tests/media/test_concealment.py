"""A voice by libopus over lossy paths: what is heard against what was said."""

from collections.abc import Callable
from functools import cache

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.frames import BLOCK_SAMPLES, SILENCE, level_dbfs
from kiosk.media.libopus import OpusDecoder, Samples
from kiosk.media.sound_in.decoders import open_decoder
from kiosk.media.sound_in.packet import Packet

from .traces import Heard, jitter, packets, play, random_loss, said, snr_db

SECONDS = 40.0
SETTLED = 500 * BLOCK_SAMPLES
"""10 s, until the buffer knows that packets are lost."""
voice = cache(said)


def over(is_lost: Callable[[int], bool], loss_percent: float, delay_s: Callable[[int], float] = lambda _: 0.0) -> Heard:
    _, payloads = voice(SECONDS, loss_percent)
    stream = packets(SECONDS, is_lost=is_lost, delay_s=delay_s, payloads=payloads.__getitem__)
    return play(stream, SECONDS, open_decoder=open_decoder)


def placed(heard: Heard, reference: Samples) -> Samples:
    """What was heard, each block at the time when it was said."""
    sound = np.zeros_like(reference)
    for block, position in zip(heard.blocks, heard.positions, strict=True):
        if position is not None and 0 <= position <= len(reference) - BLOCK_SAMPLES:
            sound[position : position + BLOCK_SAMPLES] = np.frombuffer(block, np.int16)
    return sound[SETTLED:-BLOCK_SAMPLES]


def with_holes(payloads: list[bytes], is_lost: Callable[[int], bool]) -> Samples:
    """What a player gives that has only silence for a lost packet."""
    decoder = OpusDecoder()
    silence = np.zeros(BLOCK_SAMPLES, np.int16)
    parts = [silence if is_lost(number) else decoder.decode(payload) for number, payload in enumerate(payloads)]
    return np.concatenate(parts)


def spectral_error_db(reference: Samples, got: Samples, is_lost: Callable[[int], bool]) -> float:
    """How far the spectra of lost syllables are from what they should be, in the mean over 20 ms and 15 bands up to
    8 kHz; unlike SNR it does not ask for the same phase. What is quieter than -60 dBFS counts as that."""
    blocks = [
        number
        for number in range(len(reference) // BLOCK_SAMPLES)
        if is_lost(number + SETTLED // BLOCK_SAMPLES)
        and level_dbfs(reference[number * BLOCK_SAMPLES : (number + 1) * BLOCK_SAMPLES].tobytes()) > -30
    ]

    def levels(sound: Samples) -> NDArray[np.float64]:
        lost = np.stack([sound[number * BLOCK_SAMPLES : (number + 1) * BLOCK_SAMPLES] for number in blocks]) / 32768.0
        power = np.abs(np.fft.rfft(lost * np.hanning(BLOCK_SAMPLES), axis=1)) ** 2 / BLOCK_SAMPLES**2 * 16 / 3
        bands = np.add.reduceat(power[:, :160], np.unique(np.geomspace(2, 160, 16).astype(int))[:-1], axis=1)
        decibels: NDArray[np.float64] = 10 * np.log10(np.maximum(bands, 1e-6))
        return decibels

    return float(np.mean(np.abs(levels(reference) - levels(got))))


def test_without_loss_every_sample_is_as_the_decoder_gives_it() -> None:
    reference, _ = voice(SECONDS, 10)
    heard = placed(over(lambda _: False, 10), reference)
    assert snr_db(reference[SETTLED:-BLOCK_SAMPLES], heard) > 90


@pytest.mark.parametrize("percent", [2, 5, 10])
def test_copies_are_much_better_than_silence(percent: int) -> None:
    reference, payloads = voice(SECONDS, 10)
    is_lost = random_loss(percent / 100, seed=percent)
    heard = over(is_lost, 10)
    said_then = reference[SETTLED:-BLOCK_SAMPLES]
    ours_db = snr_db(said_then, placed(heard, reference))
    holes_db = snr_db(said_then, with_holes(payloads, is_lost)[SETTLED:-BLOCK_SAMPLES])
    print(f"{percent} %: SNR {ours_db:.1f} dB, with silence {holes_db:.1f}; copies {heard.figures.fec_share:.3f}")
    assert ours_db > holes_db + 4
    assert heard.figures.fec_share > percent / 100 / 4
    assert np.max(heard.delays_ms) < 60


@pytest.mark.parametrize("percent", [2, 5, 10])
def test_what_the_decoder_makes_up_sounds_more_like_it_than_silence(percent: int) -> None:
    reference, payloads = voice(SECONDS, 0)
    is_lost = random_loss(percent / 100, seed=percent)
    heard = over(is_lost, 0)
    said_then = reference[SETTLED:-BLOCK_SAMPLES]
    ours_db = spectral_error_db(said_then, placed(heard, reference), is_lost)
    holes_db = spectral_error_db(said_then, with_holes(payloads, is_lost)[SETTLED:-BLOCK_SAMPLES], is_lost)
    print(f"{percent} %: {ours_db:.1f} dB off, with silence {holes_db:.1f}")
    assert ours_db < holes_db / 2
    assert np.max(heard.delays_ms) < 40
    assert heard.figures.concealed_share == pytest.approx(percent / 100, abs=0.02)


@pytest.mark.parametrize("percent", [0, 10])
def test_no_click_is_heard_where_something_was_lost(percent: int) -> None:
    reference, _ = voice(SECONDS, percent)
    heard = over(random_loss(0.1), percent)
    sharpest = np.max(np.abs(np.diff(reference.astype(np.int32), 2)))
    assert np.max(np.abs(np.diff(heard.sound.astype(np.int32), 2))) < 1.5 * sharpest


def test_the_voice_of_a_stretched_stream_keeps_its_level_and_has_no_clicks() -> None:
    reference, payloads = voice(32, 0)
    uneven = jitter(0.12)
    stream = packets(
        32, delay_s=lambda number: uneven(number) if 50 < number < 300 else 0.0, payloads=payloads.__getitem__
    )
    heard = play(stream, 32, open_decoder=open_decoder)
    assert heard.figures.stretched_share > 0.002
    steepest = np.max(np.abs(np.diff(reference.astype(np.int32))))
    assert np.max(np.abs(np.diff(heard.sound.astype(np.int32)))) < 1.3 * steepest
    assert level_dbfs(heard.sound[48_000:].tobytes()) == pytest.approx(level_dbfs(reference[48_000:].tobytes()), abs=1)


def test_a_pause_of_the_sender_is_bridged_by_its_noise_and_not_by_a_hole() -> None:
    # As libopus sends with DTX: a packet of one byte, then one every 400 ms.
    _, payloads = voice(SECONDS, 0)
    pause = range(300, 420)

    def payload(number: int) -> bytes:
        return payloads[number][:1] if number in pause else payloads[number]

    stream = packets(
        SECONDS, is_lost=lambda number: number in pause and (number - pause.start) % 20 != 0, payloads=payload
    )
    # What is left out was never sent: the sequence numbers go on.
    stream = [packet._replace(sequence=number % 65536) for number, packet in enumerate(stream)]
    heard = play(stream, SECONDS, open_decoder=open_decoder)
    figures = heard.figures
    assert (figures.concealed_share, figures.lost_packets) == (0.0, 0)
    assert heard.delays_ms[-1] < 40


def telephone(codec: str, encoder_name: str, rate_hz: int) -> list[Packet]:
    """Five seconds of 400 Hz, by PyAV's encoders."""
    encoder = av.CodecContext.create(encoder_name, "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = rate_hz, "mono", "s16"
    stream = packets(5, payloads=lambda _: b"")
    payload = bytearray()
    for number in range(len(stream)):
        at = np.arange(rate_hz // 50) + number * rate_hz // 50
        wave = (8000 * np.sin(2 * np.pi * 400 * at / rate_hz)).astype(np.int16)
        sound = av.AudioFrame.from_ndarray(wave.reshape(1, -1), "s16", "mono")
        sound.sample_rate, sound.pts = rate_hz, int(at[0])
        for packet in encoder.encode(sound):
            payload += bytes(packet)
    return [
        packet._replace(
            codec=codec,
            clock_hz=8000,
            timestamp=number * 160,
            payload=bytes(payload[number * 160 : number * 160 + 160]),
        )
        for number, packet in enumerate(stream)
        if len(payload) >= number * 160 + 160
    ]


@pytest.mark.parametrize(
    ("codec", "encoder", "rate_hz"),
    [("PCMU", "pcm_mulaw", 8000), ("PCMA", "pcm_alaw", 8000), ("G722", "g722", 16_000)],
)
def test_telephone_codecs_go_the_same_way(codec: str, encoder: str, rate_hz: int) -> None:
    stream = [packet for packet in telephone(codec, encoder, rate_hz) if packet.sequence % 20 != 7]
    heard = play(stream, 5, open_decoder=open_decoder)
    sound = heard.sound[48_000 : 4 * 48_000]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    assert np.argmax(spectrum) / 3 == pytest.approx(400, abs=2)
    assert level_dbfs(sound.tobytes()) == pytest.approx(-15.3, abs=0.7)
    assert SILENCE not in heard.blocks[20:-5]
    assert heard.figures.concealed_share == pytest.approx(0.05, abs=0.01)
    assert np.max(heard.delays_ms) < 40
