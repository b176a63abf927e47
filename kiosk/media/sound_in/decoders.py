"""From payloads to samples, 16 bit, mono, 48 kHz: Opus by libopus, and what telephones speak."""

from collections.abc import Callable
from typing import Final, Protocol

import av
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from kiosk.errors import MediaError
from kiosk.media import libopus
from kiosk.media.libopus import OpusDecoder, Samples
from kiosk.media.sound_in import stretch

DTX_BYTES: Final = 2
"""A payload this short says "nothing but the room's noise" (RFC 6716, 2.1.9; libopus)."""


class Decoder(Protocol):
    """One stream's, in the order of playing. One thread."""

    def samples(self, payload: bytes) -> int:
        """How many samples `decode` will give; 0 for what is no packet. Touches no state."""

    def decode(self, payload: bytes) -> Samples:
        """Raises MediaError for what cannot be decoded."""

    def conceal(self, samples: int) -> Samples:
        """So many samples (a multiple of 480) made up from what was before."""

    def recover(self, next_payload: bytes, samples: int) -> Samples:
        """The samples before the next packet, from the copy in it."""

    def has_copy(self, payload: bytes) -> bool:
        """Whether `recover` has something to work with."""

    def is_pause(self, payload: bytes) -> bool:
        """Whether the sender says by this packet that it will now fall silent."""


class Opus:
    """RFC 7587."""

    def __init__(self) -> None:
        self._decoder = OpusDecoder()

    def samples(self, payload: bytes) -> int:
        return libopus.packet_samples(payload)

    def decode(self, payload: bytes) -> Samples:
        return self._decoder.decode(payload)

    def conceal(self, samples: int) -> Samples:
        return self._decoder.conceal(samples)

    def recover(self, next_payload: bytes, samples: int) -> Samples:
        return self._decoder.decode_fec(next_payload, samples)

    def has_copy(self, payload: bytes) -> bool:
        return libopus.has_fec(payload)

    def is_pause(self, payload: bytes) -> bool:
        return len(payload) <= DTX_BYTES


class Telephone:
    """G.711 and G.722 (RFC 3551): every byte is six samples at 48 kHz. What is lost is the last period again."""

    def __init__(self, expand: Callable[[bytes], Samples], factor: int) -> None:
        self._expand = expand
        self._upsampler = _Upsampler(factor)
        self._before = np.zeros(stretch.LONGEST + stretch.COMPARED, np.int16)

    def samples(self, payload: bytes) -> int:
        samples = 6 * len(payload)
        return samples if samples <= libopus.LONGEST_PACKET_SAMPLES else 0

    def decode(self, payload: bytes) -> Samples:
        return self._remembered(self._upsampler.upsampled(self._expand(payload)))

    def conceal(self, samples: int) -> Samples:
        period = self._before[-stretch.period_of(self._before) :]
        return self._remembered(np.resize(period, samples))

    def recover(self, next_payload: bytes, samples: int) -> Samples:  # noqa: ARG002 - a Decoder's
        return self.conceal(samples)

    def has_copy(self, payload: bytes) -> bool:  # noqa: ARG002 - a Decoder's
        return False

    def is_pause(self, payload: bytes) -> bool:  # noqa: ARG002 - a Decoder's
        return False

    def _remembered(self, sound: Samples) -> Samples:
        self._before = np.concatenate([self._before, sound])[-len(self._before) :]
        return sound


def open_decoder(codec: str) -> Decoder | None:
    """The decoder for a codec by its name in SDP; None for one that nobody here speaks. Raises MediaError when there
    is no libopus."""
    match codec.lower():
        case "opus":
            return Opus()
        case "pcmu":
            return Telephone(lambda payload: _MU_LAW[np.frombuffer(payload, np.uint8)], 6)
        case "pcma":
            return Telephone(lambda payload: _A_LAW[np.frombuffer(payload, np.uint8)], 6)
        case "g722":
            return Telephone(_g722(), 3)
        case _:
            return None


class _Upsampler:
    """To a whole multiple of the rate; its filter delays by half a millisecond or one."""

    TAPS: Final = 16

    def __init__(self, factor: int) -> None:
        at = np.arange(-self.TAPS * factor // 2, self.TAPS * factor // 2) + 0.5
        taps = np.sinc(at / factor) * np.kaiser(len(at), 6.0)
        # Row by row the taps that meet real samples, for each of the `factor` samples between two of them.
        self._phases = (taps / taps.sum() * factor).reshape(self.TAPS, factor)[::-1].astype(np.float32)
        self._before = np.zeros(self.TAPS - 1, np.float32)

    def upsampled(self, sound: Samples) -> Samples:
        wave = np.concatenate([self._before, sound.astype(np.float32)])
        self._before = wave[len(wave) - self.TAPS + 1 :]
        dense = sliding_window_view(wave, self.TAPS) @ self._phases
        upsampled: Samples = np.clip(dense.ravel(), -32768, 32767).astype(np.int16)
        return upsampled


def _g722() -> Callable[[bytes], Samples]:
    codec = av.AudioCodecContext.create("g722", "r")
    codec.layout = "mono"
    codec.sample_rate = 16_000

    def expand(payload: bytes) -> Samples:
        try:
            frames = codec.decode(av.Packet(payload))
        except av.FFmpegError as error:
            raise MediaError("a packet is no G.722") from error
        return np.concatenate([frame.to_ndarray().ravel() for frame in frames]).astype(np.int16)

    return expand


def _mu_law() -> Samples:
    """ITU-T G.711, table 2a."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    size = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    return np.where(code & 0x80, -size, size).astype(np.int16)


def _a_law() -> Samples:
    """ITU-T G.711, table 1a."""
    code = np.arange(256, dtype=np.int32) ^ 0x55
    segment = (code & 0x70) >> 4
    low = ((code & 0x0F) << 4) + 8
    size = np.where(segment == 0, low, (low + 0x100) << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, size, -size).astype(np.int16)


_MU_LAW: Final = _mu_law()
_A_LAW: Final = _a_law()
