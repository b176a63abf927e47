"""Our own loop on aiortc's sender, against a plain aiortc peer. A failure here may mean: read their new release."""

import asyncio
import dataclasses
import itertools
import time
from typing import Any

import pytest
from aiortc import RTCOutboundRtpStreamStats, RTCPeerConnection, RTCRemoteInboundRtpStreamStats, RTCRtpSender
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpPsfbPacket,
    RtcpRtpfbPacket,
    RtpPacket,
    is_rtcp,
    pack_remb_fci,
)

from kiosk.media import Incoming, MediaSession, Outgoing, Settings, aiortc_adapter
from kiosk.media.aiortc_adapter.picture_sender import PictureSender
from kiosk.media.picture_out import PictureOut
from kiosk.media.picture_out.controller import SOUND_BPS
from kiosk.media.picture_out.departures import Departures
from kiosk.media.picture_out.encoder import EncodedPicture
from kiosk.media.picture_out.requests import KeyRequests

from .far_end import FarEnd, Hands, until
from .test_picture_encoding import scene


class Call:
    """Our session with a camera, and a far end that can be told to lose packets."""

    def __init__(self, codec: str = "vp8") -> None:
        self.far = FarEnd(video_codec=codec)
        self.outgoing = Outgoing()
        self.session = MediaSession(Settings(width=320, height=240), self.outgoing, Incoming())
        self.hands = Hands(self.outgoing)
        self.lose = 0
        self.seen: list[RtpPacket] = []

    async def __aenter__(self) -> "Call":
        await self.session.connect(self.far)
        receiver: Any = next(one for one in self.far.connection.getReceivers() if one.track.kind == "video")
        handle = receiver._handle_rtp_packet

        async def losing(packet: RtpPacket, arrival_time_ms: int) -> None:
            if self.lose and packet.payload_type == self.payload_type:
                self.lose -= 1
                return
            self.seen.append(packet)
            await handle(packet, arrival_time_ms=arrival_time_ms)

        receiver._handle_rtp_packet = losing
        await until(lambda: self.far.picture_count > 3, "pictures")
        return self

    async def __aexit__(self, *_: object) -> None:
        self.hands.stop()
        await self.session.close()
        await self.far.close()

    @property
    def out(self) -> PictureOut:
        peer = self.session._peer
        assert peer is not None
        return peer.picture_out

    @property
    def departures(self) -> Departures:
        departures = self.out._departures
        assert departures is not None
        return departures

    @property
    def sender(self) -> RTCRtpSender:
        peer = self.session._peer
        assert peer is not None
        assert peer.video is not None
        return peer.video.sender

    @property
    def payload_type(self) -> int:
        peer = self.session._peer
        assert peer is not None
        assert peer.video is not None
        return peer.video._codecs[0].payloadType or 0

    async def tell(self, packet: Any) -> None:
        """RTCP from the far end."""
        transport: Any = self.far.connection.getReceivers()[0].transport
        await transport._send_rtp(bytes(packet))


@pytest.mark.parametrize("codec", ["vp8", "h264"])
@pytest.mark.parametrize("fmt", [RTCP_PSFB_PLI, RTCP_PSFB_FIR])
async def test_a_key_frame_follows_a_request_within_a_picture(codec: str, fmt: int) -> None:
    async with Call(codec) as call:
        before = call.out.figures().key_frames
        pictures = call.out.pictures
        await asyncio.sleep(0.4)
        await call.tell(RtcpPsfbPacket(fmt=fmt, ssrc=1, media_ssrc=call.sender._ssrc))
        pictures = call.out.pictures
        await until(lambda: call.out.figures().key_frames > before, "a key frame")
        assert call.out.pictures - pictures <= 3
        for _ in range(10):
            await call.tell(RtcpPsfbPacket(fmt=fmt, ssrc=1, media_ssrc=call.sender._ssrc))
        pictures = call.out.pictures
        await until(lambda: call.out.pictures > pictures + 12, "more pictures")
        assert call.out.figures().key_frames <= before + 2


async def test_lost_packets_are_sent_again_in_their_own_stream() -> None:
    async with Call() as call:
        call.lose = 3
        await until(lambda: call.out.figures().packets_again >= 3, "packets sent again")
        count = call.far.picture_count
        await until(lambda: call.far.picture_count > count + 5, "pictures go on")
        again = [packet for packet in call.seen if packet.payload_type != call.payload_type]
        assert len(again) >= 3
        assert {packet.ssrc for packet in again} == {call.sender._rtx_ssrc}
        assert (await call.session.stats()).packets_lost_outgoing <= 3


async def test_packets_are_as_agreed() -> None:
    async with Call() as call:
        await until(lambda: len(call.seen) > 10, "packets")
        peer = call.session._peer
        assert peer is not None
        assert peer.video is not None
        for before, after in itertools.pairwise(call.seen):
            assert after.sequence_number == (before.sequence_number + 1) % 65536
        packet = call.seen[-1]
        assert packet.ssrc == call.sender._ssrc
        assert packet.extensions.mid == peer.video.mid
        assert packet.extensions.abs_send_time is not None
        sent_s = packet.extensions.abs_send_time / (1 << 18)
        assert (time.monotonic() - sent_s + 32) % 64 - 32 == pytest.approx(0, abs=1)
        assert len(packet.payload) <= 1160


async def test_an_estimate_is_obeyed() -> None:
    async with Call() as call:
        for other in (1, 7):
            await call.tell(RtcpPsfbPacket(RTCP_PSFB_APP, 1, 0, pack_remb_fci(100_000, [other])))
        await call.tell(RtcpPsfbPacket(RTCP_PSFB_APP, 1, 0, b"REMB"))
        await asyncio.sleep(0.05)
        assert call.out.figures().target_bps > 300_000
        await call.tell(RtcpPsfbPacket(RTCP_PSFB_APP, 1, 0, pack_remb_fci(260_000, [call.sender._ssrc])))
        await until(lambda: call.out.figures().target_bps <= 260_000 - SOUND_BPS, "obedience")


async def test_statistics_and_sender_reports_stay_right() -> None:
    async with Call() as call:
        reports: list[Any] = []
        receiver: Any = next(one for one in call.far.connection.getReceivers() if one.track.kind == "video")
        handle = receiver._handle_rtcp_packet

        async def noting(packet: Any) -> None:
            reports.append(packet)
            await handle(packet)

        receiver._handle_rtcp_packet = noting
        await until(lambda: [one for one in reports if hasattr(one, "sender_info")], "a sender report")
        info = next(one for one in reports if hasattr(one, "sender_info")).sender_info
        assert info.ntp_timestamp / (1 << 32) - 2_208_988_800 == pytest.approx(time.time(), abs=1)
        assert info.packet_count > 3
        assert info.octet_count > info.packet_count
        await until(lambda: call.out.figures().rtt_ms is not None, "a receiver report")
        report = (await call.sender.getStats()).values()
        sent = next(one for one in report if isinstance(one, RTCOutboundRtpStreamStats))
        remote = next(one for one in report if isinstance(one, RTCRemoteInboundRtpStreamStats))
        assert (sent.packetsSent, sent.bytesSent) >= (info.packet_count, info.octet_count)
        assert remote.packetsLost == 0
        assert 0 < (call.out.figures().rtt_ms or 0) < 500
        figures = call.out.figures()
        assert (figures.width, figures.height) == (320, 240)
        assert min(figures.fps, figures.sent_bps, figures.encode_ms, figures.pictures) > 0


async def test_what_waits_when_the_camera_is_put_out_is_never_sent_and_leaves_no_gap() -> None:
    async with Call() as call:
        call.hands.is_on = False
        await until(lambda: call.departures.is_idle, "everything sent")
        call.seen.clear()
        call.out._send(EncodedPicture([bytes([number] * 1000) for number in range(20)], 0.0, False, 320, 240, 0.0))
        assert not call.departures.is_idle
        call.outgoing.clear()
        await until(lambda: call.departures.is_idle, "nothing waits")
        keys, count = call.out.figures().key_frames, call.far.picture_count
        call.hands.is_on = True
        await until(lambda: call.far.picture_count > count + 5, "pictures again")
        assert call.out.figures().key_frames == keys + 1
        numbers = [packet.sequence_number for packet in call.seen if packet.payload_type == call.payload_type]
        assert all((after - before) % 65536 == 1 for before, after in itertools.pairwise(numbers))
        assert sum(len(packet.payload) == 1000 for packet in call.seen) < 20


@pytest.mark.parametrize("loses_much", [True, False])
async def test_on_a_line_that_loses_much_a_repair_goes_twice(loses_much: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Call() as call:
        line = call.out.number_by(4)
        monkeypatch.setattr(line, "is_lossy", lambda _: loses_much)
        call.hands.is_on = False
        await until(lambda: call.departures.is_idle, "everything sent")
        number = next(reversed(call.departures._history._packets))

        def repairs() -> int:
            wrapped = number.to_bytes(2, "big")
            return sum(each.payload_type != call.payload_type and each.payload[:2] == wrapped for each in call.seen)

        before = call.out.figures().packets_again
        call.out.on_lost([number])
        await until(lambda: repairs() == 1 + loses_much, "the repair")
        await until(lambda: call.out.figures().packets_again == before + 1 + loses_much, "its count")


async def test_what_would_take_long_to_repair_is_replaced_by_a_key_frame() -> None:
    async with Call() as call:
        call.hands.is_on = False
        await until(lambda: call.departures.is_idle, "everything sent")
        first = call.departures._sequence_number
        call.out._send(EncodedPicture([bytes([number]) * 1000 for number in range(80)], 0.0, False, 320, 240, 0.0))
        await until(lambda: call.departures.is_idle, "all of it sent")
        before = call.out.figures()
        lost = [(first + at) & 0xFFFF for at in range(80)]
        # Nobody has asked for a key frame just now.
        call.out._requests = KeyRequests()
        call.out.on_lost(lost)
        call.out.on_lost(lost)
        assert call.departures.is_idle
        assert call.out.figures().packets_again == before.packets_again
        call.hands.is_on = True
        await until(lambda: call.out.figures().key_frames > before.key_frames, "a key frame")
        count = call.far.picture_count
        await until(lambda: call.far.picture_count > count + 3, "pictures again")


async def test_a_codec_that_breaks_ends_the_track() -> None:
    async with Call() as call:
        peer = call.session._peer
        assert peer is not None
        call.out._fail(ValueError("broken"))
        await until(lambda: peer.picture_track.readyState == "ended", "the end of the track")


async def test_a_nack_for_what_was_never_sent_is_harmless() -> None:
    async with Call() as call:
        await call.tell(RtcpRtpfbPacket(RTCP_RTPFB_NACK, 1, call.sender._ssrc, [1, 2, 3]))
        count = call.out.pictures
        await until(lambda: call.out.pictures > count + 3, "pictures")


async def test_names_we_lean_on() -> None:
    class Renamed:
        """A sender of another release."""

    renamed: Any = Renamed()
    owner: Any = None
    with pytest.raises(AttributeError, match="not the aiortc"):
        PictureSender(renamed, owner)
    assert "_run_rtp" in RTCRtpSender.send.__code__.co_names
    assert "_handle_rtcp_packet" in RTCDtlsTransport._handle_rtcp_data.__code__.co_names
    names = RTCDtlsTransport._send_rtp.__code__.co_names
    assert {"_RTCDtlsTransport__tx_bytes", "_RTCDtlsTransport__tx_packets", "_tx_srtp", "_state"} <= set(names)
    assert is_rtcp(b"\x80\xc8")
    connection = RTCPeerConnection()
    sender = connection.addTransceiver("video").sender
    PictureSender(sender, owner)
    await connection.close()


class NarrowLine:
    """Takes the place of our socket: so many bits a second pass, and what does not fit into the queue is dropped."""

    def __init__(self, transport: Any, rate_bps: float, queue_s: float) -> None:
        self.rate_bps = rate_bps
        self.dropped = 0
        self._queue_s = queue_s
        self._transport = transport
        self._pass = transport.sendto
        self._free_at_s = 0.0
        transport.sendto = self._send

    def _send(self, data: bytes, address: Any) -> None:
        loop = asyncio.get_running_loop()
        begins_s = max(self._free_at_s, loop.time())
        if begins_s - loop.time() > self._queue_s:
            self.dropped += 1
            return
        self._free_at_s = begins_s + (len(data) + 28) * 8 / self.rate_bps
        loop.call_at(self._free_at_s, self._leave, data, address)

    def _leave(self, data: bytes, address: Any) -> None:
        if not self._transport.is_closing():
            self._pass(data, address)


@pytest.mark.parametrize("codec", ["vp8", "h264"])
async def test_half_a_megabit_with_a_queue_of_300_ms_is_not_flooded(codec: str) -> None:
    far, outgoing = FarEnd(video_codec=codec, send=False), Outgoing()
    session = MediaSession(Settings(width=640, height=480), outgoing, Incoming())
    pictures = [scene(number, (640, 480)) for number in range(12)]
    try:
        await session.connect(far)
        peer = session._peer
        assert peer is not None
        (ice,) = aiortc_adapter.ice_connections(peer.connection)
        line = NarrowLine(ice._nominated[1].protocol.transport, 500_000, 0.3)
        arrived: list[tuple[float, int]] = []
        begun_s = time.monotonic()
        number = 0
        while time.monotonic() - begun_s < 5:
            outgoing.pictures.put(dataclasses.replace(pictures[number % 12], captured_at_s=time.monotonic()))
            number += 1
            if not arrived or arrived[-1][1] != far.picture_count:
                arrived.append((time.monotonic(), far.picture_count))
            await asyncio.sleep(max(0.0, begun_s + number / 30 - time.monotonic()))
        figures = peer.picture_out.figures()
        # A machine that is busy with other things stops the line as well as those at its ends.
        assert line.dropped <= 5
        assert figures.key_frames <= 2
        assert far.picture_count > 40
        assert 100_000 < figures.target_bps < 600_000
        assert max(b - a for (a, _), (b, _) in itertools.pairwise(arrived[10:])) < 1.5
    finally:
        await session.close()
        await far.close()
