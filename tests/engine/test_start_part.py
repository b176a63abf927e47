"""A part that cannot be started is told of, tried again, and costs nothing but itself."""

import asyncio

import pytest

from kiosk.engine.start_part import start_part
from kiosk.errors import DeviceMissing


async def _run(failures: int, caplog: pytest.LogCaptureFixture) -> tuple[int, list[bool]]:
    """How often it was started, and what was told, once it has been started without a fault."""
    works = asyncio.Event()
    loop = asyncio.get_running_loop()
    starts = 0
    told: list[bool] = []

    def start() -> None:
        nonlocal starts
        starts += 1
        if starts <= failures:
            raise DeviceMissing("button", "pin GPIO17 cannot be used")
        loop.call_soon_threadsafe(works.set)

    task = asyncio.create_task(start_part("button", start, told.append, retry_s=0))
    async with asyncio.timeout(10):
        await works.wait()
        while failures and told != [False, True]:
            await asyncio.sleep(0)
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return starts, told


async def test_a_part_that_works_is_started_once_and_not_spoken_of(caplog: pytest.LogCaptureFixture) -> None:
    assert await _run(0, caplog) == (1, [])
    assert not caplog.records


async def test_a_part_that_fails_is_told_once_and_tried_until_it_works(caplog: pytest.LogCaptureFixture) -> None:
    assert await _run(3, caplog) == (4, [False, True])
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        "button: pin GPIO17 cannot be used; tried again every 0 s"
    ]


async def test_a_bug_in_starting_is_not_swallowed() -> None:
    def start() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await start_part("button", start, lambda _: None)
