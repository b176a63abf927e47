"""Ask the room of a coming appointment, long before the patient presses, whether it would let us in."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Final

from kiosk.consultation.activities import CheckRoom
from kiosk.consultation.events import RoomChecked
from kiosk.consultation.model import Refusal
from kiosk.engine.engine import Post
from kiosk.engine.house import House
from kiosk.engine.refusals import refusal_of
from kiosk.errors import RoomError, RoomRefused

FIRST_WITHIN_S: Final = 30.0
"""Terminals that are switched on together do not ask together."""
EVERY_S: Final = 4 * 3600.0
AFTER_NO_ANSWER_S: Final = 15 * 60.0
SPREAD: Final = 1 / 3
"""The waits lie within 1 ± a third of their plan: 10 to 20 minutes, 2:40 to 5:20 hours."""

log = logging.getLogger(__name__)


async def check_room(
    activity: CheckRoom,
    house: House,
    post: Post,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    draw: Callable[[], float] = random.random,
) -> None:
    """Post RoomChecked at every clear answer, until cancelled; a room that does not answer is asked again earlier.

    `draw` gives numbers from 0 to 1.
    """
    wait_s = FIRST_WITHIN_S * draw()
    while True:
        await sleep(wait_s)
        answered = await _ask(activity, house, post)
        wait_s = (EVERY_S if answered else AFTER_NO_ANSWER_S) * (1 + SPREAD * (2 * draw() - 1))


async def _ask(activity: CheckRoom, house: House, post: Post) -> bool:
    client = house.rooms.get(activity.room.provider)
    if client is None:
        log.warning("A coming appointment's room is on a platform that has no client: %r", activity.room.provider)
        post(RoomChecked(activity.appointment_id, Refusal.OTHER))
        return True
    try:
        await client.check(activity.room)
    except RoomRefused as error:
        log.warning("A coming appointment's room would not let us in: %s", error)
        post(RoomChecked(activity.appointment_id, refusal_of(error)))
    except RoomError as error:
        log.info("A coming appointment's room was not found out: %s", error)
        return False
    else:
        post(RoomChecked(activity.appointment_id, None))
    return True
