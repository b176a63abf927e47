"""A receiver that was taken over: what aiortc still does for it, and the private names that this needs."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from aiortc import RTCInboundRtpStreamStats, RTCPeerConnection, RTCRtpReceiver
from aiortc.rtcrtpparameters import RTCRtpCodecParameters, RTCRtpReceiveParameters
from aiortc.rtp import RtcpByePacket, RtcpSenderInfo, RtcpSrPacket, RtpPacket, wrap_rtx

from kiosk.media import Incoming, MediaSession, Outgoing, Settings
from kiosk.media.aiortc_adapter import PictureReceiver
from kiosk.media.aiortc_adapter.stream_statistics import StreamStatistics
from kiosk.media.picture_in import Arrival

from .far_end import FarEnd, until

VP8 = RTCRtpCodecParameters("video/VP8", 90_000, payloadType=97)
RTX = RTCRtpCodecParameters("video/rtx", 90_000, payloadType=98, parameters={"apt": 97})
OTHER = RTCRtpCodecParameters("video/AV1", 90_000, payloadType=101)


class Taken:
    """A receiver that was taken over and has begun."""

    async def __aenter__(self) -> "Taken":
        self.connection = RTCPeerConnection()
        self.receiver: Any = self.connection.addTransceiver("video").receiver
        self.pictures = PictureReceiver(self.receiver)
        self.arrivals: list[Arrival] = []
        self.pictures.on_packet = self.arrivals.append
        await self.receiver.receive(RTCRtpReceiveParameters([VP8, RTX, OTHER]))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.connection.close()

    async def take(self, packet: RtpPacket) -> None:
        await self.receiver._handle_rtp_packet(packet, arrival_time_ms=1)


PACKET = RtpPacket(payload_type=97, marker=1, sequence_number=65_535, timestamp=9000, ssrc=5, payload=b"\x10key")


async def test_packets_are_handed_on_and_retransmissions_unwrapped() -> None:
    async with Taken() as taken:
        await taken.take(PACKET)
        await taken.take(wrap_rtx(PACKET, 98, 1, 6))
        await taken.take(RtpPacket(payload_type=98, ssrc=6, payload=b""))
        await taken.take(RtpPacket(payload_type=101, ssrc=7, payload=b"x"))
        expected = Arrival("VP8", 5, 65_535, 9000, True, b"\x10key", False)
        assert taken.arrivals == [expected, replace(expected, is_repair=True)]
        assert taken.pictures.received_bytes == 12 + 4 + 12 + 6 + 12 + 12 + 1
        counted = list((await taken.receiver.getStats()).values())
        inbound = [part for part in counted if isinstance(part, RTCInboundRtpStreamStats)]
        assert sum(part.packetsReceived for part in inbound) >= 1
        assert taken.receiver._RTCRtpReceiver__decoder_thread is None
        assert taken.receiver.getSynchronizationSources()[0].source == 5


async def test_the_report_of_the_stream_in_use_is_kept() -> None:
    async with Taken() as taken:
        await taken.take(PACKET)
        assert taken.pictures.sender_report() is None
        for ssrc in (6, 5):
            await taken.receiver._handle_rtcp_packet(RtcpSrPacket(ssrc, RtcpSenderInfo(3 << 31, 9000, 1, 1)))
        report = taken.pictures.sender_report()
        assert report is not None
        assert (report.ssrc, report.ntp_s, report.rtp_timestamp) == (5, 1.5, 9000)
        await taken.take(RtpPacket(payload_type=97, ssrc=8, payload=b"\x10k"))
        assert taken.pictures.sender_report() is None


async def test_goodbye_of_the_stream_in_use_is_an_end() -> None:
    async with Taken() as taken:
        await taken.take(PACKET)
        await taken.receiver._handle_rtcp_packet(RtcpByePacket([99]))
        assert not taken.pictures.has_ended
        await taken.receiver._handle_rtcp_packet(RtcpByePacket([5]))
        assert taken.pictures.has_ended


async def test_questions_reach_the_far_end_in_an_order_that_can_be_packed() -> None:
    far = FarEnd()
    session = MediaSession(Settings(video_codec="vp8"), Outgoing(), Incoming())
    try:
        await session.connect(far)
        sinks = session._peer.sinks  # type: ignore[union-attr]
        await until(lambda: sinks.picture and sinks.picture.stream.ssrc, "packets")
        asked: list[object] = []
        (sender,) = (sender for sender in far.connection.getSenders() if sender.kind == "video" and sender.track)

        async def resend(number: int) -> None:
            asked.append(number)

        vars(sender)["_retransmit"] = resend
        vars(sender)["_send_keyframe"] = lambda: asked.append("key")
        assert sinks.picture is not None
        assert sinks.picture.stream.ssrc is not None
        sinks.picture.receiver.ask_for_packets(sinks.picture.stream.ssrc, (65_535, 0, 1))
        sinks.picture.receiver.ask_for_key_frame(sinks.picture.stream.ssrc)
        await until(lambda: {0, 1, 65_535, "key"} <= set(asked), "the questions")
    finally:
        await session.close()
        await far.close()


def test_a_receiver_without_the_expected_names_is_refused() -> None:
    class Renamed:
        """A receiver of another release."""

    renamed: Any = Renamed()
    with pytest.raises(AttributeError, match=r"_send_rtcp_nack.*not the aiortc"):
        PictureReceiver(renamed)
    assert "_RTCRtpReceiver__decoder_thread" in RTCRtpReceiver.__init__.__code__.co_names


def test_statistics_count_as_rfc_3550_says() -> None:
    stream = StreamStatistics(90_000)
    for number in range(65_530, 65_560):
        if number % 10 != 5:
            stream.add(number & 0xFFFF, (number * 3000) & 0xFFFFFFFF, number / 30)
    assert (stream.packets_received, stream.packets_expected, stream.packets_lost) == (27, 30, 3)
    assert stream.max_seq == 65_559
    assert stream.fraction_lost == 256 * 3 // 30
    assert stream.fraction_lost == 0
    assert stream.jitter < 20
    stream.add(65_555 & 0xFFFF, 0, 0.0)
    assert stream.packets_lost == 2


def test_jitter_is_the_smoothed_change_of_transit() -> None:
    stream = StreamStatistics(90_000)
    for number in range(400):
        stream.add(number, number * 3000, number / 30 + 0.01 * (number % 2))
    assert stream.jitter == pytest.approx(900, rel=0.05)


async def test_nothing_is_left_running() -> None:
    before = asyncio.all_tasks()
    async with Taken() as taken:
        await taken.take(PACKET)
        await taken.receiver.receive(RTCRtpReceiveParameters([VP8]))
    assert asyncio.all_tasks() == before
