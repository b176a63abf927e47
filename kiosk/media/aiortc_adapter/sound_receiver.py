"""Sound taken out of aiortc's hands as soon as it is decrypted: its buffer and its decoder are not used.

aiortc 1.16 has no concealment, and after one lost packet its sound stays 300 ms late. What it counts for its receiver
reports (RFC 3550, 6.4.2) and getStats goes on: far ends steer their error correction by it.
"""

import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from aiortc import RTCRtpReceiver
from aiortc.rtcrtpreceiver import StreamStatistics
from aiortc.rtp import RtcpByePacket, RtcpSrPacket

from kiosk.media.sound_in import Packet

_CODECS: Final = "_RTCRtpReceiver__codecs"
_STREAMS: Final = "_RTCRtpReceiver__remote_streams"
_STOP_DECODER: Final = "_RTCRtpReceiver__stop_decoder"
_NTP_FRACTIONS: Final = 1 << 32


class Taker(Protocol):
    """Where packets and reports go: a SoundIn. All in the loop's thread."""

    def insert(self, packet: Packet) -> None: ...
    def note_report(self, ntp_s: float, rtp_timestamp: int) -> None: ...
    def end(self) -> None: ...


def take_over(receiver: RTCRtpReceiver, taker: Taker) -> None:
    """Give `taker` all that comes for this receiver. Before it receives, and before anything else wraps its handlers.

    Raises AttributeError for another aiortc than this was written for.
    """
    inside = vars(receiver)
    for name in (_CODECS, _STREAMS):
        if name not in inside:
            raise AttributeError(f"RTCRtpReceiver has no {name}: not the aiortc this was written for")
    stop_decoder: Callable[[], None] = getattr(receiver, _STOP_DECODER)
    receive, handle_rtcp = receiver.receive, receiver._handle_rtcp_packet
    handle_disconnect = receiver._handle_disconnect
    ssrc: int | None = None

    async def receive_undecoded(parameters: Any) -> None:
        await receive(parameters)
        # The thread that has just been started, and has nothing to do.
        stop_decoder()

    async def take_packet(packet: Any, arrival_time_ms: int) -> None:  # noqa: ARG001 - a wall clock's
        nonlocal ssrc
        codec = inside[_CODECS].get(packet.payload_type)
        if codec is None or not receiver._enabled:
            return
        streams = inside[_STREAMS]
        if packet.ssrc not in streams:
            streams[packet.ssrc] = StreamStatistics(codec.clockRate)
        streams[packet.ssrc].add(packet)
        ssrc = packet.ssrc
        taker.insert(
            Packet(
                codec=codec.name,
                clock_hz=codec.clockRate,
                ssrc=packet.ssrc,
                sequence=packet.sequence_number,
                timestamp=packet.timestamp,
                payload=packet.payload,
                arrived_at_s=time.monotonic(),
            )
        )

    async def take_rtcp(packet: Any) -> None:
        await handle_rtcp(packet)
        if isinstance(packet, RtcpSrPacket) and packet.ssrc == ssrc:
            report = packet.sender_info
            taker.note_report(report.ntp_timestamp / _NTP_FRACTIONS, report.rtp_timestamp)
        elif isinstance(packet, RtcpByePacket):
            taker.end()

    def take_disconnect() -> None:
        handle_disconnect()
        taker.end()

    inside["receive"] = receive_undecoded
    inside["_handle_rtp_packet"] = take_packet
    inside["_handle_rtcp_packet"] = take_rtcp
    inside["_handle_disconnect"] = take_disconnect
