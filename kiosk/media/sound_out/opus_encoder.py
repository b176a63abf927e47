"""Opus for one voice (RFC 6716, RFC 7587): mono, with forward error correction as the line needs it."""

import ctypes
import functools
from typing import Final

from kiosk.errors import MediaError
from kiosk.frames import BLOCK_BYTES, BLOCK_SAMPLES, SAMPLE_RATE_HZ
from kiosk.media import libopus

BITRATE_BPS: Final = 32_000
"""Full-band speech with room for its error correction; a stereo encoder's usual 96 kbit/s carry the same voice."""
COMPLEXITY: Final = 5
LOSS_AT_LEAST_PERCENT: Final = 10
"""Told of less, libopus leaves the second copy out at this bit rate."""
LOSS_AT_MOST_PERCENT: Final = 30
"""A line that loses more is not helped by a still coarser voice."""
PAYLOAD_BYTES_AT_MOST: Final = 1275
"""RFC 6716, 3.4."""

_APPLICATION_VOIP: Final = 2048
_SET_BITRATE: Final = 4002
_SET_COMPLEXITY: Final = 4010
_SET_INBAND_FEC: Final = 4012
_SET_PACKET_LOSS_PERCENT: Final = 4014
_SET_DTX: Final = 4016
_SET_SIGNAL: Final = 4024
_SIGNAL_VOICE: Final = 3001


class OpusEncoder:
    """20 ms in, one RTP payload out, nothing held back. One thread at a time for `encode`; `expect_loss` from any.
    The interpreter's lock is let go while it works."""

    def __init__(self, bitrate_bps: int = BITRATE_BPS) -> None:
        """Raises MediaError when there is no libopus."""
        self._library = _library()
        error = ctypes.c_int()
        self._encoder = self._library.opus_encoder_create(SAMPLE_RATE_HZ, 1, _APPLICATION_VOIP, ctypes.byref(error))
        if error.value != libopus.OPUS_OK or not self._encoder:
            raise MediaError(f"libopus makes no encoder (its error {error.value})")
        self._payload = ctypes.create_string_buffer(PAYLOAD_BYTES_AT_MOST)
        self._expected_percent = self._set_percent = 0
        self._set(_SET_BITRATE, bitrate_bps)
        self._set(_SET_COMPLEXITY, COMPLEXITY)
        self._set(_SET_SIGNAL, _SIGNAL_VOICE)
        self._set(_SET_INBAND_FEC, 1)
        # Without pauses in the stream the far end can tell a quiet patient from a broken line.
        self._set(_SET_DTX, 0)

    def __del__(self) -> None:
        if getattr(self, "_encoder", None):
            self._library.opus_encoder_destroy(self._encoder)

    @property
    def expected_loss_percent(self) -> int:
        """How much loss the error correction is made for; 0: there is none in the packets."""
        return self._expected_percent

    def expect_loss(self, percent: float) -> None:
        """So many packets in a hundred will not arrive: spend bits on a second copy of each voice packet in the
        packet after it; none for 0. Counts from the next `encode` on."""
        least_percent = LOSS_AT_LEAST_PERCENT if percent > 0 else 0
        self._expected_percent = max(least_percent, min(LOSS_AT_MOST_PERCENT, round(percent)))

    def encode(self, block: bytes) -> bytes:
        """The payload of 20 ms of sound (frames.BLOCK_BYTES). Raises MediaError, ValueError for another length."""
        if len(block) != BLOCK_BYTES:
            raise ValueError(f"a block of sound has {BLOCK_BYTES} bytes, not {len(block)}")
        expected_percent = self._expected_percent
        if expected_percent != self._set_percent:
            self._set(_SET_PACKET_LOSS_PERCENT, expected_percent)
            self._set_percent = expected_percent
        size = self._library.opus_encode(self._encoder, block, BLOCK_SAMPLES, self._payload, PAYLOAD_BYTES_AT_MOST)
        if size < 0:
            raise MediaError(f"sound cannot be encoded (error {size} of libopus)")
        return self._payload.raw[:size]

    def _set(self, request: int, value: int) -> None:
        code = self._library.opus_encoder_ctl(self._encoder, request, ctypes.c_int32(value))
        if code != libopus.OPUS_OK:
            raise MediaError(f"libopus refuses setting {request} (its error {code})")


@functools.cache
def _library() -> ctypes.CDLL:
    library = libopus.load()
    library.opus_encoder_create.argtypes = [ctypes.c_int32, ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_int)]
    library.opus_encoder_create.restype = ctypes.c_void_p
    library.opus_encoder_destroy.argtypes = [ctypes.c_void_p]
    library.opus_encoder_destroy.restype = None
    library.opus_encode.argtypes = [
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_int32,
    ]
    library.opus_encode.restype = ctypes.c_int32
    # The values after the request are variadic in C: they are given with their type in each call.
    library.opus_encoder_ctl.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.opus_encoder_ctl.restype = ctypes.c_int
    return library
