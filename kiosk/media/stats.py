"""Figures of a running call, for the log and the bench."""

from dataclasses import dataclass

from aiortc import (
    RTCInboundRtpStreamStats,
    RTCOutboundRtpStreamStats,
    RTCPeerConnection,
    RTCRemoteInboundRtpStreamStats,
    RTCRtpTransceiver,
    RTCTransportStats,
)

from kiosk.media import aiortc_adapter
from kiosk.media.ladder import Path
from kiosk.rooms.port import StreamStatistics


@dataclass(frozen=True, slots=True)
class MediaStats:
    """Counted since the session began."""

    packets_sent: int
    """All of the transport: RTP, RTCP and DTLS, not STUN."""
    packets_received: int
    bytes_sent: int
    bytes_received: int
    packets_lost: int
    """RTP on the way to us."""
    packets_lost_outgoing: int
    """RTP on the way from us, as the far end says."""
    pictures_sent: int
    pictures_received: int
    width: int
    """Pixels of the newest remote picture; 0 before the first."""
    height: int
    sound_codec: str | None
    video_codec: str | None
    rtt_ms: float | None
    """Round trip of RTCP; None until the far end has reported."""
    path: Path | None
    """The way the packets go; None before there is one."""


@dataclass(frozen=True, slots=True)
class TransportFigures:
    """What the connection itself counts."""

    packets_sent: int = 0
    packets_received: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    packets_lost: int = 0
    packets_lost_outgoing: int = 0
    rtt_ms: float | None = None


async def read_figures(connection: RTCPeerConnection) -> TransportFigures:
    """The figures now. Loop; returns without waiting for the network."""
    report = (await connection.getStats()).values()
    transport = next((part for part in report if isinstance(part, RTCTransportStats)), None)
    if transport is None:
        return TransportFigures()
    remote = [part for part in report if isinstance(part, RTCRemoteInboundRtpStreamStats)]
    rtts_s = [part.roundTripTime for part in remote if part.roundTripTime is not None]
    return TransportFigures(
        packets_sent=transport.packetsSent,
        packets_received=transport.packetsReceived,
        bytes_sent=transport.bytesSent,
        bytes_received=transport.bytesReceived,
        packets_lost=sum(part.packetsLost for part in report if isinstance(part, RTCInboundRtpStreamStats)),
        packets_lost_outgoing=sum(part.packetsLost for part in remote),
        rtt_ms=min(rtts_s) * 1000 if rtts_s else None,
    )


async def read_stream(transceiver: RTCRtpTransceiver, received_bytes: int) -> StreamStatistics:
    """One kind of media now; aiortc itself does not count the bytes it receives. Loop; does not wait for the
    network."""
    received = [
        part for part in (await transceiver.receiver.getStats()).values() if isinstance(part, RTCInboundRtpStreamStats)
    ]
    report = (await transceiver.sender.getStats()).values()
    sent = next((part for part in report if isinstance(part, RTCOutboundRtpStreamStats)), None)
    remote = [part for part in report if isinstance(part, RTCRemoteInboundRtpStreamStats)]
    codec, clock_hz = aiortc_adapter.negotiated_codec(transceiver) or ("", 1)
    return StreamStatistics(
        received_packets=sum(part.packetsReceived for part in received),
        received_bytes=received_bytes,
        lost_packets=max(0, sum(part.packetsLost for part in received)),
        jitter_s=max((part.jitter for part in received), default=0) / clock_hz,
        received_codec=codec,
        sent_packets=sent.packetsSent if sent else 0,
        sent_bytes=sent.bytesSent if sent else 0,
        sent_codec=codec,
        remote_lost_packets=max(0, sum(part.packetsLost for part in remote)),
    )
