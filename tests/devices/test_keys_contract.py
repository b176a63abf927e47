"""What every driver of the keys for loudness must do, and what is each one's own."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from kiosk.consultation.model import Key
from kiosk.devices.keys import Keys, Settings, Simulation, open_keys
from kiosk.errors import DeviceMissing

PINS = {Key.LOUDER: 23, Key.SOFTER: 24}


@dataclass
class Rig:
    """One driver, with fingers."""

    keys: Keys
    put: Callable[[Key, bool], None]


@pytest.fixture(params=["simulated", "gpio", "gpio to 3.3 V"])
def rig(request: pytest.FixtureRequest, pin_factory: Any) -> Iterator[Rig]:
    if request.param == "simulated":
        simulation = Simulation()
        made = Rig(open_keys(Settings(), simulation), simulation.put)
    else:
        pull_up = request.param == "gpio"

        def put(key: Key, down: bool) -> None:
            pin = pin_factory.pin(PINS[key])
            (pin.drive_low if down is pull_up else pin.drive_high)()

        made = Rig(open_keys(Settings("gpio", pull_up=pull_up, bounce_s=0)), put)
    yield made
    made.keys.close()


def test_each_going_down_and_coming_up_is_told_in_order(rig: Rig) -> None:
    told: list[tuple[Key, bool]] = []
    rig.keys.start(lambda key, down: told.append((key, down)))
    moves = [(Key.LOUDER, True), (Key.SOFTER, True), (Key.LOUDER, False), (Key.SOFTER, False), (Key.SOFTER, True)]
    for key, down in moves:
        rig.put(key, down)
    assert told == moves


def test_nothing_is_told_after_close(rig: Rig) -> None:
    told: list[tuple[Key, bool]] = []
    rig.keys.start(lambda key, down: told.append((key, down)))
    rig.put(Key.LOUDER, True)
    rig.keys.close()
    rig.keys.close()
    rig.put(Key.LOUDER, False)
    assert told == [(Key.LOUDER, True)]


def test_close_before_start_is_safe(rig: Rig) -> None:
    rig.keys.close()
    rig.keys.close()


def test_the_pins_are_free_again_after_close_and_after_a_refusal(pin_factory: Any) -> None:
    for _ in range(2):
        keys = open_keys(Settings("gpio"))
        keys.start(lambda key, down: None)
        with pytest.raises(DeviceMissing, match=r"^keys: pin GPIO24 cannot be used") as caught:
            open_keys(Settings("gpio", louder_pin=5)).start(lambda key, down: None)
        assert "\n" not in str(caught.value)
        keys.close()


def test_without_gpiozero_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gpiozero", None)
    with pytest.raises(DeviceMissing, match=r"^keys: gpiozero is not installed"):
        open_keys(Settings("gpio")).start(lambda key, down: None)
