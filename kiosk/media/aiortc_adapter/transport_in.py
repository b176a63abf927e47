"""The way of each RTP packet from the socket to its receiver, in one step: aiortc takes each one through a queue and a
turn of the loop, and reads it at leisure. RTCP, STUN and DTLS go as ever.

When a packet came is asked of the kernel: a loop that was busy would take its own delay for a full line.

It also finds the receiver of a source that begins in mid-call by its section's name (RFC 8843, 9.2), which aiortc
leaves undone: with two sections of pictures such packets would be lost.

Of RTCP it takes out what aiortc would read as a NACK: when our own packets came.
"""

import asyncio
import fcntl
import socket
import time
from collections.abc import Callable, Coroutine
from struct import Struct, error
from typing import Any, Final

import pylibsrtp
from aiortc import RTCRtpReceiver
from aiortc.rtp import HeaderExtensions

_FIXED: Final = Struct("!BBHLL")
_EXTENSION: Final = Struct("!HH")
_RTCP: Final = Struct("!BBH")
_ONE_BYTE: Final = 0xBEDE
_NOTHING: Final = HeaderExtensions()
_RTPFB_FORMAT_15: Final = 0x8F
_RTPFB: Final = 205
_PADDED: Final = 0x20
_SIOCGSTAMPNS: Final = 0x8907
_TIMESPEC: Final = Struct("@ll")
_OLDEST_S: Final = 1.0
_RX_PACKETS, _RX_BYTES = "_RTCDtlsTransport__rx_packets", "_RTCDtlsTransport__rx_bytes"

OnFeedback = Callable[[bytes], None]
"""The FCI of an RTPFB message of format 15, padding included."""
OnNumber = Callable[[int, float], None]
"""A transport-wide sequence number, and when its packet came (monotonic seconds)."""


class RtpIn:
    """A packet with aiortc's names for its parts."""

    __slots__ = (
        "extensions",
        "marker",
        "padding_size",
        "payload",
        "payload_type",
        "sequence_number",
        "ssrc",
        "timestamp",
    )

    def __init__(self, kind: int, number: int, timestamp: int, ssrc: int) -> None:
        self.marker = kind >> 7
        self.payload_type = kind & 0x7F
        self.sequence_number = number
        self.timestamp = timestamp
        self.ssrc = ssrc
        self.payload = b""
        self.padding_size = 0
        self.extensions = _NOTHING


class TransportIn:
    """Stands between a transport's sockets and its receivers. Loop only."""

    def __init__(
        self,
        receiver: RTCRtpReceiver,
        number_id: int | None = None,
        on_number: OnNumber | None = None,
        on_feedback: OnFeedback | None = None,
    ) -> None:
        """The transport of `receiver`, after gathering and bundling. `number_id`: of the header extension with the
        transport-wide sequence number. `on_feedback` is told when our own packets came. Raises AttributeError when
        this is not the aiortc it was written for."""
        transport: Any = receiver.transport
        names = (
            "_handle_rtcp_data",
            "_handle_rtp_data",
            "_send_rtp",
            "_rtp_router",
            "_rtp_header_extensions_map",
            "_rx_srtp",
        )
        for name in (*names, _RX_PACKETS, _RX_BYTES):
            if not hasattr(transport, name):
                raise AttributeError(f"RTCDtlsTransport has no {name}: not the aiortc this was written for")
        self._transport = transport
        self._counts = vars(transport)
        self._receiver = receiver
        self._router = transport._rtp_router
        self._extensions = transport._rtp_header_extensions_map
        self._number_id = number_id if on_number is not None else None
        self._on_number = on_number
        self._on_feedback = on_feedback
        self._handle_rtcp = transport._handle_rtcp_data
        self._counts["_handle_rtcp_data"] = self._take_rtcp
        self._sending: set[asyncio.Task[None]] = set()
        self._ssrc = 0
        self._counts["_handle_rtp_data"] = self._take_decrypted
        for protocol in transport.transport._connection._protocols:
            self._listen(protocol)

    def send_feedback(self, fci: bytes) -> None:
        """An RTPFB message of format 15, about the newest source."""
        ours: int | None = vars(self._receiver)["_RTCRtpReceiver__rtcp_ssrc"]
        if ours is None:
            return
        padding = -len(fci) % 4
        first = _RTPFB_FORMAT_15 | (_PADDED if padding else 0)
        body = fci + (bytes(padding - 1) + bytes((padding,)) if padding else b"")
        message = _FIXED.pack(first, _RTPFB, 2 + len(body) // 4, ours, self._ssrc) + body
        task = asyncio.ensure_future(self._send(message))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, message: bytes) -> None:
        try:
            await self._transport._send_rtp(message)
        except ConnectionError:
            return

    def _listen(self, protocol: Any) -> None:
        stamp = stamp_of(protocol)
        others: Callable[[bytes, Any], None] = protocol.datagram_received

        def datagram_received(data: bytes, address: Any) -> None:
            # RFC 7983: the first byte tells SRTP and SRTCP from the others; RFC 5761: the second one tells them apart.
            is_rtp = len(data) > 12 and 127 < data[0] < 192 and not 191 < data[1] < 209
            srtp = self._transport._rx_srtp
            if not is_rtp or srtp is None:
                others(data, address)
                return
            arrived_at_s = stamp()
            self._counts[_RX_PACKETS] += 1
            self._counts[_RX_BYTES] += len(data)
            try:
                decrypted = srtp.unprotect(data)
            except pylibsrtp.Error:
                return
            self._take(decrypted, arrived_at_s)

        vars(protocol)["datagram_received"] = datagram_received

    async def _take_rtcp(self, data: bytes) -> None:
        rest = data if self._on_feedback is None else self._without_feedback(data, self._on_feedback)
        if rest:
            await self._handle_rtcp(rest)

    def _without_feedback(self, data: bytes, on_feedback: OnFeedback) -> bytes:
        """What else is in a compound packet (RFC 3550, 6.1)."""
        others, at = [], 0
        while at + 4 <= len(data):
            first, kind, words = _RTCP.unpack_from(data, at)
            end = at + 4 + 4 * words
            if kind == _RTPFB and first & ~_PADDED == _RTPFB_FORMAT_15 and end <= len(data):
                on_feedback(data[at + 12 : end])
            else:
                others.append(data[at:end])
            at = end
        return b"".join(others) + data[at:]

    async def _take_decrypted(self, data: bytes, arrival_time_ms: int) -> None:  # noqa: ARG002 - a clock of its own
        self._take(data, time.monotonic())

    def _take(self, data: bytes, arrived_at_s: float) -> None:
        try:
            packet, mid = self._read(data, arrived_at_s)
        except (error, IndexError, ValueError):
            return
        self._ssrc = packet.ssrc
        receivers = self._router.payload_type_table.get(packet.payload_type)
        if not receivers:
            return
        receiver = self._router.ssrc_table.get(packet.ssrc)
        if receiver is None:
            receiver = self._find(packet, mid, receivers)
        if receiver in receivers:
            _finish(receiver._handle_rtp_packet(packet, arrival_time_ms=int(arrived_at_s * 1000)))

    def _find(self, packet: RtpIn, mid: str | None, receivers: set[Any]) -> Any:
        receiver = self._router.mid_table.get(mid)
        if receiver is None and len(receivers) == 1:
            (receiver,) = receivers
        if receiver is not None:
            self._router.ssrc_table[packet.ssrc] = receiver
        return receiver

    def _read(self, data: bytes, arrived_at_s: float) -> tuple[RtpIn, str | None]:
        """Raises struct.error, IndexError or ValueError for what is no RTP packet (RFC 3550, 5.1)."""
        first, kind, number, timestamp, ssrc = _FIXED.unpack_from(data)
        packet = RtpIn(kind, number, timestamp, ssrc)
        at = 12 + 4 * (first & 0x0F)
        mid = None
        if first & 0x10:
            profile, words = _EXTENSION.unpack_from(data, at)
            begin = at + 4
            at = begin + 4 * words
            if self._number_id is not None and profile == _ONE_BYTE:
                self._note_number(data, begin, at, arrived_at_s)
                if ssrc not in self._router.ssrc_table:
                    mid = self._extensions.get(profile, data[begin:at]).mid
            else:
                packet.extensions = self._extensions.get(profile, data[begin:at])
                mid = packet.extensions.mid
        end = len(data)
        if first & 0x20:
            packet.padding_size = data[-1]
            end -= packet.padding_size
        if at > end:
            raise ValueError("RTP packet: shorter than it says")
        packet.payload = data[at:end]
        return packet, mid

    def _note_number(self, data: bytes, at: int, end: int, arrived_at_s: float) -> None:
        """Find the transport-wide sequence number among one-byte extensions (RFC 8285, 4.2)."""
        while at < end:
            head = data[at]
            if head >> 4 == self._number_id and head & 0x0F == 1 and self._on_number is not None:
                self._on_number(data[at + 1] << 8 | data[at + 2], arrived_at_s)
                return
            at += 2 + (head & 0x0F) if head else 1


def _finish(handling: Coroutine[Any, Any, None]) -> None:
    """Run what is asynchronous in its form only: the receivers that were taken over wait for nothing."""
    try:
        handling.send(None)
    except StopIteration:
        return
    handling.close()
    raise RuntimeError("a receiver of RTP waits for something: it was not taken over")


def stamp_of(protocol: Any) -> Callable[[], float]:
    """When the newest datagram of this protocol came, by the kernel's clock where it tells: monotonic seconds."""
    transport = protocol.transport
    inner = getattr(transport, "_TurnTransport__inner_protocol", None)
    own: socket.socket | None = (inner.transport if inner is not None else transport).get_extra_info("socket")
    if own is None or own.type != socket.SOCK_DGRAM:
        return time.monotonic
    descriptor = own.fileno()
    buffer = bytearray(_TIMESPEC.size)

    def stamp() -> float:
        try:
            fcntl.ioctl(descriptor, _SIOCGSTAMPNS, buffer)
        except OSError:
            return time.monotonic()
        seconds, nanoseconds = _TIMESPEC.unpack(buffer)
        # The kernel's is a wall clock, which may jump.
        age_s = time.time() - seconds - nanoseconds / 1e9
        return time.monotonic() - (age_s if 0.0 < age_s < _OLDEST_S else 0.0)

    return stamp
