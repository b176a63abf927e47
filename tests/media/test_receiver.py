"""Connections that others offer: answered, received, dropped, and not broken by what they say."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription

from kiosk.errors import RoomUnreachable
from kiosk.frames import SILENCE, VideoFrame
from kiosk.media import Incoming, Receiver, aiortc_adapter
from kiosk.rooms.port import RoomOffer
from tests.media.far_end import RED, ColourTrack, ToneTrack, until


class Sender:
    """Offers a picture and a tone, as a room would for one of the others."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.connection = RTCPeerConnection()
        for track in (ToneTrack(1000), ColourTrack(*RED)):
            self.connection.addTransceiver(track, direction="sendonly")
        self.answers: list[str] = []

    async def offer(self) -> RoomOffer:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return RoomOffer(self.name, self.connection.localDescription.sdp, self._answer)

    async def close(self) -> None:
        await self.connection.close()
        await aiortc_adapter.settle(self.connection)

    async def _answer(self, sdp: str) -> None:
        self.answers.append(sdp)
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp, "answer"))


class Watcher:
    def __init__(self) -> None:
        self.incoming = Incoming()
        self.incoming.on_picture = self._see
        self.receiver = Receiver(self.incoming)
        self.pictures = 0

    def hears(self) -> bool:
        return self.incoming.next_block() != SILENCE

    def _see(self, frame: VideoFrame) -> None:
        self.pictures += 1


@pytest.fixture
async def watcher() -> AsyncIterator[Watcher]:
    watcher = Watcher()
    yield watcher
    await watcher.receiver.close()
    assert [task for task in asyncio.all_tasks() if task.get_name() == "media-receive"] == []


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    sender = Sender("2")
    yield sender
    await sender.close()


async def test_an_offer_is_answered_seen_and_heard(watcher: Watcher, sender: Sender) -> None:
    watcher.receiver.take(await sender.offer())
    await until(lambda: watcher.pictures and watcher.hears(), "picture and sound come")
    assert all("sendrecv" not in answer and "recvonly" in answer for answer in sender.answers)


async def test_what_is_dropped_comes_no_more(watcher: Watcher, sender: Sender) -> None:
    watcher.receiver.take(await sender.offer())
    await until(lambda: watcher.pictures, "pictures come")
    watcher.receiver.drop(sender.name)
    watcher.receiver.drop("never there")
    await watcher.receiver.close()
    before = watcher.pictures
    await asyncio.sleep(0.1)
    assert watcher.pictures == before
    await until(lambda: sender.connection.connectionState == "closed", "the sender sees the end")


async def test_a_newer_offer_of_the_same_source_takes_its_place(watcher: Watcher, sender: Sender) -> None:
    newer = Sender(sender.name)
    try:
        watcher.receiver.take(await sender.offer())
        await until(lambda: watcher.pictures, "pictures come")
        watcher.receiver.take(await newer.offer())
        await until(lambda: sender.connection.connectionState == "closed", "the former connection ends")
        before = watcher.pictures
        await until(lambda: watcher.pictures > before, "pictures come over the newer one")
    finally:
        await newer.close()


async def test_a_closed_visit_shows_nothing(watcher: Watcher, sender: Sender) -> None:
    watcher.receiver.take(await sender.offer())
    await until(lambda: watcher.pictures, "pictures come")
    watcher.incoming.close()
    before = watcher.pictures
    await asyncio.sleep(0.1)
    assert watcher.pictures == before
    assert not watcher.hears()


@pytest.mark.parametrize(
    "sdp", ["", "v=0", "v=0\r\nm=audio x\r\n", "SECRET" * 1000, "v=0\r\nm=video 9 A/B 1\r\na=mid\r\n"]
)
async def test_an_offer_that_makes_no_sense_is_logged_and_harmless(
    watcher: Watcher, sender: Sender, sdp: str, caplog: pytest.LogCaptureFixture
) -> None:
    answered: list[str] = []

    async def answer(text: str) -> None:
        answered.append(text)

    watcher.receiver.take(RoomOffer("9", sdp, answer))
    watcher.receiver.take(await sender.offer())
    await until(lambda: watcher.pictures, "another source is seen")
    assert "SECRET" not in caplog.text
    assert answered == [] or all("a=candidate" not in text for text in answered)


async def test_an_answer_that_is_not_taken_ends_that_source_alone(
    watcher: Watcher, sender: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    offer = await sender.offer()

    async def refuse(_: str) -> None:
        raise RoomUnreachable("start: no answer")

    watcher.receiver.take(RoomOffer("9", offer.sdp, refuse))
    await until(lambda: "start: no answer" in caplog.text, "the failure is logged")
    watcher.receiver.take(offer)
    await until(lambda: watcher.pictures, "another try is seen")
