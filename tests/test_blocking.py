"""What a cancelled caller took from a worker thread is given back."""

import asyncio
import threading

import pytest

from kiosk.blocking import acquire, in_thread


async def _cancelled_while_getting(fails: bool = False) -> tuple[list[str], list[str]]:
    """Cancel `acquire` while its `get` is in mid-flight; what was taken, and what was given back."""
    begun, may_end = threading.Event(), threading.Event()
    taken: list[str] = []
    given_back: list[str] = []

    def get() -> str:
        begun.set()
        assert may_end.wait(10)
        if fails:
            raise OSError("no token")
        taken.append("token")
        return "token"

    task = asyncio.create_task(acquire(get, given_back.append))
    await in_thread(begun.wait, 10)
    task.cancel()
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done(), "gave up while the thread may still take something"
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    return taken, given_back


async def test_what_a_cancelled_caller_took_is_given_back() -> None:
    taken, given_back = await _cancelled_while_getting()
    assert taken == given_back == ["token"]


async def test_nothing_is_given_back_when_nothing_was_taken() -> None:
    assert await _cancelled_while_getting(fails=True) == ([], [])


async def test_without_a_cancel_the_value_is_kept() -> None:
    given_back: list[int] = []
    assert await acquire(lambda: 7, given_back.append) == 7
    assert not given_back


async def test_errors_come_through() -> None:
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 // 0)
