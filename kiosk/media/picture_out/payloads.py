"""Coded pictures cut into RTP payloads: VP8 (RFC 7741) and H.264 (RFC 6184, packetization mode 1). Pure."""

import struct
from collections.abc import Iterator
from typing import Final

LARGEST: Final = 1160
"""Bytes. With RTP's header and extensions and SRTP's tag a packet stays within 1200."""

STAP_A: Final = 24
FU_A: Final = 28
SEI: Final = 6
IDR: Final = 5
_VP8_DESCRIPTOR: Final = struct.Struct("!BBH")


def cut_vp8(picture: bytes, picture_id: int) -> list[bytes]:
    """Payloads of equal length; the picture's id has 15 bits."""
    count = -(-len(picture) // (LARGEST - _VP8_DESCRIPTOR.size))
    size = -(-len(picture) // max(1, count))
    # Extended, with a picture id of 15 bits. The first has the bit that says: here a partition begins.
    rest = _VP8_DESCRIPTOR.pack(0x80, 0x80, 0x8000 | picture_id)
    first = _VP8_DESCRIPTOR.pack(0x90, 0x80, 0x8000 | picture_id)
    return [(rest if at else first) + picture[at : at + size] for at in range(0, len(picture), max(1, size))]


def cut_h264(picture: bytes) -> list[bytes]:
    """Payloads of one picture in Annex B."""
    payloads: list[bytes] = []
    small: list[bytes] = []
    held = 1
    for unit in units(picture):
        if unit[0] & 0x1F == SEI:
            # Notes of the encoder about itself.
            continue
        if held + 2 + len(unit) > LARGEST:
            payloads += _together(small)
            small, held = [], 1
        if len(unit) > LARGEST:
            payloads += _fragments(unit)
        else:
            small.append(unit)
            held += 2 + len(unit)
    return payloads + _together(small)


def units(picture: bytes) -> Iterator[bytes]:
    """The NAL units of Annex B, without start codes."""
    start = picture.find(b"\0\0\1")
    while start >= 0:
        end = picture.find(b"\0\0\1", start + 3)
        # A start code may have a zero more; no unit ends in one.
        unit = picture[start + 3 : end if end >= 0 else len(picture)].rstrip(b"\0")
        if unit:
            yield unit
        start = end


def is_h264_key(picture: bytes) -> bool:
    """Whether it needs no other."""
    return any(unit[0] & 0x1F == IDR for unit in units(picture))


def is_vp8_key(picture: bytes) -> bool:
    """Whether it needs no other (RFC 6386, section 9.1)."""
    return bool(picture) and not picture[0] & 1


def _together(small: list[bytes]) -> list[bytes]:
    if len(small) < 2:
        return small
    importance = max(unit[0] & 0x60 for unit in small)
    return [bytes([importance | STAP_A]) + b"".join(struct.pack("!H", len(unit)) + unit for unit in small)]


def _fragments(unit: bytes) -> Iterator[bytes]:
    indicator, kind = unit[0] & 0x60 | FU_A, unit[0] & 0x1F
    count = -(-(len(unit) - 1) // (LARGEST - 2))
    size = -(-(len(unit) - 1) // count)
    for at in range(1, len(unit), size):
        start = 0x80 if at == 1 else 0
        end = 0x40 if at + size >= len(unit) else 0
        yield bytes([indicator, start | end | kind]) + unit[at : at + size]
