"""RTP's own way in: read rightly, told of, led to its receiver."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from struct import pack
from typing import Any

import pytest
from aiortc import RTCPeerConnection
from aiortc.rtp import (
    RTCP_RTPFB_NACK,
    HeaderExtensions,
    HeaderExtensionsMap,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtpPacket,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.media import Incoming, MediaSession, Outgoing, Settings
from kiosk.media.aiortc_adapter import TransportIn
from kiosk.media.aiortc_adapter.transport_in import stamp_of
from kiosk.media.offer import TRANSPORT_NUMBERS, transport_numbers

from .far_end import FarEnd, until

NUMBER_ID = 4


class Extension:
    """What aiortc's map of header extensions wants to know."""

    def __init__(self, uri: str, number: int) -> None:
        self.uri, self.id = uri, number


class Extensions:
    headerExtensions = (
        Extension("urn:ietf:params:rtp-hdrext:sdes:mid", 1),
        Extension(TRANSPORT_NUMBERS, NUMBER_ID),
    )


EXTENSIONS: Any = HeaderExtensionsMap()
EXTENSIONS.configure(Extensions())


class Got:
    """A receiver that was taken over."""

    def __init__(self) -> None:
        self.packets: list[Any] = []

    async def _handle_rtp_packet(self, packet: Any, arrival_time_ms: int) -> None:
        self.packets.append(packet)


class Way:
    """A transport that never opened, with two receivers of the same payload type."""

    def __init__(self, connection: RTCPeerConnection) -> None:
        transport: Any = connection.getTransceivers()[0].receiver.transport
        transport._rtp_header_extensions_map = EXTENSIONS
        self.numbers: list[int] = []
        self.feedback: list[bytes] = []
        self.way = TransportIn(
            connection.getTransceivers()[0].receiver,
            NUMBER_ID,
            lambda number, _: self.numbers.append(number),
            self.feedback.append,
        )
        self.router = transport._rtp_router
        self.main: Any = Got()
        self.slides: Any = Got()
        self.router.register_receiver(self.main, [5], [97], "1")
        self.router.register_receiver(self.slides, [], [97], "2")


@pytest.fixture
async def way() -> AsyncIterator[Way]:
    connection = RTCPeerConnection()
    connection.addTransceiver("video")
    yield Way(connection)
    await connection.close()


def packet(ssrc: int = 5, mid: str | None = None, number: int | None = None, **more: Any) -> bytes:
    made = RtpPacket(payload_type=97, marker=1, sequence_number=9, timestamp=90, ssrc=ssrc, payload=b"picture")
    made.extensions = HeaderExtensions(mid=mid, transport_sequence_number=number)
    for name, value in more.items():
        setattr(made, name, value)
    return bytes(made.serialize(EXTENSIONS))


@pytest.mark.parametrize(
    "data",
    [packet(), packet(mid="1", number=77), packet(number=1), packet(csrc=[1, 2], padding_size=9, mid="1")],
)
async def test_a_packet_is_read_as_aiortc_reads_it(way: Way, data: bytes) -> None:
    way.way._take(data, 1.0)
    (ours,) = way.main.packets
    theirs = RtpPacket.parse(data, EXTENSIONS)
    for name in ("marker", "payload_type", "sequence_number", "timestamp", "ssrc", "payload", "padding_size"):
        assert getattr(ours, name) == getattr(theirs, name), name
    number = theirs.extensions.transport_sequence_number
    assert way.numbers == ([] if number is None else [number])


async def test_feedback_is_taken_out_of_rtcp_and_all_else_goes_on(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    others: list[bytes] = []

    async def noting(data: bytes) -> None:
        others.append(data)

    monkeypatch.setattr(way.way, "_handle_rtcp", noting)
    report, nack = (
        bytes(RtcpRrPacket(ssrc=1)),
        bytes(RtcpRtpfbPacket(fmt=RTCP_RTPFB_NACK, ssrc=1, media_ssrc=5, lost=[7])),
    )
    told = pack("!BBHLL", 0x8F, 205, 5, 1, 5) + b"feedback-fci"
    padded = pack("!BBHLL", 0xAF, 205, 3, 1, 5) + b"fci\x01"
    for data in (report + told + nack, told, report + nack, padded, report[:3], told[:-1]):
        await way.way._take_rtcp(data)
    assert way.feedback == [b"feedback-fci", b"feedback-fci", b"fci\x01"]
    assert others == [report + nack, report + nack, report[:3], told[:-1]]


async def test_a_new_source_is_led_by_the_name_of_its_section(way: Way) -> None:
    way.way._take(packet(ssrc=8, mid="2"), 1.0)
    way.way._take(packet(ssrc=8), 1.0)
    way.way._take(packet(ssrc=9), 1.0)
    assert len(way.slides.packets) == 2
    assert way.main.packets == []


async def test_a_new_source_without_a_name_goes_where_only_one_can_be_meant(way: Way) -> None:
    way.router.unregister_receiver(way.slides)
    way.way._take(packet(ssrc=9), 1.0)
    assert len(way.main.packets) == 1


async def test_a_receiver_that_waits_is_a_mistake(way: Way) -> None:
    async def wait(*_: object, **__: object) -> None:
        await asyncio.sleep(0)

    way.main._handle_rtp_packet = wait
    with pytest.raises(RuntimeError, match="waits for something"):
        way.way._take(packet(), 1.0)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_break_it(data: bytes) -> None:
    async def take() -> None:
        connection = RTCPeerConnection()
        connection.addTransceiver("video")
        way = Way(connection)
        for start in (b"", packet(mid="1", number=5)[:20], b"\x90\x61"):
            way.way._take(start + data, 1.0)
        await connection.close()

    asyncio.run(take())


@pytest.mark.parametrize("tells", [True, False])
async def test_with_a_far_end_that_numbers_its_packets_there_is_feedback_and_no_estimate(tells: bool) -> None:
    far = FarEnd()
    if tells:
        # It agrees to number them, and aiortc then does not.
        far.edit = lambda sdp: sdp.replace(
            "a=rtcp-mux", f"a=rtcp-mux\r\na=extmap:4 {TRANSPORT_NUMBERS}\r\na=rtcp-fb:97 transport-cc"
        )
    incoming = Incoming()
    seen: list[object] = []
    incoming.on_picture = seen.append
    session = MediaSession(Settings(), Outgoing(), incoming)
    try:
        await session.connect(far)
        assert all(transport_numbers(offer) == 4 for offer in far.offers)
        await until(lambda: len(seen) > 5, "pictures")
        peer = session._peer
        assert peer is not None
        assert peer.sinks.picture is not None
        assert peer.sinks.picture.receiver.estimates is not tells
        assert (peer._telling is not None) is tells
        stats = await session.stats()
        assert stats.packets_received > 10
        assert stats.bytes_received > 1000
    finally:
        await session.close()
        await far.close()


async def test_feedback_reaches_the_far_end_as_rtcp() -> None:
    far = FarEnd()
    session = MediaSession(Settings(), Outgoing(), Incoming())
    try:
        await session.connect(far)
        peer = session._peer
        assert peer is not None
        await until(lambda: peer.sinks.pictures, "pictures")
        got: list[bytes] = []
        transport: Any = far.connection.getTransceivers()[0].receiver.transport

        async def take(data: bytes) -> None:
            got.append(data)

        transport._handle_rtcp_data = take
        way = TransportIn(peer.audio.receiver)
        way.send_feedback(b"\0\1\0\1\0\0\0\0\x20\1\4")
        await until(lambda: any(data[:2] == b"\xaf\xcd" for data in got), "the message")
        (message,) = (data for data in got if data[:2] == b"\xaf\xcd")
        assert len(message) == 4 * (int.from_bytes(message[2:4], "big") + 1)
        assert message[12:] == b"\0\1\0\1\0\0\0\0\x20\1\4\1"
    finally:
        await session.close()
        await far.close()


async def test_the_kernel_knows_when_a_datagram_came() -> None:
    loop = asyncio.get_running_loop()
    ages_s: list[float] = []

    class Protocol(asyncio.DatagramProtocol):
        """Asks when its datagram came."""

        def connection_made(self, transport: Any) -> None:
            self.transport = transport
            self.stamp = stamp_of(self)

        def datagram_received(self, data: bytes, address: Any) -> None:
            ages_s.append(time.monotonic() - self.stamp())

    transport, _ = await loop.create_datagram_endpoint(Protocol, local_addr=("127.0.0.1", 0))
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.connect(transport.get_extra_info("sockname"))
    try:
        for _ in range(2):
            # The first question makes the kernel note the times of those that follow.
            sender.send(b"x")
            begun_s = time.monotonic()
            while time.monotonic() < begun_s + 0.06:
                pass
            count = len(ages_s)
            await until(lambda count=count: len(ages_s) > count, "it")  # type: ignore[misc]
        assert 0.055 < ages_s[1] < 0.2
    finally:
        sender.close()
        transport.close()


def test_without_a_datagram_socket_the_time_is_now() -> None:
    class Transport:
        def get_extra_info(self, _: str) -> None:
            return None

    class Protocol:
        transport = Transport()

    assert stamp_of(Protocol()) is time.monotonic
