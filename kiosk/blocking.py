"""Calls that block, made from asyncio without leaks.

A cancelled `asyncio.to_thread` goes on in its thread, and what it takes nobody gives back: a ghost in the roster, an
open camera behind a dark lamp. Here a cancelled call is waited for first.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar, TypeVarTuple

T = TypeVar("T")
Args = TypeVarTuple("Args")

_WORKERS: Final = ThreadPoolExecutor(max_workers=16, thread_name_prefix="worker")


async def in_thread(function: Callable[[*Args], T], *args: *Args) -> T:
    """What `function` returns or raises. When cancelled, waits for it to return before CancelledError goes on."""
    return await outcome(asyncio.get_running_loop().run_in_executor(_WORKERS, function, *args))


async def acquire(get: Callable[[], T], give_back: Callable[[T], None]) -> T:
    """What `get` returns. When cancelled meanwhile, and `get` succeeded all the same, `give_back` gets it."""
    taking = asyncio.get_running_loop().run_in_executor(_WORKERS, get)
    try:
        return await outcome(taking)
    except asyncio.CancelledError:
        if not taking.cancelled() and taking.exception() is None:
            await in_thread(give_back, taking.result())
        raise


async def outcome(future: "asyncio.Future[T]") -> T:
    """What it comes to. When cancelled, waits for it all the same before CancelledError goes on."""
    cancelled: asyncio.CancelledError | None = None
    while not future.done():
        try:
            await asyncio.wait({future})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
    return future.result()
