"""When the machine is ill: limits, the way back from them, and who is told what."""

import logging
from dataclasses import replace

import pytest

from kiosk.consultation.events import Event, HealthChanged, SelfCheckDone
from kiosk.consultation.model import Ailment, Flaw
from kiosk.consultation.update import update
from kiosk.devices.health.port import Reading, Throttle
from kiosk.engine import watch
from kiosk.engine.watch import watch_health
from kiosk.selfcheck.machine import ailments, figures
from tests.consultation.examples import START, after, every_state, resting
from tests.engine.test_devices_in_use import Bench, until

WELL = Reading(50.0, Throttle(0), 5_000, True)
LIMITS: list[tuple[Reading, set[Ailment]]] = [
    (WELL, set()),
    (Reading(), set()),
    (replace(WELL, temperature_c=79.9), set()),
    (replace(WELL, temperature_c=80.0), {Ailment.HOT}),
    (replace(WELL, throttled=Throttle.SOFT_LIMIT), {Ailment.HOT}),
    (replace(WELL, throttled=Throttle.SOFT_LIMIT_SINCE_START | Throttle.FREQUENCY_CAPPED), set()),
    (replace(WELL, throttled=Throttle.UNDER_VOLTAGE), {Ailment.WEAK_POWER}),
    (replace(WELL, throttled=Throttle.UNDER_VOLTAGE_SINCE_START), {Ailment.WEAK_POWER}),
    (replace(WELL, disk_free_mb=99), {Ailment.DISK_FULL}),
    (replace(WELL, clock_synchronised=False), {Ailment.CLOCK_UNSURE}),
    (replace(WELL, button_held_s=29.0), set()),
    (replace(WELL, button_held_s=30.0), {Ailment.BUTTON_STUCK}),
    (Reading(95.0, Throttle(0x50005), 0, False, 99.0), set(Ailment)),
]


@pytest.mark.parametrize(("reading", "expected"), LIMITS)
def test_limits(reading: Reading, expected: set[Ailment]) -> None:
    assert ailments(reading) == expected


@pytest.mark.parametrize(
    ("before", "celsius", "free_mb", "expected"),
    [
        ({Ailment.HOT}, 76.0, 5_000, {Ailment.HOT}),
        ({Ailment.HOT}, 74.0, 5_000, set()),
        (set(), 76.0, 5_000, set()),
        ({Ailment.DISK_FULL}, 50.0, 120, {Ailment.DISK_FULL}),
        ({Ailment.DISK_FULL}, 50.0, 150, set()),
        (set(), 50.0, 120, set()),
    ],
)
def test_at_a_limit_it_does_not_flicker(
    before: set[Ailment], celsius: float, free_mb: int, expected: set[Ailment]
) -> None:
    reading = replace(WELL, temperature_c=celsius, disk_free_mb=free_mb)
    assert ailments(reading, frozenset(before)) == expected


def test_every_ailment_has_its_figures() -> None:
    for reading, _ in LIMITS:
        assert {ailment for _, ailment in figures(reading).values()} == set(Ailment)


@pytest.mark.parametrize(
    ("ill", "found", "told"),
    [
        (set(), None, None),
        ({Ailment.HOT}, None, Flaw.HOT),
        ({Ailment.HOT, Ailment.WEAK_POWER}, None, Flaw.WEAK_POWER),
        ({Ailment.HOT}, Flaw.COVERED, Flaw.COVERED),
        ({Ailment.DISK_FULL, Ailment.CLOCK_UNSURE}, None, None),
    ],
)
def test_the_practice_test_tells_what_the_patient_can_mend(
    ill: set[Ailment], found: Flaw | None, told: Flaw | None
) -> None:
    from tests.consultation.test_update import A_PRESS  # noqa: PLC0415

    state = after(resting(), A_PRESS, HealthChanged(frozenset(ill)), SelfCheckDone(1, heard=True, flaw=found))
    assert getattr(state.phase, "flaw", "none") is told


def test_an_ailment_disturbs_nothing() -> None:
    for state in every_state():
        assert update(state, HealthChanged(frozenset(Ailment)), START).phase == state.phase


async def test_each_limit_that_is_passed_is_told_and_logged_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "HEALTH_EVERY_S", 0.001)
    caplog.set_level(logging.INFO)
    bench = Bench()
    house = bench.house()
    readings = [WELL, WELL, *[replace(WELL, temperature_c=85.0)] * 3, *[WELL] * 2]
    left = iter(readings)

    class Script:
        """Reads out of the list, then its last."""

        def read(self) -> Reading:
            return next(left, WELL)

    house.health = Script()
    said: list[Event] = []
    async with bench.doing(watch_health(house, said.append)):
        await until(lambda: len(said) == 3 and next(left, None) is None)
    assert said == [HealthChanged(frozenset(each)) for each in (set(), {Ailment.HOT}, set())]
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "85 °C" in caplog.text
