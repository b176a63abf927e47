"""Packets numbered across all streams, and a far end that tells when each of them came."""

import asyncio
import time
from struct import pack
from typing import Any

import pytest
from aiortc import RTCPeerConnection, RTCRtpParameters, RTCRtpSender
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters
from aiortc.rtp import HeaderExtensions, HeaderExtensionsMap, RtpPacket

from kiosk.media import Incoming, MediaSession, Outgoing, Settings
from kiosk.media.aiortc_adapter.numbers import NumberingMap, Numbers, number_at
from kiosk.media.congestion import START_BPS
from kiosk.media.offer import TRANSPORT_NUMBERS
from kiosk.media.transport_feedback import TransportFeedback

from .far_end import FarEnd, Hands, until

ID = 4


def test_the_number_is_found_among_the_extensions() -> None:
    extensions, values = HeaderExtensionsMap(), HeaderExtensions(mid="1", abs_send_time=5)
    ids = {"urn:ietf:params:rtp-hdrext:sdes:mid": 1, "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time": 2}
    named = [RTCRtpHeaderExtensionParameters(id=number, uri=uri) for uri, number in ids.items()]
    extensions.configure(RTCRtpParameters(headerExtensions=named))
    assert number_at(extensions.set(values)[1], None) == -1
    numbers = Numbers(ID, lambda _: 0)
    assert number_at(extensions.set(values)[1], numbers) == -1
    numbers.agree(extensions, values)
    profile, value = extensions.set(values)
    at = number_at(value, numbers)
    changed = value[:at] + b"\x12\x34" + value[at + 2 :]
    assert extensions.get(profile, changed) == HeaderExtensions(
        mid="1", abs_send_time=5, transport_sequence_number=0x1234
    )


def test_each_packet_of_aiortcs_own_gets_the_next_number() -> None:
    sizes: list[int] = []

    def number(size_bytes: int) -> int:
        sizes.append(size_bytes)
        return len(sizes)

    extensions: Any = NumberingMap(HeaderExtensionsMap(), Numbers(ID, number), lambda: 100)
    for expected in (1, 2, 3):
        packet = RtpPacket(payload_type=96, payload=bytes(100))
        data = packet.serialize(extensions)
        read = HeaderExtensionsMap()
        Numbers(ID, number).agree(read, HeaderExtensions())
        assert RtpPacket.parse(data, read).extensions.transport_sequence_number == expected
    # IPv4, UDP and SRTP's tag.
    assert sizes[-1] == len(data) + 28 + 10


def test_names_we_lean_on() -> None:
    assert "_RTCRtpSender__rtp_header_extensions_map" in RTCRtpSender._run_rtp.__code__.co_names
    assert "serialize" in RTCRtpSender._run_rtp.__code__.co_names


class TellingFarEnd(FarEnd):
    """Tells when each packet came, with a line of its own making before it."""

    def __init__(self) -> None:
        super().__init__(video_codec="vp8", send=False)
        self.edit = lambda sdp: sdp.replace(
            "a=rtcp-mux", f"a=rtcp-mux\r\na=extmap:{ID} {TRANSPORT_NUMBERS}\r\na=rtcp-fb:* transport-cc"
        )
        self.numbers: list[tuple[str, int]] = []
        self.came_s: dict[int, float] = {}
        """When each is said to have come: a busy machine's own delays would look like a full line."""
        self._feedback = TransportFeedback()

    async def tell(self) -> None:
        """Until it is cancelled."""
        transport: Any = self.connection.getReceivers()[0].transport
        extensions = HeaderExtensionsMap()
        Numbers(ID, lambda _: 0).agree(extensions, HeaderExtensions())
        handle = transport._handle_rtp_data

        async def noting(data: bytes, arrival_time_ms: int) -> None:
            packet = RtpPacket.parse(data, extensions)
            number = packet.extensions.transport_sequence_number
            if number in self.came_s:
                self.numbers.append(("sound" if len(packet.payload) < 100 else "picture", number))
                self._feedback.note(number, self.came_s[number])
            await handle(data, arrival_time_ms=arrival_time_ms)

        transport._handle_rtp_data = noting
        while True:
            await asyncio.sleep(0.05)
            for fci in self._feedback.take(time.monotonic()):
                padding = -len(fci) % 4
                body = fci + (bytes(padding - 1) + bytes((padding,)) if padding else b"")
                head = pack("!BBHLL", 0xAF if padding else 0x8F, 205, 2 + len(body) // 4, 1, 1)
                await transport._send_rtp(head + body)


async def test_with_a_far_end_that_tells_the_rate_rises_at_once_by_bursts_of_what_it_has() -> None:
    far, outgoing = TellingFarEnd(), Outgoing()
    session = MediaSession(Settings(width=640, height=480), outgoing, Incoming())
    hands = Hands(outgoing)
    try:
        await session.connect(far)
        peer = session._peer
        assert peer is not None
        out = peer.picture_out
        line = out._line
        assert line is not None
        send = line.sent

        def sent(size_bytes: int, is_picture: bool, now_s: float) -> int:
            number = send(size_bytes, is_picture, now_s)
            far.came_s[number] = now_s + 0.02
            return number

        vars(line)["sent"] = sent
        telling = asyncio.create_task(far.tell())
        await until(lambda: out.figures().target_bps > 1.3 * START_BPS, "a higher rate")
        await until(lambda: len(far.numbers) > 200 and far.picture_count > 20, "packets")
        telling.cancel()
        kinds = {kind for kind, _ in far.numbers}
        assert kinds == {"sound", "picture"}
        numbers = [number for _, number in far.numbers]
        assert len(numbers) == len(set(numbers))
        assert max(numbers) - min(numbers) < 1.1 * len(numbers)
    finally:
        hands.stop()
        await session.close()
        await far.close()


async def test_a_far_end_that_promises_and_never_tells_is_served_by_its_reports() -> None:
    far, outgoing = TellingFarEnd(), Outgoing()
    session = MediaSession(Settings(width=640, height=480), outgoing, Incoming())
    hands = Hands(outgoing)
    try:
        await session.connect(far)
        peer = session._peer
        assert peer is not None
        out = peer.picture_out
        await until(lambda: out.pictures > 3, "pictures")
        out.on_estimate(300_000)
        assert out.figures().target_bps < 300_000
        out.on_report(100, 0, 0.05)
        out.on_feedback(b"\x00\x00\x00\x01\x00\x00\x01\x00\x20\x01\x04")
        assert out.figures().rtt_ms == pytest.approx(50)
        assert out.figures().target_bps >= 300_000
    finally:
        hands.stop()
        await session.close()
        await far.close()


@pytest.mark.parametrize("fci", [b"", b"\x00" * 8, b"\x00\x01\x00\x09\x00\x00\x01\x00\x60\x01\x00\x00"])
async def test_feedback_that_is_none_is_passed_over(fci: bytes) -> None:
    connection = RTCPeerConnection()
    far, outgoing = TellingFarEnd(), Outgoing()
    session = MediaSession(Settings(), outgoing, Incoming())
    try:
        await session.connect(far)
        peer = session._peer
        assert peer is not None
        peer.picture_out.on_feedback(fci)
        assert peer.picture_out.figures().target_bps == START_BPS
    finally:
        await session.close()
        await far.close()
        await connection.close()
