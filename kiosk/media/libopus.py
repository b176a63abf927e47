"""The Opus codec's own library (libopus, RFC 6716), for what PyAV gives no way to: concealment and error correction."""

import ctypes
import functools
from pathlib import Path
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from kiosk.errors import MediaError
from kiosk.frames import SAMPLE_RATE_HZ

Samples = NDArray[np.int16]

OPUS_OK: Final = 0
LONGEST_PACKET_SAMPLES: Final = 5760
"""120 ms, the longest packet there is (RFC 6716, 3.4)."""

_LOWEST_CELT_CONFIG: Final = 16
_FRAMES_AT_MOST: Final = 48
_SILK_SAMPLES: Final = (480, 960, 1920, 2880)
_HYBRID_SAMPLES: Final = (480, 960)
_CELT_SAMPLES: Final = (120, 240, 480, 960)


@functools.cache
def load() -> ctypes.CDLL:
    """The library: Debian's, else the copy that PyAV's wheel brings along. Any thread.

    Raises MediaError naming what to install when there is neither.
    """
    for name in ("libopus.so.0", *_beside_pyav()):
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        _declare(library)
        return library
    raise MediaError("there is no libopus: install the Debian package libopus0")


def packet_samples(payload: bytes) -> int:
    """How much sound a packet holds, in samples per channel at 48 kHz; 0 for what is no Opus packet (RFC 6716, 3.1)."""
    if not payload:
        return 0
    config, code = payload[0] >> 3, payload[0] & 3
    if config >= _LOWEST_CELT_CONFIG:
        frame_samples = _CELT_SAMPLES[config & 3]
    elif config >= 12:
        frame_samples = _HYBRID_SAMPLES[config & 1]
    else:
        frame_samples = _SILK_SAMPLES[config & 3]
    frames = (1, 2, 2)[code] if code < 3 else payload[1] & 0x3F if len(payload) > 1 else 0
    samples = frames * frame_samples
    return samples if samples <= LONGEST_PACKET_SAMPLES else 0


def has_fec(payload: bytes) -> bool:
    """Whether a packet holds a second, smaller copy of the one before it (LBRR, RFC 6716, 4.2.4)."""
    if not payload or payload[0] >> 3 >= _LOWEST_CELT_CONFIG:
        return False
    sizes = (ctypes.c_int16 * _FRAMES_AT_MOST)()
    frames = (ctypes.c_void_p * _FRAMES_AT_MOST)()
    count = load().opus_packet_parse(payload, len(payload), None, frames, sizes, None)
    if count <= 0 or sizes[0] <= 0 or frames[0] is None:
        return False
    first = ctypes.string_at(frames[0], 1)[0]
    # One voice activity bit for each 20 ms of the frame goes before; stereo has both for each channel.
    silk_frames = max(1, packet_samples(payload) // count // 960)
    side = (first >> (7 - 2 * silk_frames - 1)) & 1 if payload[0] & 4 else 0
    return bool((first >> (7 - silk_frames)) & 1 or side)


class OpusDecoder:
    """One stream's decoder, to 16 bit at 48 kHz, whatever the far end sends. One thread at a time; the interpreter's
    lock is let go while it works."""

    def __init__(self, channels: int = 1) -> None:
        """Raises MediaError when there is no libopus."""
        self._library = load()
        self._channels = channels
        error = ctypes.c_int()
        self._decoder = self._library.opus_decoder_create(SAMPLE_RATE_HZ, channels, ctypes.byref(error))
        if error.value != OPUS_OK or not self._decoder:
            raise MediaError(f"libopus makes no decoder: {self._reason(error.value)}")

    def __del__(self) -> None:
        if getattr(self, "_decoder", None):
            self._library.opus_decoder_destroy(self._decoder)

    def decode(self, payload: bytes, samples: int = LONGEST_PACKET_SAMPLES) -> Samples:
        """A packet's sound, interleaved when stereo; `samples` per channel at most.

        Raises MediaError for what is no Opus packet, or a longer one.
        """
        return self._decode(payload, samples, fec=0)

    def decode_fec(self, next_payload: bytes, samples: int) -> Samples:
        """The last `samples` (per channel) before `next_payload`, from the copy in it; made up where it has none."""
        return self._decode(next_payload, samples, fec=1)

    def conceal(self, samples: int) -> Samples:
        """So many samples (per channel) made up from what was before; a multiple of 2.5 ms (120), and of 10 ms (480)
        where no click may be heard."""
        return self._decode(None, samples, fec=0)

    def _decode(self, payload: bytes | None, samples: int, fec: int) -> Samples:
        sound = np.empty(samples * self._channels, np.int16)
        count = self._library.opus_decode(
            self._decoder, payload, len(payload) if payload else 0, sound.ctypes.data, samples, fec
        )
        if count < 0:
            raise MediaError(f"a packet is no Opus: {self._reason(count)}")
        return sound[: count * self._channels]

    def _reason(self, code: int) -> str:
        return str(self._library.opus_strerror(code).decode())


def _declare(library: ctypes.CDLL) -> None:
    library.opus_strerror.argtypes = [ctypes.c_int]
    library.opus_strerror.restype = ctypes.c_char_p
    library.opus_decoder_create.argtypes = [ctypes.c_int32, ctypes.c_int, ctypes.POINTER(ctypes.c_int)]
    library.opus_decoder_create.restype = ctypes.c_void_p
    library.opus_decoder_destroy.argtypes = [ctypes.c_void_p]
    library.opus_decoder_destroy.restype = None
    library.opus_decode.argtypes = [
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_int32,
        ctypes.c_void_p,
        ctypes.c_int,
        ctypes.c_int,
    ]
    library.opus_decode.restype = ctypes.c_int
    library.opus_packet_parse.argtypes = [
        ctypes.c_char_p,
        ctypes.c_int32,
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_void_p,
    ]
    library.opus_packet_parse.restype = ctypes.c_int


def _beside_pyav() -> list[str]:
    # A wheel's own libraries stand beside the package, under names with a hash in them.
    folder = Path(av.__file__).parent.parent / "av.libs"
    return [str(path) for path in sorted(folder.glob("libopus-*.so*"))]
