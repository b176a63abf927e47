"""A part that stays open all day, such as the button: started, and tried again for as long as it cannot be."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from kiosk.blocking import in_thread
from kiosk.errors import DeviceMissing

RETRY_S: Final = 10.0

log = logging.getLogger(__name__)


async def start_part(
    name: str, start: Callable[[], None], told: Callable[[bool], None], retry_s: float = RETRY_S
) -> None:
    """Never returns; cancel it. `told(False)` once the part could not be started, `told(True)` if it could later on.

    A wrong wiring or a pin library that does not know this board would otherwise end the terminal again and again, with
    nothing on its screen that tells why.
    """
    failed = False
    while True:
        try:
            await in_thread(start)
        except DeviceMissing as error:
            if not failed:
                log.warning("%s; tried again every %g s", error, retry_s)
                told(False)
            failed = True
            await asyncio.sleep(retry_s)
        else:
            if failed:
                log.info("%s works now", name)
                told(True)
            await asyncio.Event().wait()
