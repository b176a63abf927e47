"""Tell the room that the patient has paused, and afterwards that she is back."""

import asyncio

from kiosk.consultation.activities import StayPaused
from kiosk.engine.house import House


async def stay_paused(activity: StayPaused, house: House) -> None:
    """Until cancelled. That nothing is sent does not hang on this: it only informs the others."""
    signaling = house.places.get(activity.attempt)
    if signaling is None:
        return
    try:
        await signaling.pause(True)
        await asyncio.Event().wait()
    finally:
        if activity.attempt in house.places:
            await signaling.pause(False)
