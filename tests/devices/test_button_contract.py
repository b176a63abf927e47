"""What every button driver must do, and what is each one's own."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from kiosk.devices.button import Button, Settings, Simulation, open_button
from kiosk.errors import DeviceMissing
from tests.devices.collector import eventually


@dataclass
class Rig:
    """One driver, with a finger."""

    button: Button
    press: Callable[[], None]
    hold: Callable[[bool], None]


@pytest.fixture(params=["simulated", "gpio", "gpio to 3.3 V"])
def rig(request: pytest.FixtureRequest, pin_factory: Any) -> Iterator[Rig]:
    if request.param == "simulated":
        simulation = Simulation()
        made = Rig(open_button(Settings(), simulation), simulation.press, simulation.hold)
    else:
        pull_up = request.param == "gpio"
        pin = pin_factory.pin(17)

        def hold(down: bool) -> None:
            (pin.drive_low if down is pull_up else pin.drive_high)()

        def press() -> None:
            hold(True)
            hold(False)

        made = Rig(open_button(Settings("gpio", pull_up=pull_up, bounce_s=0)), press, hold)
    yield made
    made.button.close()


def test_each_press_is_told_once(rig: Rig) -> None:
    presses: list[int] = []
    rig.button.start(lambda: presses.append(1))
    rig.press()
    assert len(presses) == 1
    rig.press()
    assert len(presses) == 2


def test_how_long_it_is_down_is_told_and_it_is_one_press(rig: Rig) -> None:
    presses: list[int] = []
    assert rig.button.held_s() == 0
    rig.button.start(lambda: presses.append(1))
    assert rig.button.held_s() == 0
    rig.hold(True)
    eventually(lambda: rig.button.held_s() > 0.02, "it is held")
    rig.hold(False)
    assert rig.button.held_s() == 0
    assert presses == [1]


def test_nothing_is_told_after_close(rig: Rig) -> None:
    presses: list[int] = []
    rig.button.start(lambda: presses.append(1))
    rig.button.close()
    rig.button.close()
    rig.press()
    assert presses == []


def test_close_before_start_is_safe(rig: Rig) -> None:
    rig.button.close()
    rig.button.close()


@pytest.mark.parametrize("rig", ["simulated"], indirect=True)
def test_close_out_of_the_press_itself_is_safe(rig: Rig) -> None:
    presses: list[int] = []

    def close() -> None:
        presses.append(1)
        rig.button.close()

    rig.button.start(close)
    rig.press()
    rig.press()
    assert presses == [1]


def test_a_button_held_down_at_the_start_is_no_press_until_pressed_anew(pin_factory: Any) -> None:
    from gpiozero.pins.mock import MockPin  # noqa: PLC0415

    class HeldDown(MockPin):  # type: ignore[misc]
        """Stronger than the pull-up."""

        def _set_pull(self, value: str) -> None:
            self._pull = value

    pin = pin_factory.pin(17, pin_class=HeldDown)
    assert pin.state == 0
    presses: list[int] = []
    button = open_button(Settings("gpio", bounce_s=0))
    button.start(lambda: presses.append(1))
    assert presses == []
    eventually(lambda: button.held_s() > 0.02, "it is told as held")
    pin.drive_high()
    assert presses == []
    pin.drive_low()
    assert presses == [1]
    button.close()


def test_a_press_that_gpiozero_tells_too_late_is_not_passed_on(
    pin_factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gpiozero  # noqa: PLC0415

    made: list[Any] = []

    class Recorded(gpiozero.Button):  # type: ignore[misc]
        """Tells what was made."""

        def __init__(self, *pins: Any, **settings: Any) -> None:
            super().__init__(*pins, **settings)
            made.append(self)

    monkeypatch.setattr(gpiozero, "Button", Recorded)
    presses: list[int] = []
    button = open_button(Settings("gpio"))
    button.start(lambda: presses.append(1))
    on_its_way = made[0].when_pressed
    on_its_way()
    button.close()
    on_its_way()
    assert presses == [1]


def test_the_pin_is_free_again_after_close(pin_factory: Any) -> None:
    for _ in range(2):
        button = open_button(Settings("gpio"))
        button.start(lambda: None)
        button.close()


def test_a_pin_in_use_is_refused_in_one_line(pin_factory: Any) -> None:
    first = open_button(Settings("gpio"))
    first.start(lambda: None)
    with pytest.raises(DeviceMissing, match=r"^button: pin GPIO17 cannot be used") as caught:
        open_button(Settings("gpio")).start(lambda: None)
    assert "\n" not in str(caught.value)
    first.close()


@pytest.mark.filterwarnings("ignore::gpiozero.exc.PinFactoryFallback")
def test_on_a_machine_that_is_no_pi_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import gpiozero  # noqa: PLC0415

    monkeypatch.setattr(gpiozero.Device, "pin_factory", None)
    with pytest.raises(DeviceMissing, match=r"^button: pin GPIO17 .*Raspberry Pi") as caught:
        open_button(Settings("gpio")).start(lambda: None)
    assert "\n" not in str(caught.value)


def test_without_gpiozero_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gpiozero", None)
    with pytest.raises(DeviceMissing, match=r"^button: gpiozero is not installed"):
        open_button(Settings("gpio")).start(lambda: None)
