"""Figures of a running call, for the log and the bench."""

from dataclasses import dataclass, field

from aiortc import (
    RTCInboundRtpStreamStats,
    RTCOutboundRtpStreamStats,
    RTCPeerConnection,
    RTCRemoteInboundRtpStreamStats,
    RTCRtpTransceiver,
    RTCTransportStats,
)

from kiosk.consultation.model import Quality
from kiosk.media import aiortc_adapter
from kiosk.media.ladder import Path
from kiosk.media.picture_in import PictureInFigures
from kiosk.media.picture_out import PictureOutFigures
from kiosk.media.sound_in import SoundInFigures
from kiosk.media.sound_out import SoundOutFigures
from kiosk.rooms.port import StreamStatistics


@dataclass(frozen=True, slots=True)
class MediaStats:
    """Counted since the session began."""

    packets_sent: int = 0
    """All of the transport: RTP, RTCP and DTLS, not STUN."""
    packets_received: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    packets_lost: int = 0
    """RTP on the way to us."""
    packets_lost_outgoing: int = 0
    """RTP on the way from us, as the far end says."""
    pictures_sent: int = 0
    pictures_received: int = 0
    """Shown, that is."""
    width: int = 0
    """Pixels of the newest remote picture; 0 before the first."""
    height: int = 0
    sound_codec: str | None = None
    video_codec: str | None = None
    rtt_ms: float | None = None
    """Round trip of RTCP; None until the far end has reported."""
    path: Path | None = None
    """The way the packets go; None before there is one."""
    received_bps: int = 0
    """Of the last second, like `sent_bps`."""
    sent_bps: int = 0
    sound_in: SoundInFigures = field(default_factory=SoundInFigures)
    sound_out: SoundOutFigures = field(default_factory=SoundOutFigures)
    picture_in: PictureInFigures = field(default_factory=PictureInFigures)
    picture_out: PictureOutFigures = field(default_factory=PictureOutFigures)
    av_skew_ms: float | None = None
    """How much later than the picture its sound is heard; None while it is unknown."""
    quality_in: Quality = Quality.GOOD
    """Of what is seen and heard here;"""
    quality_out: Quality = Quality.GOOD
    """and at the far end, as far as it tells."""

    @property
    def concealed_s(self) -> float:
        """Sound that was made up."""
        return self.sound_in.concealed_share * self.sound_in.played_s


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
