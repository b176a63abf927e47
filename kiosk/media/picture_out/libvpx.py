"""libvpx's VP8 encoder by ctypes: PyAV can change neither rate nor size of an open one, libvpx can."""

import ctypes
import functools
from pathlib import Path
from typing import Final

import av

from kiosk.errors import MediaError
from kiosk.frames import Plane

OK: Final = 0
CBR: Final = 1
FORCE_KEY: Final = 1
REALTIME: Final = 1
IS_KEY: Final = 1
FRAME_PACKET: Final = 0
I420: Final = 0x102
CPU_USED, STATIC_THRESHOLD, TOKEN_PARTITIONS, MAX_INTRA_PCT = 13, 17, 18, 26
"""Controls of vpx/vp8cx.h."""
VERSIONS: Final = range(10, 80)
"""Of the encoder's binary interface. What we use of it has not changed since libvpx 1.7, and is checked."""
SYSTEM: Final = ("libvpx.so.9", "libvpx.so.7")
"""Debian 13's and 12's."""

_UINTS_BEFORE: Final = [
    "usage",
    "threads",
    "profile",
    "width",
    "height",
    "bit_depth",
    "input_bit_depth",
    "timebase_num",
    "timebase_den",
    "error_resilient",
    "one_pass",
    "lag_in_frames",
    "drop_threshold",
    "resize_allowed",
    "scaled_width",
    "scaled_height",
    "resize_up",
    "resize_down",
    "end_usage",
]
_UINTS_AFTER: Final = [
    "target_kbps",
    "min_quantizer",
    "max_quantizer",
    "undershoot_pct",
    "overshoot_pct",
    "buffer_ms",
    "buffer_initial_ms",
    "buffer_optimal_ms",
    "vbr_bias",
    "vbr_min",
    "vbr_max",
    "vbr_corpus",
    "key_mode",
    "key_least",
    "key_most",
]


class Config(ctypes.Structure):
    """vpx_codec_enc_cfg_t as far as it is used."""

    _fields_ = (
        *((name, ctypes.c_uint) for name in _UINTS_BEFORE),
        *((name, ctypes.c_size_t) for name in ("stats", "stats_bytes", "block_stats", "block_stats_bytes")),
        *((name, ctypes.c_uint) for name in _UINTS_AFTER),
        ("rest", ctypes.c_ubyte * 4096),
    )


class Image(ctypes.Structure):
    """vpx_image_t."""

    _fields_ = (
        *((name, ctypes.c_uint) for name in ("format", "space", "range", "width", "height", "bit_depth")),
        *((name, ctypes.c_uint) for name in ("shown_width", "shown_height", "render_width", "render_height")),
        *((name, ctypes.c_uint) for name in ("x_chroma_shift", "y_chroma_shift")),
        ("planes", ctypes.c_void_p * 4),
        ("strides", ctypes.c_int * 4),
        ("rest", ctypes.c_ubyte * 256),
    )


class Packet(ctypes.Structure):
    """vpx_codec_cx_pkt_t of a coded picture."""

    _fields_ = (
        ("kind", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("length", ctypes.c_size_t),
        ("pts", ctypes.c_int64),
        ("duration", ctypes.c_ulong),
        ("flags", ctypes.c_uint32),
    )


@functools.cache
def load() -> ctypes.CDLL:
    """The library that came with PyAV, else Debian's. Raises MediaError when there is none that can be used."""
    bundled = sorted(map(str, (Path(av.__file__).parent.parent / "av.libs").glob("libvpx-*.so*")))
    for name in (*bundled, *SYSTEM):
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.vpx_codec_vp8_cx.restype = ctypes.c_void_p
        library.vpx_codec_get_cx_data.restype = ctypes.POINTER(Packet)
        if _is_understood(library):
            return library
    raise MediaError("no usable libvpx: install PyAV's wheel, or Debian's libvpx9 (libvpx7)")


def default_config(library: ctypes.CDLL) -> Config:
    """What the library starts from. Raises MediaError."""
    config = Config()
    interface = ctypes.c_void_p(library.vpx_codec_vp8_cx())
    _check(library.vpx_codec_enc_config_default(interface, ctypes.byref(config), 0), "default configuration")
    return config


class Vpx:
    """One open encoder. One thread at a time; `close` in any case."""

    def __init__(self, config: Config, controls: dict[int, int]) -> None:
        """Open it. Raises MediaError."""
        self._library = load()
        self._context = ctypes.create_string_buffer(1024)
        self._image = Image()
        self._open = False
        interface = ctypes.c_void_p(self._library.vpx_codec_vp8_cx())
        for version in VERSIONS:
            # Each release takes its own number only, and has no call that tells it.
            opened = self._library.vpx_codec_enc_init_ver(
                self._context, interface, ctypes.byref(config), ctypes.c_long(0), version
            )
            if opened == OK:
                self._open = True
                break
        if not self._open:
            raise MediaError("libvpx does not open")
        for control, value in controls.items():
            _check(self._library.vpx_codec_control_(self._context, control, ctypes.c_int(value)), f"control {control}")

    def configure(self, config: Config) -> None:
        """Change rate or size (not beyond the one it was opened with). Raises MediaError."""
        _check(self._library.vpx_codec_enc_config_set(self._context, ctypes.byref(config)), "configuration")

    def encode(self, planes: tuple[Plane, Plane, Plane], pts: int, duration: int, key: bool) -> bytes:
        """One picture, coded; nothing when libvpx leaves it out. The planes are only read. Raises MediaError."""
        height, width = planes[0].shape
        image = self._image
        if (image.shown_width, image.shown_height) != (width, height):
            self._library.vpx_img_wrap(ctypes.byref(image), I420, width, height, 1, ctypes.c_void_p(1))
        for index, plane in enumerate(planes):
            image.planes[index] = plane.ctypes.data
            image.strides[index] = plane.strides[0]
        result = self._library.vpx_codec_encode(
            self._context,
            ctypes.byref(image),
            ctypes.c_int64(pts),
            ctypes.c_ulong(duration),
            ctypes.c_long(FORCE_KEY if key else 0),
            ctypes.c_ulong(REALTIME),
        )
        _check(result, "encode")
        at = ctypes.c_void_p()
        coded = bytearray()
        while packet := self._library.vpx_codec_get_cx_data(self._context, ctypes.byref(at)):
            if packet.contents.kind == FRAME_PACKET:
                coded += ctypes.string_at(packet.contents.data, packet.contents.length)
        return bytes(coded)

    def close(self) -> None:
        """Free it. Twice is safe."""
        if self._open:
            self._open = False
            self._library.vpx_codec_destroy(self._context)


def _is_understood(library: ctypes.CDLL) -> bool:
    """Whether the structures are laid out as we believe: their default values are known."""
    config = default_config(library)
    image = Image()
    library.vpx_img_wrap(ctypes.byref(image), I420, 64, 32, 1, ctypes.c_void_p(1))
    known = (config.width, config.height, config.timebase_den, config.target_kbps, config.max_quantizer)
    return (
        known == (320, 240, 30, 256, 63)
        and (config.buffer_ms, config.key_mode, config.key_most) == (6000, 1, 128)
        and (image.shown_width, image.shown_height, image.strides[0], image.strides[1]) == (64, 32, 64, 32)
        and image.planes[1] - image.planes[0] == 64 * 32
    )


def _check(result: int, what: str) -> None:
    if result != OK:
        raise MediaError(f"libvpx: {what} failed ({result})")
