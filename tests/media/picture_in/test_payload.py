"""Payloads of VP8 and H.264, as their RFCs draw them, and as aiortc's own packers make them."""

import pytest
from aiortc.codecs.h264 import H264Encoder, h264_depayload
from aiortc.codecs.vpx import VpxPayloadDescriptor, vp8_depayload
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.media.picture_in.payload import PADDING, Codec, Payload, depayload

KEY, DELTA = b"\x50\x2a", b"\x51\x2a"
NAL = b"\0\0\0\1"


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"\x10" + KEY, Payload(KEY, True, True)),
        (b"\x10" + DELTA, Payload(DELTA, False, False)),
        (b"\x00" + KEY, Payload(KEY, False, False)),
        (b"\x11" + KEY, Payload(KEY, False, False)),
        (b"\x90\x80\x05" + KEY, Payload(KEY, True, True)),
        (b"\x90\x80\x85\x06" + KEY, Payload(KEY, True, True)),
        (b"\x90\xe0\x85\x06\x01\x20" + KEY, Payload(KEY, True, True)),
        (b"\x90\xf0\x05\x01\x20" + KEY, Payload(KEY, True, True)),
        (b"\x90\x10\x20" + DELTA, Payload(DELTA, False, False)),
    ],
)
def test_vp8(payload: bytes, expected: Payload) -> None:
    assert expected == depayload("VP8", payload)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"\x67sps", Payload(NAL + b"\x67sps", True, True)),
        (b"\x09\xf0", Payload(NAL + b"\x09\xf0", True, False)),
        (b"\x65idr", Payload(NAL + b"\x65idr", False, True)),
        (b"\x41slice", Payload(NAL + b"\x41slice", False, False)),
        (b"\x7c\x85one", Payload(NAL + b"\x65one", False, True)),
        (b"\x7c\x05two", Payload(b"two", False, True)),
        (b"\x5c\x81one", Payload(NAL + b"\x41one", False, False)),
        (b"\x78\0\4\x67sps\0\2\x68p", Payload(NAL + b"\x67sps" + NAL + b"\x68p", True, True)),
        (b"\x38\0\2\x41a\0\2\x41b", Payload(NAL + b"\x41a" + NAL + b"\x41b", False, False)),
    ],
)
def test_h264(payload: bytes, expected: Payload) -> None:
    assert expected == depayload("H264", payload)


@pytest.mark.parametrize("codec", ["VP8", "H264"])
def test_nothing_is_padding(codec: Codec) -> None:
    assert depayload(codec, b"") == PADDING


@pytest.mark.parametrize(
    ("codec", "payload"),
    [
        ("VP8", b"\x10"),
        ("VP8", b"\x90"),
        ("VP8", b"\x90\x80"),
        ("VP8", b"\x90\x80\x85\x06"),
        ("H264", b"\x67"),
        ("H264", b"\x78\0"),
        ("H264", b"\x78\0\x09\x67sps"),
        ("H264", b"\x78\0\0"),
        ("H264", b"\x5f\0\0"),
        ("H264", b"\x60\0\0"),
    ],
)
def test_what_cannot_be_is_refused(codec: Codec, payload: bytes) -> None:
    with pytest.raises(ValueError, match="payload"):
        depayload(codec, payload)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["VP8", "H264"]), st.binary(min_size=1, max_size=40))
def test_any_bytes_give_what_aiortc_would_give(codec: Codec, payload: bytes) -> None:
    theirs = vp8_depayload if codec == "VP8" else h264_depayload
    try:
        ours = depayload(codec, payload)
    except ValueError:
        return
    try:
        assert ours.data == theirs(payload)
    except ValueError:
        # They refuse what is truncated later than we look.
        assert codec == "H264"


def test_what_aiortc_packs_comes_out_again() -> None:
    descriptor = VpxPayloadDescriptor(partition_start=1, partition_id=0, picture_id=1234)
    assert depayload("VP8", bytes(descriptor) + KEY) == Payload(KEY, True, True)
    units = [b"\x67" + bytes(20), b"\x68" + bytes(5), b"\x65" + bytes(range(256)) * 20]
    payloads = H264Encoder._packetize(iter(units))
    pieces = [depayload("H264", payload) for payload in payloads]
    assert b"".join(piece.data for piece in pieces) == b"".join(NAL + unit for unit in units)
    assert pieces[0].starts
    assert all(piece.is_key for piece in pieces)
