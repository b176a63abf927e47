"""Get onto the wireless network that a code names."""

from kiosk.blocking import in_thread
from kiosk.consultation.activities import JoinWifi
from kiosk.consultation.events import WifiTried
from kiosk.consultation.model import WifiFault
from kiosk.engine.engine import Post
from kiosk.engine.house import House


async def join_wifi(activity: JoinWifi, house: House, post: Post) -> None:
    """Post WifiTried when it is known whether that went well."""
    fault = await in_thread(house.network.join, activity.wifi)
    post(WifiTried(activity.run, fault is None, fault or WifiFault.OTHER))
