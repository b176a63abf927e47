"""What a call's figures and the loudspeaker make the core hear of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from kiosk.consultation.events import Event, LineMeasured, LoudspeakerOff, SomebodySpeaks
from kiosk.consultation.model import Quality
from kiosk.engine import watch_call as watching
from kiosk.engine.loudspeaker import LATELY_BLOCKS, Loudspeaker
from kiosk.engine.watch_call import OFF_AFTER, Ear, tell_who_speaks, watch_call
from kiosk.frames import BLOCK_SAMPLES, SILENCE
from kiosk.media import MediaStats
from kiosk.media.sound_in import Presence, SoundInFigures
from kiosk.media.voice import SPEAKS_DBFS, Audible
from tests.engine.test_devices_in_use import until

PLAYS, SILENT, UNHEARD, OFF, CLOSED = Audible


@pytest.mark.parametrize(
    ("looks", "off"),
    [
        ([UNHEARD] * (OFF_AFTER - 1), False),
        ([UNHEARD] * OFF_AFTER, True),
        ([OFF] * 20, False),
        ([UNHEARD, OFF, OFF, UNHEARD, OFF, UNHEARD], True),
        ([UNHEARD] * OFF_AFTER + [OFF] * 20, True),
        ([UNHEARD] * OFF_AFTER + [SILENT], False),
        ([UNHEARD] * OFF_AFTER + [PLAYS], False),
        ([UNHEARD] * OFF_AFTER + [CLOSED], False),
        ([UNHEARD, PLAYS] * 5, False),
    ],
)
def test_it_is_said_when_somebody_speaks_and_not_before(looks: list[Audible], off: bool) -> None:
    ear = Ear()
    changes = [ear.note(look) for look in looks]
    assert ear.is_off is off
    assert sum(changes) % 2 == off


@dataclass
class Session:
    """A call whose figures the test sets."""

    newest: MediaStats = field(default_factory=lambda: MediaStats(sound_in=SoundInFigures(presence=Presence.QUIET)))


@asynccontextmanager
async def watched(
    session: Any, loudspeaker: Loudspeaker, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[list[Event]]:
    monkeypatch.setattr(watching, "LOOK_EVERY_S", 0.005)
    said: list[Event] = []
    task = asyncio.create_task(watch_call(session, loudspeaker, 7, said.append))
    yield said
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_every_change_of_the_line_is_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "kiosk.engine.watch_call")
    session = Session()
    async with watched(session, Loudspeaker(), monkeypatch) as said:
        session.newest = replace(session.newest, quality_in=Quality.BAD)
        await until(lambda: len(said) == 1)
        session.newest = replace(session.newest, quality_in=Quality.GOOD, quality_out=Quality.WEAK)
        await until(lambda: len(said) == 2)
    assert said == [
        LineMeasured(7, Quality.BAD, Quality.GOOD),
        LineMeasured(7, Quality.GOOD, Quality.WEAK),
    ]
    assert "The line is bad in and good out" in caplog.text


async def test_a_loudspeaker_that_hangs_is_told_while_sound_comes(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    loudspeaker, session = Loudspeaker(), Session()
    loudspeaker.open(lambda: None)
    async with watched(session, loudspeaker, monkeypatch) as said:
        await until(lambda: bool(said))
        loudspeaker.give(SILENCE)
        await until(lambda: len(said) == 2)
    assert said == [LoudspeakerOff(7, off=True), LoudspeakerOff(7, off=False)]
    assert "the loudspeaker is off" in caplog.text


async def test_that_somebody_speaks_is_told_once_and_a_second_after_the_last_sound_that_nobody_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "LISTEN_EVERY_S", 0.005)
    loudspeaker, said = Loudspeaker(), list[Event]()
    task = asyncio.create_task(tell_who_speaks(loudspeaker, 7, said.append))
    loudspeaker.open(lambda: None)
    loudspeaker.give(b"\x00\x10" * BLOCK_SAMPLES)
    await until(lambda: said == [SomebodySpeaks(7, on=True)])
    for _ in range(LATELY_BLOCKS - 1):
        loudspeaker.give(SILENCE)
    assert loudspeaker.lately_dbfs > SPEAKS_DBFS
    loudspeaker.give(SILENCE)
    await until(lambda: len(said) == 2)
    assert said[1] == SomebodySpeaks(7, on=False)
    # A loudspeaker that is closed, as in a pause, plays nobody.
    loudspeaker.give(b"\x00\x10" * BLOCK_SAMPLES)
    await until(lambda: len(said) == 3)
    loudspeaker.close()
    await until(lambda: len(said) == 4)
    assert said[3] == SomebodySpeaks(7, on=False)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
