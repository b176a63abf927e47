"""Blocking calls on a line, asked from the loop: none holds its caller longer than it may."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final, TypeVar

from kiosk.blocking import in_thread
from kiosk.errors import RoomError, RoomSilent
from kiosk.rooms.pexip.line import Line

T = TypeVar("T")

_log = logging.getLogger(__name__)
_working: Final[set[asyncio.Task[Any]]] = set()


async def ask(what: str, line: Line, call: Callable[[], T], limit_s: float) -> T:
    """`call()` in a worker thread. After `limit_s`, or when cancelled, the line is cut, so that the worker ends too;
    its caller does not wait for that. Raises RoomSilent after `limit_s`, and what `call` raises."""
    working = asyncio.create_task(in_thread(call), name=f"pexip-{what}")
    _working.add(working)
    working.add_done_callback(_worked)
    try:
        await asyncio.wait({working}, timeout=limit_s)
    except asyncio.CancelledError:
        line.cut()
        raise
    if not working.done():
        line.cut()
        raise RoomSilent(f"{what}: no answer within {limit_s:.1f} s")
    return working.result()


async def ask_quietly(what: str, line: Line, call: Callable[[], None], limit_s: float) -> None:
    """The same for what may fail: that is logged, not raised."""
    try:
        await ask(what, line, call, limit_s)
    except RoomError as error:
        _log.info("%s", error)


def _worked(working: asyncio.Task[Any]) -> None:
    _working.discard(working)
    error = None if working.cancelled() else working.exception()
    if error is not None and not isinstance(error, RoomError):
        _log.error("%s failed with %s", working.get_name(), type(error).__name__)
