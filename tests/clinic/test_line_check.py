"""The call without a patient: what it finds of a real clinic, of a broken line, and when it is made."""

import asyncio
import json
import socket
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from kiosk.clinic import RunningClinic
from kiosk.clock import Moment
from kiosk.config import parse
from kiosk.consultation.activities import TryLine, activities
from kiosk.consultation.model import Room
from kiosk.consultation.state import Idle, Scheduled, Unassigned
from kiosk.devices.health.port import Reading
from kiosk.engine import try_line as trying
from kiosk.engine.line_check import LinePlan, Step, line, line_check
from kiosk.engine.try_line import try_line
from kiosk.errors import ConfigError
from kiosk.line_plan import line_plan
from kiosk.media import Settings as MediaSettings
from kiosk.rooms.pexip.client import PexipClient
from kiosk.selfcheck.settings import times_until
from tests.consultation.examples import every_state
from tests.engine.test_devices_in_use import Bench, until

CLIENTS = {"pexip": PexipClient()}


def plan(url: str, alias: str = "123456") -> LinePlan:
    return LinePlan(Room("pexip", url, alias, display_name="Terminal 0042"), call_s=3.0)


async def test_a_good_line_has_figures_for_every_step_and_leaves_nobody_behind(clinic: RunningClinic) -> None:
    steps = await line_check(plan(clinic.url), CLIENTS, MediaSettings())
    assert {step.name: step.good for step in steps} == dict.fromkeys(
        ("names", "reach", "room", "call", "delay", "loss", "rate"), True
    ), steps
    assert "bad=none" in line(steps)
    assert "123456" not in line(steps)
    assert "127.0.0.1" not in line(steps)
    async with asyncio.timeout(10):
        while clinic.clinic.rooms["123456"].participants:
            await asyncio.sleep(0.02)


async def test_a_room_that_says_no_is_named_as_the_fault(clinic: RunningClinic) -> None:
    steps = await line_check(plan(clinic.url, "999999"), CLIENTS, MediaSettings())
    assert [(step.name, step.good) for step in steps] == [("names", True), ("reach", True), ("room", False)]
    assert "999999" not in line(steps)


async def test_a_machine_that_does_not_answer_ends_it() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        steps = await line_check(plan(f"http://127.0.0.1:{deaf.getsockname()[1]}"), CLIENTS, MediaSettings())
    assert [(step.name, step.good) for step in steps] == [("names", True), ("reach", False)]


async def test_a_name_that_nobody_knows_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    (step,) = await line_check(plan("https://join.example.org"), CLIENTS, MediaSettings())
    assert (step.name, step.good) == ("names", False)
    assert "join.example.org" not in step.told


async def test_a_door_without_encryption_where_there_should_be_one_is_told(clinic: RunningClinic) -> None:
    steps = await line_check(plan(clinic.url.replace("http:", "https:")), CLIENTS, MediaSettings())
    assert [(step.name, step.good) for step in steps] == [("names", True), ("reach", False)]


async def test_cancelled_it_leaves_the_room(clinic: RunningClinic) -> None:
    call = asyncio.create_task(line_check(replace(plan(clinic.url), call_s=60.0), CLIENTS, MediaSettings()))
    async with asyncio.timeout(20):
        while not clinic.clinic.rooms["123456"].participants:
            await asyncio.sleep(0.02)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    async with asyncio.timeout(10):
        while clinic.clinic.rooms["123456"].participants:
            await asyncio.sleep(0.02)


def test_it_waits_for_its_time_only_while_nobody_uses_the_terminal() -> None:
    for state in every_state():
        assert (TryLine() in activities(state)) is isinstance(state.phase, Idle | Scheduled | Unassigned)


def test_the_times_of_a_day_and_of_the_night_before() -> None:
    now = datetime(2026, 3, 4, 0, 5, tzinfo=UTC)
    tonight = now.replace(hour=23, minute=59)
    assert times_until((time(23, 59),), now) == [tonight, tonight - timedelta(days=1)]


@pytest.mark.parametrize(("minutes", "tries"), [(60, 0), (24 * 60, 1), (3 * 24 * 60 + 60, 3)])
async def test_it_is_made_once_at_each_set_time(
    minutes: int, tries: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    made: list[datetime] = []
    over = asyncio.Event()

    async def check(*_: object) -> tuple[Step, ...]:
        made.append(now)
        return (Step("call", True, "500 ms, direct"),)

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += timedelta(seconds=seconds)
        if now > datetime(2026, 3, 4, 12, 0, tzinfo=UTC) + timedelta(minutes=minutes):
            over.set()
            await asyncio.Event().wait()

    monkeypatch.setattr(trying, "line_check", check)
    bench = Bench()
    house = bench.house()
    report = tmp_path / "report.json"
    house.line_plan = replace(plan("http://127.0.0.1"), times=(time(3, 30),), report=report)
    house.health = Ill()
    trial = try_line(house, clock=lambda: Moment(now, 0.0), sleep=sleep, draw=lambda: 0.5)
    async with bench.doing(trial):
        await until(over.is_set)
    assert len(made) == tries
    assert all((at.hour, at.minute) == (3, 35) for at in made)
    if tries:
        said = json.loads(report.read_text())
        assert [step["name"] for step in said["steps"]] == ["call", "button", "temperature", "power", "disk", "clock"]
        assert report.stat().st_mode & 0o777 == 0o600
        assert "bad=temperature" in caplog.text


class Ill:
    """A machine in the sun."""

    def read(self) -> Reading:
        return Reading(temperature_c=90.0)


def test_the_configuration_names_a_room_that_may_be_entered() -> None:
    rooms = '[rooms.pexip]\nnode = "https://join.example.org"\n'
    assert line_plan(parse(rooms)) is None
    made = line_plan(parse(f'{rooms}[selfcheck]\nroom = "998112"\ntimes = ["03:30"]\nreport = "/run/kiosk/r.json"'))
    assert made is not None
    assert (made.room.alias, made.times, made.report) == ("998112", (time(3, 30),), Path("/run/kiosk/r.json"))
    with pytest.raises(ConfigError, match=r"^selfcheck.room: "):
        line_plan(parse('[selfcheck]\nroom = "https://evil.example/webapp/conference/998112"'))
    for faulty in ('times = ["03:30"]', 'room = "1"\ntimes = ["3.30"]', 'room = "1"\ntimes = ["24:00"]'):
        with pytest.raises(ConfigError, match=r"selfcheck.times: "):
            parse(f"[selfcheck]\n{faulty}")
