"""Figures of a running call, for the log and the bench."""

from dataclasses import dataclass

from aiortc import (
    RTCInboundRtpStreamStats,
    RTCPeerConnection,
    RTCRemoteInboundRtpStreamStats,
    RTCTransportStats,
)


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
