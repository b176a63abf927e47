"""The sender of the picture, without aiortc's own loop: its packets, its clock, its receiver's words.

aiortc 1.16 sends a picture in one burst, answers every NACK, ignores the loss that receivers report and spends three
coroutines on each packet. Its `_run_rtp` and `_handle_rtcp_packet` are replaced on one sender; sender reports, goodbye
and statistics remain its own.
"""

import asyncio
import logging
import struct
import time
from dataclasses import dataclass
from typing import Any, Final, Protocol

from aiortc import RTCRtpSender, clock
from aiortc.rtcdtlstransport import State
from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    HeaderExtensions,
    RtcpPsfbPacket,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSrPacket,
    unpack_remb_fci,
)
from aiortc.utils import random16, random32

from kiosk.media.aiortc_adapter.numbers import OVERHEAD_BYTES, Numbers, number_at

logger = logging.getLogger(__name__)

_HEADER: Final = struct.Struct("!BBHII")
_PLACE: Final = 0xABCDEF
_SENDER: Final = "_RTCRtpSender__"
_SENDER_NAMES: Final = [
    "encoder",
    "lsr",
    "lsr_time",
    "mid",
    "ntp_timestamp",
    "octet_count",
    "packet_count",
    "rtp_exited",
    "rtp_header_extensions_map",
    "rtp_started",
    "rtp_timestamp",
    "rtx_payload_type",
]


class Owner(Protocol):
    """Who decides what is sent. All of it is called in the loop and must return at once."""

    def started(self, codec: str) -> None:
        """Packets may be sent from now on; "VP8" or "H264" was agreed."""

    def stopped(self) -> None:
        """No packet may be sent from now on."""

    def on_estimate(self, remb_bps: int) -> None:
        """The far end can take so much (draft-alvestrand-rmcat-remb-03)."""

    def on_report(self, highest_sequence: int, packets_lost: int, rtt_s: float | None) -> None:
        """A report block (RFC 3550, section 6.4.1); the sequence number is the extended one."""

    def on_lost(self, sequence_numbers: list[int]) -> None:
        """These did not arrive (NACK, RFC 4585)."""

    def on_key_frame_wanted(self) -> None:
        """The far end asks for a picture that needs no other (PLI, RFC 4585; FIR, RFC 5104)."""


@dataclass(frozen=True, slots=True)
class _Stream:
    """What each packet begins with."""

    payload_type: int
    rtx_payload_type: int | None
    extensions: bytes
    """All of them, with room for the send time and the transport-wide sequence number."""
    time_at: int
    """Where the send time is; -1: nowhere."""
    number_at: int
    """Where that number is; -1: nowhere."""


class PictureSender:
    """Takes one sender over; made between its birth and the first packet. Loop only."""

    def __init__(self, sender: RTCRtpSender, owner: Owner) -> None:
        for name in _SENDER_NAMES:
            if not hasattr(sender, _SENDER + name):
                raise AttributeError(f"RTCRtpSender has no {_SENDER}{name}: not the aiortc this was written for")
        self._sender: Any = sender
        self._owner = owner
        self._stream: _Stream | None = None
        self._failure: asyncio.Future[None] | None = None
        self.numbers: Numbers | None = None
        """To be set before it begins: who numbers the packets across all streams."""
        self._rtx_sequence_number = random16() % 32768
        self.first_sequence_number = random16() % 32768
        """In the lower half, so that SRTP's count of rollovers begins in agreement."""
        self.first_timestamp = random32()
        self._handle_rtcp = sender._handle_rtcp_packet
        vars(sender)["_run_rtp"] = self._run
        vars(sender)["_handle_rtcp_packet"] = self._hear

    def send(self, sequence_number: int, timestamp: int, marker: bool, payload: bytes) -> bool:
        """One packet, at once; False when there is no path for it."""
        stream = self._stream
        if stream is None or not self._put(stream.payload_type, sequence_number, timestamp, marker, payload, rtx=False):
            return False
        sender = vars(self._sender)
        sender["_RTCRtpSender__octet_count"] += len(payload)
        sender["_RTCRtpSender__packet_count"] += 1
        return True

    def send_again(self, sequence_number: int, timestamp: int, marker: bool, payload: bytes) -> bool:
        """A packet that was lost, in the stream of its own where that was agreed (RFC 4588)."""
        stream = self._stream
        if stream is None:
            return False
        if stream.rtx_payload_type is None:
            return self._put(stream.payload_type, sequence_number, timestamp, marker, payload, rtx=False)
        number = self._rtx_sequence_number
        self._rtx_sequence_number = (number + 1) & 0xFFFF
        wrapped = sequence_number.to_bytes(2, "big") + payload
        return self._put(stream.rtx_payload_type, number, timestamp, marker, wrapped, rtx=True)

    @property
    def repeats(self) -> bool:
        """What is sent again has a stream of its own: it may be sent unasked."""
        return self._stream is not None and self._stream.rtx_payload_type is not None

    def note_time(self, timestamp: int, captured_at_s: float) -> None:
        """The picture with this RTP timestamp was taken then (monotonic seconds): sender reports say so, for lip
        sync."""
        ago = round((time.monotonic() - captured_at_s) * (1 << 32))
        sender = vars(self._sender)
        sender["_RTCRtpSender__ntp_timestamp"] = clock.current_ntp_time() - ago
        sender["_RTCRtpSender__rtp_timestamp"] = timestamp

    def fail(self, error: Exception) -> None:
        """Sending has come to an end by itself: the track ends, and says so."""
        if self._failure is not None and not self._failure.done():
            self._failure.set_exception(error)

    async def _run(self, codec: Any) -> None:
        """In place of the sender's own loop; the sender cancels it when it stops."""
        sender = self._sender
        vars(sender)["_RTCRtpSender__rtp_started"].set()
        self._failure = asyncio.get_running_loop().create_future()
        try:
            self._stream = self._describe(codec.payloadType)
            self._owner.started(codec.name)
            await self._failure
        except asyncio.CancelledError:
            pass
        except Exception as error:  # whatever it was, stop() waits for the event below
            logger.warning("Sending the picture has failed (%s: %s)", type(error).__name__, error)
        finally:
            self._stream = None
            self._owner.stopped()
            if sender.track is not None:
                sender.track.stop()
            vars(sender)["_RTCRtpSender__encoder"] = None
            vars(sender)["_RTCRtpSender__rtp_exited"].set()

    async def _hear(self, packet: Any) -> None:
        """In place of the sender's own; reports go on to it, for its statistics."""
        match packet:
            case RtcpRrPacket() | RtcpSrPacket():
                self._hear_reports(packet.reports)
                await self._handle_rtcp(packet)
            case RtcpRtpfbPacket(fmt=fmt) if fmt == RTCP_RTPFB_NACK:
                self._owner.on_lost([number & 0xFFFF for number in packet.lost])
            case RtcpPsfbPacket(fmt=fmt) if fmt in (RTCP_PSFB_PLI, RTCP_PSFB_FIR):
                self._owner.on_key_frame_wanted()
            case RtcpPsfbPacket(fmt=fmt) if fmt == RTCP_PSFB_APP:
                try:
                    remb_bps, sources = unpack_remb_fci(packet.fci)
                except (ValueError, struct.error):
                    return
                if self._sender._ssrc in sources:
                    self._owner.on_estimate(remb_bps)
            case _:
                await self._handle_rtcp(packet)

    def _hear_reports(self, reports: list[Any]) -> None:
        sender = vars(self._sender)
        for report in reports:
            if report.ssrc != self._sender._ssrc:
                continue
            rtt_s = None
            if sender["_RTCRtpSender__lsr"] == report.lsr and report.dlsr:
                rtt_s = time.time() - sender["_RTCRtpSender__lsr_time"] - report.dlsr / 65536
            self._owner.on_report(report.highest_sequence, report.packets_lost, rtt_s)

    def _describe(self, payload_type: int) -> _Stream:
        sender = vars(self._sender)
        extensions_map = sender["_RTCRtpSender__rtp_header_extensions_map"]
        values = HeaderExtensions(mid=sender["_RTCRtpSender__mid"], abs_send_time=_PLACE)
        if self.numbers is not None:
            self.numbers.agree(extensions_map, values)
        profile, value = extensions_map.set(values)
        if value:
            value = struct.pack("!HH", profile, len(value) // 4) + value
        where = number_at(value, self.numbers)
        time_at = value.find(_PLACE.to_bytes(3, "big"))
        return _Stream(payload_type, sender["_RTCRtpSender__rtx_payload_type"], value, time_at, where)

    def _put(self, kind: int, number: int, timestamp: int, marker: bool, payload: bytes, *, rtx: bool) -> bool:
        stream = self._stream
        assert stream is not None
        transport = self._sender.transport
        pair = transport.transport._connection._nominated.get(1)
        if transport._state != State.CONNECTED or pair is None:
            return False
        extensions = bytearray(stream.extensions)
        if (at := stream.time_at) >= 0:
            # Seconds with 18 bits below the point, of which 24 in all are sent. Receivers look at differences alone.
            extensions[at : at + 3] = (int(time.monotonic() * (1 << 18)) & 0xFFFFFF).to_bytes(3, "big")
        if (at := stream.number_at) >= 0 and self.numbers is not None:
            size_bytes = OVERHEAD_BYTES + len(extensions) + len(payload)
            extensions[at : at + 2] = self.numbers.next(size_bytes).to_bytes(2, "big")
        header = _HEADER.pack(
            0x90 if extensions else 0x80,
            (0x80 if marker else 0) | kind,
            number,
            timestamp,
            self._sender._rtx_ssrc if rtx else self._sender._ssrc,
        )
        data = transport._tx_srtp.protect(header + extensions + payload)
        # What aioice's protocols do in `send_data`, without a coroutine.
        pair.protocol.transport.sendto(data, pair.remote_addr)
        counters = vars(transport)
        counters["_RTCDtlsTransport__tx_bytes"] += len(data)
        counters["_RTCDtlsTransport__tx_packets"] += 1
        return True
