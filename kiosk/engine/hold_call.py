"""Be in the room: from taking a place to giving it back. Media that dies is replaced on the same place."""

import asyncio
import logging
import random
from collections.abc import Coroutine, Iterable
from typing import Any, Final

from kiosk.blocking import outcome
from kiosk.consultation.activities import HoldCall
from kiosk.consultation.events import CallEnded, CallLost, Event, Moved
from kiosk.consultation.model import LossReason, Refusal
from kiosk.engine.engine import Post
from kiosk.engine.house import House, Lines
from kiosk.engine.refusals import refusal_of
from kiosk.engine.room_news import RoomNews
from kiosk.engine.watch_call import tell_who_speaks, watch_call
from kiosk.errors import KioskError, MediaError, RoomError, RoomSilent
from kiosk.media import MediaSession, Receiver
from kiosk.rooms.port import RoomCamera, RoomEnded, RoomLost, RoomMoved, RoomOffer, RoomOfferWithdrawn, Signaling

MEDIA_TRIES: Final = 3
"""So often in a row media is put anew on the same place; then the place is given up and taken again."""
SILENT_PAUSE_S: Final = 1.0
"""Between two tries to reach a platform from which nothing comes, give or take a half by chance."""
LAST_WORD_WITHIN_S: Final = 0.1
STEERED_EVERY_S: Final = 0.3
"""How often the sign for a steered picture is looked after."""

log = logging.getLogger(__name__)


async def hold_call(activity: HoldCall, house: House, post: Post) -> None:
    """Until cancelled, ended or lost; the place is given back and media is closed in every case.

    Its last word is CallEnded, CallLost or Moved, so that no state waits for a call that is no more. It is spoken
    before the place is given back: a server that hangs shall not hold up the next try.
    """
    try:
        signaling = await _join(activity, house)
    except KioskError as error:
        post(_last_word(activity, error))
        return
    try:
        post(await _be_in_room(activity, house, signaling, post))
    except KioskError as error:
        post(_last_word(activity, error))
    finally:
        await outcome(asyncio.create_task(signaling.leave(), name="leave-room"))


async def _join(activity: HoldCall, house: House) -> Signaling:
    client = house.rooms.get(activity.room.provider)
    if client is None:
        raise RoomError(f"no room client is called {activity.room.provider!r}; there is {', '.join(house.rooms)}")
    return await client.join(activity.room)


async def _be_in_room(activity: HoldCall, house: House, signaling: Signaling, post: Post) -> Event:
    lines = house.lines(activity.visit)
    news = RoomNews(activity.attempt, signaling.waiting, post)
    speaking = asyncio.create_task(_relay(signaling, news, lines, activity.attempt), name="room-events")
    try:
        return await _keep_media(activity, house, signaling, news, speaking)
    finally:
        await _end(speaking)
        lines.outgoing.whole()


async def _keep_media(
    activity: HoldCall, house: House, signaling: Signaling, news: RoomNews, speaking: "asyncio.Task[Event]"
) -> Event:
    """Have media on this place until the room's last word; raises MediaError when that cannot be."""
    failures = 0
    lines = house.lines(activity.visit)
    closing: list[asyncio.Task[None]] = []
    try:
        while True:
            session = MediaSession(house.media, lines.outgoing, lines.incoming)
            try:
                if await _unless_spoken(speaking, session.connect(signaling)):
                    return speaking.result()
                failures = 0
                house.places[activity.attempt] = signaling
                news.connected()
                try:
                    watches = (
                        watch_call(session, lines.loudspeaker, activity.attempt, news.tell),
                        tell_who_speaks(lines.loudspeaker, activity.attempt, news.tell),
                    )
                    return await _while_connected(signaling, session, speaking, watches)
                finally:
                    del house.places[activity.attempt]
            except MediaError as error:
                failures += 1
                if failures == MEDIA_TRIES:
                    raise
                log.warning("media broke, and is put anew on the same place: %s", error)
                signaling.renew()
                if failures == 1:
                    news.broken()
            except RoomSilent as error:
                # A place that was never connected is not worth waiting for; the platform says when one is gone.
                if not news.was_connected:
                    raise
                log.warning("the place is held, though nothing comes from the platform: %s", error)
                signaling.renew()
                if await _unless_spoken(speaking, asyncio.sleep(_about(SILENT_PAUSE_S))):
                    return speaking.result()
            finally:
                # A dead path takes its time to close; the next session need not wait for that.
                closing.append(asyncio.create_task(session.close(), name="media-close"))
    finally:
        await asyncio.gather(*closing)


async def _while_connected(
    signaling: Signaling,
    session: MediaSession,
    speaking: "asyncio.Task[Event]",
    watches: Iterable[Coroutine[Any, Any, None]],
) -> Event:
    """The room's last word; raises MediaError when the media dies before it. The `watches` go on meanwhile."""
    watching = [asyncio.create_task(watch, name="watch-call") for watch in watches]
    reporting = asyncio.create_task(_report(signaling, session), name="statistics")
    try:
        if await _unless_spoken(speaking, session.watch()):
            return speaking.result()
        raise MediaError("the watch over the media ended")
    finally:
        for task in (*watching, reporting):
            await _end(task)


async def _unless_spoken(speaking: "asyncio.Task[Event]", work: Coroutine[Any, Any, None]) -> bool:
    """Do the work; True when the room spoke its last word first. Raises what the work raises."""
    working = asyncio.create_task(work)
    try:
        await asyncio.wait({speaking, working}, return_when=asyncio.FIRST_COMPLETED)
        if not speaking.done() and isinstance(working.exception(), RoomError):
            # What a room does not do any more may have its reason in a last word that is being passed on.
            await asyncio.wait({speaking}, timeout=LAST_WORD_WITHIN_S)
        if not speaking.done():
            working.result()
        return speaking.done()
    finally:
        await _end(working)


async def _end(task: "asyncio.Task[Any]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _relay(signaling: Signaling, news: RoomNews, lines: Lines, attempt: int) -> Event:
    """Pass on what the platform says; its last word."""
    watching: asyncio.Task[None] | None = None
    receiver = Receiver(lines.incoming)
    try:
        async for event in signaling.events():
            match event:
                case RoomEnded(reason=reason):
                    return CallEnded(attempt, reason)
                case RoomLost(reason=lost):
                    return _lost(attempt, lost)
                case RoomMoved(room=room):
                    return Moved(attempt, room)
                case RoomCamera(pan=pan, tilt=tilt, zoom=zoom, for_s=for_s):
                    lines.outgoing.steer(pan, tilt, zoom, for_s)
                    if watching is None:
                        watching = asyncio.create_task(_show_steering(lines, news), name="steering")
                case RoomOffer():
                    receiver.take(event)
                case RoomOfferWithdrawn(source=source):
                    receiver.drop(source)
                case _:
                    news.hear(event)
        return _lost(attempt, LossReason.LEFT_BEHIND)
    finally:
        await receiver.close()
        if watching is not None:
            await _end(watching)


async def _show_steering(lines: Lines, news: RoomNews) -> None:
    """Have the sign on the screen as long as the picture is not the whole one."""
    shown = False
    while True:
        if lines.outgoing.steered != shown:
            shown = not shown
            news.steered(shown)
        await asyncio.sleep(STEERED_EVERY_S)


async def _report(signaling: Signaling, session: MediaSession) -> None:
    """Tell the platform how the call does, as often as it wants to know."""
    if signaling.statistics_every_s is None:
        return
    while True:
        await asyncio.sleep(signaling.statistics_every_s)
        await signaling.statistics(await session.statistics())


def _about(seconds: float) -> float:
    return seconds * (0.5 + random.random())  # noqa: S311 (spreads load, hides nothing)


def _last_word(activity: HoldCall, error: KioskError) -> CallLost:
    log.warning("%s: %s", type(error).__name__, error)
    return _lost(activity.attempt, *_reason(error))


def _lost(attempt: int, reason: LossReason, refusal: Refusal = Refusal.OTHER) -> CallLost:
    return CallLost(attempt, reason, refusal, spread=random.random())  # noqa: S311 (spreads load, hides nothing)


def _reason(error: KioskError) -> tuple[LossReason, Refusal]:
    if isinstance(error, MediaError):
        return LossReason.MEDIA, Refusal.OTHER
    if error.retry:
        return LossReason.UNREACHABLE, Refusal.OTHER
    return LossReason.REFUSED, refusal_of(error)
