"""Be in the room: from taking a place to giving it back."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from kiosk.consultation.activities import HoldCall
from kiosk.consultation.events import (
    Admitted,
    CallConnected,
    CallEnded,
    CallLost,
    CameraSteered,
    CaptionHeard,
    Event,
    MessageReceived,
    Moved,
    MutedByHost,
    PeopleChanged,
    RecordingChanged,
    SentToWaitingRoom,
    SlidesChanged,
    SomebodyJoined,
)
from kiosk.consultation.model import LossReason
from kiosk.engine.engine import Post
from kiosk.engine.house import House
from kiosk.errors import KioskError, MediaError, RoomError
from kiosk.media import MediaSession
from kiosk.rooms.port import (
    RoomAdmitted,
    RoomCamera,
    RoomCaption,
    RoomEnded,
    RoomEvent,
    RoomJoined,
    RoomLost,
    RoomMessage,
    RoomMoved,
    RoomMuted,
    RoomPeople,
    RoomRecorded,
    RoomSlides,
    RoomWaiting,
    Signaling,
)

log = logging.getLogger(__name__)


async def hold_call(activity: HoldCall, house: House, post: Post) -> None:
    """Until cancelled, ended or lost; the place is given back and media is closed in every case.

    Its last word is CallEnded or CallLost, so that no state waits for a call that is no more.
    """
    try:
        last = await _be_in_room(activity, house, post)
    except KioskError as error:
        log.warning("%s: %s", type(error).__name__, error)
        last = _lost(activity.attempt, _reason(error))
    post(last)


async def _be_in_room(activity: HoldCall, house: House, post: Post) -> Event:
    client = house.rooms.get(activity.room.provider)
    if client is None:
        raise RoomError(f"no room client is called {activity.room.provider!r}; there is {', '.join(house.rooms)}")
    async with _place(await client.join(activity.room)) as signaling, _session(house, activity.visit) as session:
        await session.connect(signaling)
        house.places[activity.attempt] = signaling
        try:
            post(CallConnected(activity.attempt, signaling.waiting))
            return await _first_of(_relay(signaling, activity.attempt, post), session)
        finally:
            del house.places[activity.attempt]


@asynccontextmanager
async def _place(signaling: Signaling) -> AsyncIterator[Signaling]:
    try:
        yield signaling
    finally:
        await signaling.leave()


@asynccontextmanager
async def _session(house: House, visit: int) -> AsyncIterator[MediaSession]:
    lines = house.lines(visit)
    session = MediaSession(house.media, lines.outgoing, lines.incoming)
    try:
        yield session
    finally:
        await session.close()


async def _first_of(relay: Coroutine[Any, Any, Event], session: MediaSession) -> Event:
    """The room's last word, or the media's death, whichever comes first."""
    speaking = asyncio.create_task(relay)
    watching = asyncio.create_task(session.watch())
    try:
        await asyncio.wait({speaking, watching}, return_when=asyncio.FIRST_COMPLETED)
        if speaking.done():
            return speaking.result()
        error = watching.exception()
        raise error or MediaError("the watch over the media ended")
    finally:
        for task in (speaking, watching):
            task.cancel()
        await asyncio.gather(speaking, watching, return_exceptions=True)


async def _relay(signaling: Signaling, attempt: int, post: Post) -> Event:
    async for event in signaling.events():
        match event:
            case RoomEnded(reason=reason):
                return CallEnded(attempt, reason)
            case RoomLost(reason=lost):
                return _lost(attempt, lost)
            case _:
                post(_translated(event, attempt))
    return _lost(attempt, LossReason.LEFT_BEHIND)


def _translated(event: RoomEvent, attempt: int) -> Event:
    match event:
        case RoomAdmitted():
            return Admitted(attempt)
        case RoomWaiting():
            return SentToWaitingRoom(attempt)
        case RoomPeople(people=people):
            return PeopleChanged(attempt, people)
        case RoomMuted(muted=muted):
            return MutedByHost(attempt, muted)
        case RoomMessage(text=text):
            return MessageReceived(attempt, text)
        case RoomJoined(name=name):
            return SomebodyJoined(attempt, name)
        case RoomCaption(text=text):
            return CaptionHeard(attempt, text)
        case RoomRecorded(on=on):
            return RecordingChanged(attempt, on)
        case RoomSlides(shown=shown):
            return SlidesChanged(attempt, shown)
        case RoomCamera(for_s=for_s):
            return CameraSteered(attempt, on=for_s > 0)
        case RoomMoved(room=room):
            return Moved(attempt, room)
        case RoomEnded(reason=reason):
            return CallEnded(attempt, reason)
        case RoomLost(reason=lost):
            return _lost(attempt, lost)


def _lost(attempt: int, reason: LossReason) -> CallLost:
    return CallLost(attempt, reason, spread=random.random())  # noqa: S311 (spreads load, hides nothing)


def _reason(error: KioskError) -> LossReason:
    if isinstance(error, MediaError):
        return LossReason.MEDIA
    return LossReason.UNREACHABLE if error.retry else LossReason.REFUSED
