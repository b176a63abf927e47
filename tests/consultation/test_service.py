"""The technician's gesture: both keys held and three presses, only on a resting terminal, and no way in by chance."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kiosk.consultation import timing
from kiosk.consultation.activities import Examine, HoldCall, RunSelfCheck, activities
from kiosk.consultation.events import ButtonPressed, Examined, KeyMoved, Tick
from kiosk.consultation.model import Key, ServiceLine
from kiosk.consultation.screens import ServiceScreen
from kiosk.consultation.service import PRESSES
from kiosk.consultation.state import Fault, Idle, NoNetwork, Scheduled, Service, State, Unassigned
from kiosk.consultation.update import update
from kiosk.consultation.view import view
from tests.consultation.examples import after, at, every_state, resting

FOUND = Examined("0.1.0", (ServiceLine("camera", True, ""),), ("10", "01"))
RESTING = (NoNetwork, Unassigned, Idle, Scheduled, Fault)


def gesture(state: State, keys: Sequence[Key] = tuple(Key), presses: int = PRESSES, apart_s: float = 1.0) -> State:
    """Hold the keys, press, all from `at(100)` on; the keys stay down."""
    for key in keys:
        state = update(state, KeyMoved(key, True), at(100))
    for number in range(presses):
        state = update(state, ButtonPressed(), at(101 + number * apart_s))
    return state


def test_a_resting_terminal_shows_the_table_and_no_other_one() -> None:
    for state in every_state():
        shown = gesture(state)
        assert isinstance(shown.phase, Service) is isinstance(state.phase, RESTING)


@pytest.mark.parametrize("apart_s", [0.6, 2.0, 4.9])
def test_nothing_else_happens_on_the_way(apart_s: float) -> None:
    state = resting()
    for presses in range(PRESSES):
        on_the_way = gesture(state, presses=presses, apart_s=apart_s)
        assert on_the_way.phase == state.phase
        assert not any(isinstance(each, RunSelfCheck | HoldCall) for each in activities(on_the_way))
    assert isinstance(gesture(state, apart_s=apart_s).phase, Service)


@pytest.mark.parametrize(
    ("keys", "presses", "apart_s"),
    [(tuple(Key), 2, 1.0), (tuple(Key), 3, 0.2), (tuple(Key), 20, 0.3), (tuple(Key), 9, 5.1)],
    ids=["too few", "too fast", "a tremor", "too slow"],
)
def test_what_is_no_gesture(keys: tuple[Key, ...], presses: int, apart_s: float) -> None:
    assert not isinstance(gesture(resting(), keys, presses, apart_s).phase, Service)


@pytest.mark.parametrize("keys", [(), (Key.LOUDER,), (Key.SOFTER,)])
def test_without_both_keys_a_press_does_what_it_always_does(keys: tuple[Key, ...]) -> None:
    assert type(gesture(resting(), keys, 1).phase) is type(update(resting(), ButtonPressed(), at(101)).phase)


def test_a_key_that_is_let_go_begins_it_anew() -> None:
    state = gesture(resting(), presses=2)
    state = update(state, KeyMoved(Key.LOUDER, False), at(103))
    state = update(state, KeyMoved(Key.LOUDER, True), at(103.5))
    assert not isinstance(update(state, ButtonPressed(), at(104)).phase, Service)


def test_it_is_made_once_and_shown_and_leaves_by_a_press_or_by_itself() -> None:
    state = gesture(resting())
    assert [each for each in activities(state) if isinstance(each, Examine)] == [Examine(at(103).monotonic_s)]
    assert view(state).screen == ServiceScreen()
    shown = update(state, FOUND, at(104))
    assert view(shown).screen == ServiceScreen("0.1.0", FOUND.lines, FOUND.code)
    assert [each for each in activities(shown) if isinstance(each, Examine)] == [Examine(at(103).monotonic_s)]
    for key in Key:
        shown = update(shown, KeyMoved(key, False), at(105))
    assert isinstance(update(shown, ButtonPressed(), at(110)).phase, Idle)
    end_s = 103 + timing.SERVICE_STANDS_S
    assert isinstance(update(shown, Tick(), at(end_s - 1)).phase, Service)
    assert isinstance(update(shown, Tick(), at(end_s)).phase, Idle)


def test_what_comes_too_late_is_shown_to_nobody() -> None:
    for state in every_state():
        assert after(state, FOUND) == state


def test_a_second_gesture_needs_all_of_it_again() -> None:
    once = gesture(resting())
    assert once.facts.service_presses == 0
    left = replace(once, phase=Idle())
    assert not isinstance(update(left, ButtonPressed(), at(104)).phase, Service)
