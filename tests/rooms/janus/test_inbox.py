"""Events between the server and a slow reader."""

import pytest

from kiosk.consultation.model import EndReason
from kiosk.rooms.inbox import MOST_PENDING, Inbox
from kiosk.rooms.port import RoomEnded, RoomJoined, RoomMuted, RoomOffer, RoomOfferWithdrawn, RoomPeople

ENDED = RoomEnded(EndReason.FINISHED)


async def answer(_: str) -> None: ...


async def read(inbox: Inbox) -> list[object]:
    inbox.close()
    return [event async for event in inbox]


async def test_news_replaces_older_news_of_its_kind() -> None:
    inbox = Inbox()
    for event in (RoomPeople(1), RoomMuted(True), RoomJoined("A"), RoomJoined("B"), RoomPeople(2)):
        inbox.post(event)
    assert await read(inbox) == [RoomMuted(True), RoomJoined("A"), RoomJoined("B"), RoomPeople(2)]


async def test_each_source_has_its_own_offer() -> None:
    inbox = Inbox()
    for source, sdp in (("2", "old"), ("3", "x"), ("2", "new")):
        inbox.post(RoomOffer(source, sdp, answer))
    inbox.post(RoomOfferWithdrawn("3"))
    assert await read(inbox) == [RoomOffer("2", "new", answer), RoomOfferWithdrawn("3")]


async def test_a_flood_is_cut_and_the_end_is_kept() -> None:
    inbox = Inbox()
    for number in range(3 * MOST_PENDING):
        inbox.post(RoomOffer(str(number), "offer", answer))
    inbox.post(ENDED)
    inbox.post(RoomPeople(1))
    events = await read(inbox)
    assert len(events) == MOST_PENDING
    assert events[-1] == ENDED


async def test_a_bug_is_not_silence() -> None:
    inbox = Inbox()
    inbox.fail(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await anext(inbox)
