"""Every touch of what aiortc and aioice keep private, in one place. Written for aiortc 1.16 and aioice 0.13.

aiortc has no public way to pass encoded pictures on, to hear of requests for key frames, or to lose packets on
purpose. Each function replaces one attribute of one instance, and refuses when that attribute is not there.
"""

import time
from collections.abc import Callable
from typing import Any

from aiortc import RTCPeerConnection, RTCRtpReceiver, RTCRtpSender
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtp import RtpPacket

from .encoded_video import EncodedFrame, FrameAssembly
from .settings import VideoCodec

_JITTER_BUFFER = "_RTCRtpReceiver__jitter_buffer"
_BITRATE_ESTIMATOR = "_RTCRtpReceiver__remote_bitrate_estimator"


class _EncodedVideo:
    """In the place of a receiver's jitter buffer: passes encoded frames on and leaves nothing to decode."""

    def __init__(self, codec: VideoCodec, on_frame: Callable[[EncodedFrame], None]) -> None:
        self._assembly = FrameAssembly(codec, on_frame)
        self.ssrc: int | None = None

    def add(self, packet: RtpPacket) -> tuple[bool, None]:
        self.ssrc = packet.ssrc
        data: bytes = getattr(packet, "_data")  # noqa: B009  (not declared in the class)
        return self._assembly.add(packet.sequence_number, packet.timestamp, bool(packet.marker), data), None


class SoundAtOnce:
    """In the place of a receiver's jitter buffer: hands every packet on at once; the mixer's ring evens them out."""

    def __init__(self) -> None:
        self._newest: int | None = None

    def add(self, packet: RtpPacket) -> tuple[bool, JitterFrame | None]:
        data: bytes = getattr(packet, "_data")  # noqa: B009  (not declared in the class)
        if self._newest is not None and (packet.sequence_number - self._newest - 1) & 0xFFFF >= 0x8000:
            return False, None
        self._newest = packet.sequence_number
        return False, JitterFrame(data, packet.timestamp) if data else None


def pass_encoded_video(receiver: RTCRtpReceiver, codec: VideoCodec, on_frame: Callable[[EncodedFrame], None]) -> None:
    """Deliver this receiver's pictures encoded, on the loop. Before the receiver is started."""
    _replace(receiver, _JITTER_BUFFER, _EncodedVideo(codec, on_frame))


def pass_sound_at_once(receiver: RTCRtpReceiver) -> None:
    """Decode this receiver's sound without delay. Before the receiver is started."""
    _replace(receiver, _JITTER_BUFFER, SoundAtOnce())


async def ask_for_keyframe(receiver: RTCRtpReceiver) -> None:
    """Send a picture loss indication, if a picture has come at all."""
    ssrc = _get(receiver, _JITTER_BUFFER).ssrc
    if ssrc is not None:
        await _get(receiver, "_send_rtcp_pli")(ssrc)


def expect_bitrate(receiver: RTCRtpReceiver, bitrate_bps: int) -> None:
    """Let the sender begin here instead of feeling its way up."""
    estimator = _get(receiver, _BITRATE_ESTIMATOR)
    _get(estimator, "rate_control").set_estimate(bitrate_bps, int(time.monotonic() * 1000))


def on_keyframe_request(sender: RTCRtpSender, wanted: Callable[[], None]) -> None:
    """Call `wanted` when the far end asks for a key frame. Only for a sender whose track gives encoded packets."""
    _replace(sender, "_send_keyframe", wanted)


def lose_packets(connection: RTCPeerConnection, lost: Callable[[], bool]) -> int:
    """Drop every datagram, in and out, while `lost()` is true; the number of sockets that obey.

    After the candidates are gathered.
    """
    protocols = _datagram_protocols(connection)
    for protocol in protocols:
        received, send_data, send_stun = protocol.datagram_received, protocol.send_data, protocol.send_stun

        def receive(data: bytes, address: Any, received: Callable[..., None] = received) -> None:
            if not lost():
                received(data, address)

        async def send(data: bytes, address: Any, send_data: Callable[..., Any] = send_data) -> None:
            if not lost():
                await send_data(data, address)

        def send_check(message: Any, address: Any, send_stun: Callable[..., None] = send_stun) -> None:
            if not lost():
                send_stun(message, address)

        _replace(protocol, "datagram_received", receive)
        _replace(protocol, "send_data", send)
        _replace(protocol, "send_stun", send_check)
    return len(protocols)


def use_loopback_if_alone(connection: RTCPeerConnection) -> None:
    """On a machine without any network, meet at 127.0.0.1. Before the candidates are gathered.

    aioice never offers the loopback address, so that a laptop without a network could not even talk to itself.
    """
    for transport in _ice_transports(connection):
        ice = _get(transport, "_connection")
        gather = _get(ice, "get_component_candidates")

        async def gather_somewhere(
            component: int, addresses: list[str], timeout: int = 5, gather: Callable[..., Any] = gather
        ) -> Any:
            return await gather(component, addresses or ["127.0.0.1"], timeout)

        _replace(ice, "get_component_candidates", gather_somewhere)


def _ice_transports(connection: RTCPeerConnection) -> list[Any]:
    by_identity = {id(t.sender.transport.transport): t.sender.transport.transport for t in connection.getTransceivers()}
    return list(by_identity.values())


def _datagram_protocols(connection: RTCPeerConnection) -> list[Any]:
    connections = [_get(transport, "_connection") for transport in _ice_transports(connection)]
    return [protocol for ice in connections for protocol in _get(ice, "_protocols")]


def _get(owner: object, name: str) -> Any:
    if not hasattr(owner, name):
        raise AttributeError(f"{type(owner).__name__} has no {name}: this adapter is for aiortc 1.16")
    return getattr(owner, name)


def _replace(owner: object, name: str, new: object) -> None:
    _get(owner, name)
    setattr(owner, name, new)
