"""Keep the loudness at its level."""

import asyncio
from typing import Final

from kiosk.blocking import in_thread
from kiosk.consultation.activities import KeepVolume
from kiosk.engine.house import House

AGAIN_EVERY_S: Final = 5.0
"""A card that was pulled out and came back plays as loud as it likes until then."""


async def keep_volume(activity: KeepVolume, house: House) -> None:
    """Set it now, and again and again until cancelled."""
    while True:
        by_card = await in_thread(house.volume.set, activity.gain_db)
        house.gain.set(0.0 if by_card else activity.gain_db)
        await asyncio.sleep(AGAIN_EVERY_S)
