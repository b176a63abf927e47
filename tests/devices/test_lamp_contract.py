"""What every lamp driver must do, and what is each one's own."""

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from kiosk.consultation.signals import LAMP_STEPS
from kiosk.consultation.signals import Lamp as Pattern
from kiosk.devices.lamp import Lamp, Settings, Simulation, open_lamp
from kiosk.errors import DeviceMissing
from tests.devices.collector import eventually, running


@pytest.fixture
def pin_class() -> Any:
    from gpiozero.pins.mock import MockPWMPin  # noqa: PLC0415

    return MockPWMPin


@dataclass
class Rig:
    """One driver, with an eye."""

    lamp: Lamp
    level: Callable[[], float]
    """How bright, 0..1; of a blinking lamp the first step's brightness will do."""


@pytest.fixture(params=["simulated", "gpio"])
def rig(request: pytest.FixtureRequest, pin_factory: Any) -> Iterator[Rig]:
    if request.param == "simulated":
        simulation = Simulation()
        made = Rig(open_lamp(Settings(), simulation), lambda: LAMP_STEPS[simulation.pattern][0][0])
    else:
        pin = pin_factory.pin(27)
        made = Rig(open_lamp(Settings("gpio")), lambda: float(pin.state))
    yield made
    made.lamp.close()
    assert running("lamp") == []


@pytest.mark.parametrize("pattern", [Pattern.STEADY, Pattern.DIM, Pattern.OFF])
def test_constant_light_is_as_bright_as_its_pattern_says(rig: Rig, pattern: Pattern) -> None:
    rig.lamp.start()
    rig.lamp.show(Pattern.STEADY if pattern is Pattern.OFF else Pattern.OFF)
    rig.lamp.show(pattern)
    eventually(lambda: rig.level() == pytest.approx(LAMP_STEPS[pattern][0][0]), f"the lamp shows {pattern}")


def test_it_is_dark_after_start_and_after_close(rig: Rig) -> None:
    rig.lamp.start()
    assert rig.level() == 0
    rig.lamp.show(Pattern.STEADY)
    eventually(lambda: rig.level() == 1, "the lamp is lit")
    rig.lamp.close()
    rig.lamp.close()
    assert rig.level() == 0


def test_close_before_start_is_safe(rig: Rig) -> None:
    rig.lamp.close()
    rig.lamp.close()


def test_showing_after_close_stays_dark(rig: Rig) -> None:
    rig.lamp.start()
    rig.lamp.close()
    rig.lamp.show(Pattern.STEADY)
    assert rig.level() == 0


def test_a_blinking_lamp_steps_through_its_pattern_at_its_times(
    pin_factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = ((1.0, 20), (0.0, 30), (0.5, 10))
    monkeypatch.setitem(LAMP_STEPS, Pattern.TWO_SHORT, steps)
    pin = pin_factory.pin(27)
    lamp = open_lamp(Settings("gpio"))
    lamp.start()
    lamp.show(Pattern.TWO_SHORT)
    eventually(lambda: len(pin.states) > 9, "the lamp blinks")
    lamp.close()
    states = [(state.timestamp, float(state.state)) for state in pin.states]
    first = next(index for index, (_, level) in enumerate(states) if level == 1.0)
    assert [level for _, level in states[first : first + 6]] == pytest.approx([1.0, 0.0, 0.5, 1.0, 0.0, 0.5])
    # `timestamp` is how long the state before it lasted.
    lasted = [seconds for seconds, _ in states[first + 1 : first + 4]]
    assert all(actual >= least for actual, least in zip(lasted, [0.019, 0.029, 0.009], strict=True))


def test_constant_light_costs_no_wake_ups(pin_factory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    timeouts: list[float | None] = []
    waiting = threading.Condition.wait_for

    def wait_for(self: threading.Condition, met: Callable[[], bool], timeout: float | None = None) -> bool:
        if threading.current_thread().name == "lamp":
            timeouts.append(timeout)
        return waiting(self, met, timeout)

    monkeypatch.setattr(threading.Condition, "wait_for", wait_for)
    lamp = open_lamp(Settings("gpio"))
    lamp.start()
    lamp.show(Pattern.DIM)
    eventually(lambda: pin_factory.pin(27).state == pytest.approx(0.15), "the lamp is dim")
    lamp.close()
    assert set(timeouts) == {None}


def test_a_lamp_that_cannot_be_dimmed_is_on_or_off(pin_factory: Any) -> None:
    pin = pin_factory.pin(27)
    lamp = open_lamp(Settings("gpio", dimmable=False))
    lamp.start()
    lamp.show(Pattern.STEADY)
    eventually(lambda: pin.state == 1, "the lamp is on")
    lamp.show(Pattern.DIM)
    eventually(lambda: pin.state == 0, "the lamp is off")
    lamp.close()


def test_a_lamp_lit_by_ground_is_dark_at_3_3_volts(pin_factory: Any) -> None:
    pin = pin_factory.pin(27)
    lamp = open_lamp(Settings("gpio", active_high=False))
    lamp.start()
    assert pin.state == 1
    lamp.show(Pattern.STEADY)
    eventually(lambda: pin.state == 0, "the lamp is on")
    lamp.close()


def test_the_simulated_lamp_tells_each_change_once() -> None:
    changes: list[Pattern] = []
    lamp = open_lamp(Settings(), Simulation(changes.append))
    lamp.show(Pattern.STEADY)
    lamp.start()
    for pattern in (Pattern.DIM, Pattern.DIM, Pattern.STEADY):
        lamp.show(pattern)
    lamp.close()
    assert changes == [Pattern.DIM, Pattern.STEADY, Pattern.OFF]


@pytest.mark.filterwarnings("ignore::gpiozero.exc.PinFactoryFallback")
def test_real_drivers_without_hardware_say_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import gpiozero  # noqa: PLC0415

    monkeypatch.setattr(gpiozero.Device, "pin_factory", None)
    with pytest.raises(DeviceMissing, match=r"^lamp: pin GPIO27 .*Raspberry Pi") as caught:
        open_lamp(Settings("gpio")).start()
    assert "\n" not in str(caught.value)
    monkeypatch.setitem(sys.modules, "gpiozero", None)
    with pytest.raises(DeviceMissing, match=r"^lamp: gpiozero is not installed"):
        open_lamp(Settings("gpio")).start()
