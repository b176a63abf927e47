"""aiortc's receiver of sound, taken over: packets and reports come to us, no thread decodes, figures go on."""

import threading
from typing import Any

import pytest
from aiortc import RTCInboundRtpStreamStats, RTCPeerConnection, RTCRtpReceiver
from aiortc.rtp import RtcpByePacket

from kiosk.errors import MediaError
from kiosk.frames import SAMPLE_RATE_HZ, SILENCE
from kiosk.media import Incoming, MediaSession, Outgoing, Settings, aiortc_adapter
from kiosk.media.sound_in import Packet

from .far_end import FarEnd, Hands, until


class Pile:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self.reports: list[tuple[float, int]] = []
        self.has_ended = False

    def insert(self, packet: Packet) -> None:
        self.packets.append(packet)

    def note_report(self, ntp_s: float, rtp_timestamp: int) -> None:
        self.reports.append((ntp_s, rtp_timestamp))

    def end(self) -> None:
        self.has_ended = True


class Call:
    """A session with a far end that sends a tone."""

    def __init__(self) -> None:
        self.outgoing, self.incoming = Outgoing(), Incoming()
        self.hands = Hands(self.outgoing)
        self.session = MediaSession(Settings(width=320, height=240), self.outgoing, self.incoming)
        self.far = FarEnd()

    async def __aenter__(self) -> "Call":
        await self.session.connect(self.far)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.hands.stop()
        await self.session.close()
        await self.far.close()

    @property
    def peer(self) -> Any:
        return self.session._peer


async def pair(pile: Pile) -> tuple[RTCPeerConnection, FarEnd]:
    """A plain connection whose sound goes to the pile."""
    connection, far = RTCPeerConnection(), FarEnd()
    transceiver = connection.addTransceiver("audio", direction="recvonly")
    aiortc_adapter.take_over_sound(transceiver.receiver, pile)
    await connection.setLocalDescription(await connection.createOffer())
    answer = await far.offer(connection.localDescription.sdp)
    await connection.setRemoteDescription(type(connection.localDescription)(answer, "answer"))
    return connection, far


async def test_packets_and_reports_of_a_real_sender_come_and_nothing_decodes_them() -> None:
    pile = Pile()
    connection, far = await pair(pile)
    try:
        await until(lambda: len(pile.packets) > 60 and pile.reports, "packets and a report")
        newest = pile.packets[-1]
        assert (newest.codec, newest.clock_hz) == ("opus", SAMPLE_RATE_HZ)
        numbers = [packet.sequence for packet in pile.packets]
        assert [(number - numbers[0]) % 65536 for number in numbers] == list(range(len(numbers)))
        ntp_s, timestamp = pile.reports[-1]
        assert abs((newest.timestamp - timestamp + 2**31) % 2**32 - 2**31) < 3 * SAMPLE_RATE_HZ
        assert ntp_s > 3.9e9
        # One audio decoder in the process, and it is the far end's.
        assert [thread.name for thread in threading.enumerate()].count("audio-decoder") <= 1
        report = (await connection.getReceivers()[0].getStats()).values()
        (stream,) = [part for part in report if isinstance(part, RTCInboundRtpStreamStats)]
        assert stream.packetsReceived >= 60
        assert stream.packetsLost == 0
        sent = (await far.connection.getSenders()[0].getStats()).values()
        assert any(part.type == "remote-inbound-rtp" for part in sent)
        assert not pile.has_ended
    finally:
        await far.close()
        await until(lambda: pile.has_ended, "the end told")
        await connection.close()


async def test_the_end_of_the_far_ends_sound_is_told() -> None:
    pile = Pile()
    receiver: Any = RTCPeerConnection().addTransceiver("audio").receiver
    aiortc_adapter.take_over_sound(receiver, pile)
    await receiver._handle_rtcp_packet(RtcpByePacket(sources=[1]))
    assert pile.has_ended


def test_another_aiortc_is_refused() -> None:
    class Renamed:
        """A receiver of another release."""

    renamed: Any = Renamed()
    with pytest.raises(AttributeError, match="not the aiortc"):
        aiortc_adapter.take_over_sound(renamed, Pile())
    names = RTCRtpReceiver._handle_rtp_packet.__code__.co_names
    assert {"_RTCRtpReceiver__codecs", "_RTCRtpReceiver__remote_streams", "_enabled"} <= set(names)
    assert hasattr(RTCRtpReceiver, "_RTCRtpReceiver__stop_decoder")


async def test_a_whole_call_is_heard_through_it() -> None:
    async with Call() as call:
        heard: list[bytes] = []

        def hears() -> bool:
            block = call.incoming.next_block()
            if block != SILENCE:
                heard.append(block)
            return len(heard) > 50

        await until(hears, "sound")
        figures = call.peer.sound_in.figures()
        assert figures.packets > 5
        assert "minptime=10;useinbandfec=1" in call.far.offers[0]
        await call.far.close()

        def is_told() -> bool:
            try:
                call.peer.sound_in.check()
            except MediaError as error:
                return "ended its audio" in str(error)
            return False

        await until(is_told, "the end told")
