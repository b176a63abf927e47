"""Events wait for their reader without piling up."""

import asyncio

import pytest

from kiosk.consultation.model import EndReason, LossReason
from kiosk.rooms.inbox import MOST_MESSAGES, Inbox
from kiosk.rooms.port import (
    RoomAdmitted,
    RoomEnded,
    RoomEvent,
    RoomLost,
    RoomMessage,
    RoomMuted,
    RoomPeople,
    RoomWaiting,
)


async def read(*events: RoomEvent) -> list[RoomEvent]:
    """What is read when all of it came before the reader."""
    inbox = Inbox()
    for event in events:
        inbox.post(event)
    inbox.close()
    return [event async for event in inbox]


async def test_the_newest_of_a_kind_is_what_counts() -> None:
    assert await read(RoomPeople(1), RoomAdmitted(), RoomMuted(True), RoomWaiting(), RoomPeople(2)) == [
        RoomMuted(True),
        RoomWaiting(),
        RoomPeople(2),
    ]


async def test_a_flood_of_messages_leaves_the_newest() -> None:
    flood = [RoomMessage(str(number)) for number in range(1000)]
    assert await read(RoomAdmitted(), *flood) == [RoomAdmitted(), *flood[-MOST_MESSAGES:]]


async def test_nothing_follows_the_last_event() -> None:
    ended, lost = RoomEnded(EndReason.FINISHED), RoomLost(LossReason.UNREACHABLE)
    assert await read(RoomPeople(1), ended, lost, RoomPeople(2)) == [RoomPeople(1), ended]


async def test_a_reader_that_waits_gets_what_comes_and_then_the_end() -> None:
    inbox = Inbox()
    reading = asyncio.create_task(anext(inbox))
    await asyncio.sleep(0)
    inbox.post(RoomAdmitted())
    assert await reading == RoomAdmitted()
    reading = asyncio.create_task(anext(inbox))
    await asyncio.sleep(0)
    inbox.close()
    with pytest.raises(StopAsyncIteration):
        await reading


async def test_a_cancelled_wait_loses_nothing() -> None:
    inbox = Inbox()
    reading = asyncio.create_task(anext(inbox))
    await asyncio.sleep(0)
    reading.cancel()
    inbox.post(RoomAdmitted())
    assert await anext(inbox) == RoomAdmitted()


async def test_a_bug_behind_the_events_is_raised_where_they_are_read() -> None:
    inbox = Inbox()
    inbox.fail(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await anext(inbox)
