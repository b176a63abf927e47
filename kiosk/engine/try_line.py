"""The line is tried at set times of the day, while nobody uses the terminal."""

import asyncio
import json
import logging
import os
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk.blocking import in_thread
from kiosk.clock import Clock, system_clock
from kiosk.engine.house import House
from kiosk.engine.line_check import Step, line, line_check
from kiosk.selfcheck.machine import ailments, figures
from kiosk.selfcheck.settings import times_until

SPREAD_S: Final = 600.0
"""Terminals that are set to the same time do not call together."""
LOOKS_EVERY_S: Final = 20.0
"""At the clock: it may jump."""

log = logging.getLogger(__name__)


async def try_line(
    house: House,
    *,
    clock: Clock = system_clock,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    draw: Callable[[], float] = random.random,
) -> None:
    """Wait for the next set time and try, again and again until cancelled. `draw` gives numbers from 0 to 1."""
    plan = house.line_plan
    if plan is None or not plan.times:
        return
    seen = clock().wall.astimezone(plan.zone)
    while True:
        await sleep(LOOKS_EVERY_S)
        now = clock().wall.astimezone(plan.zone)
        due = any(seen < at <= now for at in times_until(plan.times, now))
        seen = now
        if due:
            await sleep(SPREAD_S * draw())
            await _try(house, clock)


async def _try(house: House, clock: Clock) -> None:
    plan = house.line_plan
    assert plan is not None
    reading = replace(await in_thread(house.health.read), button_held_s=house.button_held_s())
    ill = ailments(reading)
    machine = tuple(Step(part, ailment not in ill, told) for part, (told, ailment) in figures(reading).items())
    steps = await line_check(plan, house.rooms, house.media)
    every = (*steps, *machine)
    (log.info if all(step.good for step in every) else log.warning)("%s", line(every))
    if plan.report is not None:
        await in_thread(lambda: write(plan.report, clock().wall, every))


def write(path: Path | None, at: datetime, steps: tuple[Step, ...]) -> None:
    """The report as a JSON file, for `kiosk doctor`. A disk that fails costs only this."""
    if path is None:
        return
    fresh = path.with_suffix(".new")
    try:
        with suppress(FileNotFoundError):
            fresh.unlink()
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump({"at": at.isoformat(timespec="seconds"), "steps": [asdict(step) for step in steps]}, file)
        fresh.replace(path)
    except OSError as error:
        log.warning("the report of the line cannot be written (%s)", error.strerror)
