"""A clinic for each test, closed at its end."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from kiosk.clinic import ClinicSettings, RunningClinic, serve

Start = Callable[..., Awaitable[RunningClinic]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts clinics with the given settings."""
    running: list[RunningClinic] = []

    async def begin(**settings: Any) -> RunningClinic:
        running.append(await serve(ClinicSettings(port=0, **settings)))
        return running[-1]

    yield begin
    for clinic in running:
        await clinic.close()


@pytest.fixture
async def clinic(start: Start) -> RunningClinic:
    """A clinic as it starts by default: room 123456, host PIN 1234, guests wait to be admitted."""
    return await start()
