"""A card is held to the camera: the picture that is sent is sharp rather than fluent."""

import asyncio

from kiosk.consultation.activities import SendDetail
from kiosk.engine.house import House


async def send_detail(activity: SendDetail, house: House) -> None:
    """Until cancelled. Nothing is kept of the pictures after."""
    outgoing = house.lines(activity.visit).outgoing
    outgoing.prefer_detail(True)
    try:
        await asyncio.Event().wait()
    finally:
        outgoing.prefer_detail(False)
