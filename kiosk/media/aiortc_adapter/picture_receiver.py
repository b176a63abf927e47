"""A receiver of pictures that hands its packets to others: no decoder thread, no jitter buffer, no NACK of its own.

What stays aiortc's: the transport, RTCP receiver reports and their timing, `getStats`.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from aiortc import RTCRtpReceiver
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters
from aiortc.rtp import RTCP_PSFB_APP, RtcpByePacket, RtcpPsfbPacket, RtcpSrPacket, RtpPacket, pack_remb_fci

from kiosk.media.aiortc_adapter.stream_statistics import StreamStatistics
from kiosk.media.picture_in.arrival import Arrival
from kiosk.media.picture_in.payload import Codec

RTP_HEADER_BYTES: Final = 12
CLOCK_HZ: Final = 90_000
_CODECS: Final[dict[str, Codec]] = {"VP8": "VP8", "H264": "H264"}
NTP_SECOND: Final = 1 << 32
FIRST_ESTIMATE_BPS: Final = 1_500_000
"""What the line is believed to carry before it is known: the far end begins with a picture worth seeing."""

_NAMES: Final = (
    "__remote_streams",
    "__rtcp_task",
    "__started",
    "__active_ssrc",
    "__rtcp_ssrc",
    "__remote_bitrate_estimator",
)
_METHODS: Final = (
    "_handle_rtp_packet",
    "_handle_rtcp_packet",
    "_handle_disconnect",
    "_run_rtcp",
    "_send_rtcp_nack",
    "_send_rtcp_pli",
)


@dataclass(frozen=True, slots=True)
class SenderReport:
    """What the far end says of its clocks (RFC 3550, 6.4.1)."""

    ssrc: int
    ntp_s: float
    """Its wall clock: seconds since 1900."""
    rtp_timestamp: int
    """The stream's timestamp at that moment; wraps around at 32 bits."""


class PictureReceiver:
    """Takes over a receiver before it begins. Loop only."""

    def __init__(self, receiver: RTCRtpReceiver) -> None:
        """Raises AttributeError when this is not the aiortc it was written for."""
        missing = [name for name in _NAMES if f"_RTCRtpReceiver{name}" not in vars(receiver)]
        missing += [name for name in _METHODS if not hasattr(receiver, name)]
        if missing:
            raise AttributeError(f"RTCRtpReceiver has no {', '.join(missing)}: not the aiortc this was written for")
        self._receiver = receiver
        # By payload type: the codec, and whether it is its retransmission.
        self._kinds: dict[int, tuple[Codec, bool]] = {}
        self._streams: dict[int, StreamStatistics] = vars(receiver)["_RTCRtpReceiver__remote_streams"]
        self._sources: dict[int, Any] = vars(receiver)["_RTCRtpReceiver__active_ssrc"]
        self._ssrc: int | None = None
        self._report: SenderReport | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._estimator: Any = vars(receiver)["_RTCRtpReceiver__remote_bitrate_estimator"]
        self._is_primed = False
        self._handle_rtcp = receiver._handle_rtcp_packet
        self.on_packet: Callable[[Arrival], None] | None = None
        self.received_bytes = 0
        """RTP with its headers."""
        self.estimates = True
        """Tell the far end what the line is believed to carry (REMB)."""
        self.has_ended = False
        """The far end has said goodbye, or the transport has ended."""
        vars(receiver).update(
            receive=self._receive,
            _handle_rtp_packet=self._take,
            _handle_rtcp_packet=self._take_rtcp,
            _handle_disconnect=self._end,
        )

    def sender_report(self) -> SenderReport | None:
        """The newest of the stream in use; None when there was none."""
        return self._report if self._report is not None and self._report.ssrc == self._ssrc else None

    def ask_for_packets(self, ssrc: int, lost: tuple[int, ...]) -> None:
        """Generic NACK (RFC 4585, 6.2.1)."""
        # In rising order: aiortc packs nothing else.
        self._send(self._receiver._send_rtcp_nack(ssrc, sorted(lost)))

    def ask_for_key_frame(self, ssrc: int) -> None:
        """PLI (RFC 4585, 6.3.1)."""
        self._send(self._receiver._send_rtcp_pli(ssrc))

    async def _receive(self, parameters: RTCRtpReceiveParameters) -> None:
        """As aiortc's `receive`, without its decoder thread."""
        state = vars(self._receiver)
        if state["_RTCRtpReceiver__started"]:
            return
        self._kinds = _kinds(parameters)
        self._receiver.transport._register_rtp_receiver(self._receiver, parameters)
        state["_RTCRtpReceiver__rtcp_task"] = asyncio.ensure_future(self._receiver._run_rtcp())
        state["_RTCRtpReceiver__started"] = True

    async def _take(self, packet: RtpPacket, arrival_time_ms: int) -> None:
        ssrc = packet.ssrc
        payload = packet.payload
        self.received_bytes += RTP_HEADER_BYTES + len(payload)
        kind = self._kinds.get(packet.payload_type)
        if kind is None or self.on_packet is None:
            return
        if self.estimates and packet.extensions.abs_send_time is not None:
            self._estimate(packet, arrival_time_ms)
        stream = self._streams.get(ssrc)
        if stream is None:
            stream = self._streams[ssrc] = StreamStatistics(CLOCK_HZ)
        number = packet.sequence_number
        stream.add(number, packet.timestamp, time.monotonic())
        codec, is_repair = kind
        if is_repair:
            # RFC 4588: the original sequence number stands before the payload; nothing else is a probe's padding.
            if self._ssrc is None or len(payload) <= 2:
                return
            ssrc = self._ssrc
            number = payload[0] << 8 | payload[1]
            payload = payload[2:]
        elif ssrc != self._ssrc:
            self._ssrc = ssrc
            self._sources[ssrc] = datetime.now(UTC)
        self.on_packet(Arrival(codec, ssrc, number, packet.timestamp, packet.marker == 1, payload, is_repair))

    async def _take_rtcp(self, packet: Any) -> None:
        if isinstance(packet, RtcpSrPacket):
            info = packet.sender_info
            self._report = SenderReport(packet.ssrc, info.ntp_timestamp / NTP_SECOND, info.rtp_timestamp)
        elif isinstance(packet, RtcpByePacket) and (self._ssrc is None or self._ssrc in packet.sources):
            self._end()
        await self._handle_rtcp(packet)

    def _estimate(self, packet: RtpPacket, arrival_time_ms: int) -> None:
        if not self._is_primed:
            self._is_primed = True
            self._estimator.rate_control.set_estimate(FIRST_ESTIMATE_BPS, arrival_time_ms)
        estimate = self._estimator.add(
            abs_send_time=packet.extensions.abs_send_time,
            arrival_time_ms=arrival_time_ms,
            payload_size=len(packet.payload) + packet.padding_size,
            ssrc=packet.ssrc,
        )
        ours = vars(self._receiver)["_RTCRtpReceiver__rtcp_ssrc"]
        if estimate is not None and ours is not None:
            message = RtcpPsfbPacket(fmt=RTCP_PSFB_APP, ssrc=ours, media_ssrc=0, fci=pack_remb_fci(*estimate))
            self._send(self._receiver._send_rtcp(message))

    def _end(self) -> None:
        self.has_ended = True

    def _send(self, message: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(message)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)


def _kinds(parameters: RTCRtpReceiveParameters) -> dict[int, tuple[Codec, bool]]:
    names = {codec.payloadType: codec.name for codec in parameters.codecs}
    kinds: dict[int, tuple[Codec, bool]] = {}
    for codec in parameters.codecs:
        of = codec.parameters.get("apt")
        is_repair = codec.name == "rtx" and isinstance(of, int)
        name = _CODECS.get(names.get(of, "") if isinstance(of, int) and is_repair else codec.name)
        if codec.payloadType is not None and name is not None:
            kinds[codec.payloadType] = (name, is_repair)
    return kinds
