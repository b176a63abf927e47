"""Packets of sound on simulated paths, played by a simulated loudspeaker: hours in seconds."""

import random
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from kiosk.devices.microphone.voice import speech
from kiosk.errors import MediaError
from kiosk.frames import BLOCK_S, BLOCK_SAMPLES, SAMPLE_RATE_HZ
from kiosk.media.libopus import OpusDecoder, Samples
from kiosk.media.sound_in import Packet, SoundIn, SoundInFigures
from kiosk.media.sound_in.decoders import Decoder
from kiosk.media.sound_out.opus_encoder import OpusEncoder

BEGIN_S = 1000.0
"""Where simulated clocks begin: a monotonic clock is never at 0."""
TONE_HZ = 200.0
PATH_S = 0.03


def tone(begin: int, samples: int) -> Samples:
    """Of an endless tone; no packet begins at 0."""
    at = np.arange(begin, begin + samples)
    sound: Samples = (8000 * np.sin(2 * np.pi * TONE_HZ / SAMPLE_RATE_HZ * at + 1.0)).astype(np.int16)
    return sound


class ToneDecoder:
    """A payload says at which sample of the tone it begins and how long it is; all else is as with Opus."""

    def __init__(self) -> None:
        self._next = 0
        self.decoded: list[int] = []

    @staticmethod
    def payload(begin: int, samples: int) -> bytes:
        return struct.pack("<qi", begin, samples)

    def samples(self, payload: bytes) -> int:
        if len(payload) != 12:
            return 0
        return max(0, min(5760, int(struct.unpack("<qi", payload)[1])))

    def decode(self, payload: bytes) -> Samples:
        begin, samples = struct.unpack("<qi", payload)
        if begin < 0:
            raise MediaError("no tone")
        self.decoded.append(begin)
        self._next = begin + samples
        return tone(begin, samples)

    def conceal(self, samples: int) -> Samples:
        self._next += samples
        return tone(self._next - samples, samples)

    def recover(self, next_payload: bytes, samples: int) -> Samples:
        return self.conceal(samples)

    def has_copy(self, payload: bytes) -> bool:
        return True

    def is_pause(self, payload: bytes) -> bool:
        return False


def packets(
    seconds: float,
    *,
    packet_ms: int = 20,
    delay_s: Callable[[int], float] = lambda _: 0.0,
    is_lost: Callable[[int], bool] = lambda _: False,
    drift_ppm: float = 0.0,
    sequence: int = 0,
    timestamp: int = 0,
    in_order: bool = False,
    begin_s: float = BEGIN_S,
    payloads: Callable[[int], bytes] | None = None,
    ssrc: int = 1,
) -> list[Packet]:
    """A stream as it arrives; `delay_s` is what the path adds to each packet by its number. Sorted by arrival."""
    samples = packet_ms * SAMPLE_RATE_HZ // 1000
    made = []
    newest_s = 0.0
    for number in range(round(seconds * 1000 / packet_ms)):
        if is_lost(number):
            continue
        sent_s = begin_s + (number + 1) * packet_ms / 1000 / (1 + drift_ppm * 1e-6)
        arrived_s = sent_s + PATH_S + delay_s(number)
        newest_s = max(newest_s, arrived_s)
        made.append(
            Packet(
                "opus",
                SAMPLE_RATE_HZ,
                ssrc,
                (sequence + number) % 65536,
                (timestamp + number * samples) % 2**32,
                payloads(number) if payloads else ToneDecoder.payload(number * samples, samples),
                newest_s if in_order else arrived_s,
            )
        )
    return sorted(made, key=lambda packet: packet.arrived_at_s)


def said(seconds: float, loss_percent: float = 0.0) -> tuple[Samples, list[bytes]]:
    """A voice, as a decoder gives it back when nothing is lost, and its packets of 20 ms. For more than 0 % of loss
    these hold copies."""
    voice = np.resize(speech(), round(seconds * SAMPLE_RATE_HZ))
    encoder, decoder = OpusEncoder(), OpusDecoder()
    encoder.expect_loss(loss_percent)
    blocks = [
        voice[at : at + BLOCK_SAMPLES].tobytes() for at in range(0, len(voice) - BLOCK_SAMPLES + 1, BLOCK_SAMPLES)
    ]
    payloads = [encoder.encode(block) for block in blocks]
    return np.concatenate([decoder.decode(payload) for payload in payloads]), payloads


def snr_db(reference: Samples, got: Samples) -> float:
    """How much louder the sound is than what is wrong with it."""
    wrong = got.astype(np.float64) - reference
    return float(10 * np.log10(np.sum(reference.astype(np.float64) ** 2) / max(1.0, np.sum(wrong**2))))


def random_loss(share: float, seed: int = 1) -> Callable[[int], bool]:
    """Independent of each other."""
    chance = random.Random(seed)
    lost = [chance.random() < share for _ in range(200_000)]
    return lambda number: lost[number % len(lost)]


def bursts(begin: float = 0.01, end: float = 0.3, seed: int = 1) -> Callable[[int], bool]:
    """Gilbert's model: a burst begins and ends with these chances at each packet."""
    chance = random.Random(seed)
    lost, is_bad = [], False
    for _ in range(200_000):
        is_bad = chance.random() >= end if is_bad else chance.random() < begin
        lost.append(is_bad)
    return lambda number: lost[number % len(lost)]


def jitter(most_s: float, seed: int = 1) -> Callable[[int], float]:
    """Even between 0 and that."""
    chance = random.Random(seed)
    delays_s = [chance.uniform(0.0, most_s) for _ in range(100_000)]
    return lambda number: delays_s[number % len(delays_s)]


@dataclass
class Heard:
    """What a loudspeaker got."""

    sound_in: SoundIn
    blocks: list[bytes] = field(default_factory=list)
    delays_ms: list[float] = field(default_factory=list)
    """For each block with sound: from the arrival on a path without jitter to the loudspeaker's asking."""
    times_s: list[float] = field(default_factory=list)
    positions: list[int | None] = field(default_factory=list)
    """For each block: the timestamp of its first sample."""

    @property
    def sound(self) -> Samples:
        return np.frombuffer(b"".join(self.blocks), np.int16)

    @property
    def figures(self) -> SoundInFigures:
        return self.sound_in.figures()


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now_s = BEGIN_S

    def __call__(self) -> float:
        return self.now_s


def play(
    arriving: Sequence[Packet],
    seconds: float,
    *,
    phase_s: float = 0.007,
    late_s: Callable[[int], float] = lambda _: 0.0,
    card_ppm: float = 0.0,
    open_decoder: Callable[[str], Decoder | None] = lambda _: ToneDecoder(),
    timestamp: int = 0,
    is_open: Callable[[float], bool] = lambda _: True,
    keep: bool = True,
) -> Heard:
    """Ask for blocks at the card's pace, `late_s` later than due by the block's number, while packets arrive."""
    clock = Clock()
    heard = Heard(SoundIn(clock, open_decoder))
    arrived = 0
    laps: int | None = None
    """How often the timestamps had begun anew before the first packet that came through: it counts from there."""
    for number, now_s in enumerate(_pulls(seconds, phase_s, card_ppm)):
        clock.now_s = now_s + late_s(number)
        while arrived < len(arriving) and arriving[arrived].arrived_at_s <= clock.now_s:
            heard.sound_in.insert(arriving[arrived])
            arrived += 1
        if not is_open(clock.now_s - BEGIN_S):
            continue
        block = heard.sound_in.next_block()
        if keep:
            heard.blocks.append(block)
            heard.times_s.append(clock.now_s - BEGIN_S)
        leaving = heard.sound_in.heard()
        if keep:
            heard.positions.append(leaving[0] if leaving else None)
        if leaving is not None:
            if laps is None:
                laps = round((timestamp - leaving[0]) / 2**32)
            said_at_s = BEGIN_S + 0.02 + (leaving[0] + laps * 2**32 - timestamp) / SAMPLE_RATE_HZ
            heard.delays_ms.append((clock.now_s - said_at_s - PATH_S) * 1000)
    return heard


def _pulls(seconds: float, phase_s: float, card_ppm: float) -> Iterator[float]:
    step_s = BLOCK_S / (1 + card_ppm * 1e-6)
    for number in range(round(seconds / BLOCK_S)):
        yield BEGIN_S + phase_s + number * step_s
