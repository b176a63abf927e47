"""What an RTP packet carries of a coded picture: VP8 (RFC 7741) and H.264 (RFC 6184). Pure."""

from dataclasses import dataclass
from typing import Final, Literal

Codec = Literal["VP8", "H264"]

_START_CODE: Final = b"\x00\x00\x00\x01"
_NAL_IDR, _NAL_SPS, _NAL_DELIMITER, _NAL_STAP_A, _NAL_FU_A = 5, 7, 9, 24, 28


@dataclass(slots=True)
class Payload:
    """A piece of a coded picture."""

    data: bytes
    """What the decoder gets, joined with the other pieces (H.264: Annex B). Empty in padding."""
    starts: bool
    """Certainly the first piece of a picture at which decoding may start."""
    is_key: bool
    """Belongs to a picture that needs no other."""


PADDING: Final = Payload(b"", False, False)


def depayload(codec: Codec, payload: bytes) -> Payload:
    """Raises ValueError for a payload that cannot be one."""
    if not payload:
        return PADDING
    return _vp8(payload) if codec == "VP8" else _h264(payload)


def _vp8(payload: bytes) -> Payload:
    first = payload[0]
    at = 1
    try:
        if first & 0x80:
            extension = payload[1]
            at = 2
            if extension & 0x80:
                at += 2 if payload[2] & 0x80 else 1
            at += (extension & 0x40 != 0) + (extension & 0x30 != 0)
    except IndexError:
        raise ValueError("VP8 payload: truncated descriptor") from None
    if len(payload) <= at:
        raise ValueError("VP8 payload: nothing behind the descriptor")
    # The S bit, and partition 0: the first byte behind is the frame header's, whose lowest bit is 0 in a key frame.
    starts_key = first & 0x17 == 0x10 and not payload[at] & 1
    return Payload(payload[at:], starts_key, starts_key)


def _h264(payload: bytes) -> Payload:
    if len(payload) < 2:
        raise ValueError("H.264 payload: too short")
    kind = payload[0] & 0x1F
    if 0 < kind < _NAL_STAP_A:
        return Payload(_START_CODE + payload, kind in (_NAL_SPS, _NAL_DELIMITER), kind in (_NAL_IDR, _NAL_SPS))
    if kind == _NAL_FU_A:
        inner = payload[1] & 0x1F
        if payload[1] & 0x80:
            header = bytes((payload[0] & 0xE0 | inner,))
            return Payload(_START_CODE + header + payload[2:], False, inner == _NAL_IDR)
        return Payload(payload[2:], False, inner == _NAL_IDR)
    if kind == _NAL_STAP_A:
        return _aggregate(payload)
    raise ValueError(f"H.264 payload: type {kind} is not used in WebRTC")


def _aggregate(payload: bytes) -> Payload:
    parts: list[bytes] = []
    kinds: list[int] = []
    at = 1
    while at < len(payload):
        size = int.from_bytes(payload[at : at + 2], "big")
        unit = payload[at + 2 : at + 2 + size]
        if not unit or len(unit) != size:
            raise ValueError("H.264 payload: truncated aggregate")
        parts += (_START_CODE, unit)
        kinds.append(unit[0] & 0x1F)
        at += 2 + size
    if not kinds:
        raise ValueError("H.264 payload: empty aggregate")
    return Payload(b"".join(parts), kinds[0] in (_NAL_SPS, _NAL_DELIMITER), _NAL_IDR in kinds or _NAL_SPS in kinds)
