"""Two keys for loudness: a level for a press, going on while held, deaf to a tremor, the same in every state."""

from dataclasses import replace
from itertools import pairwise

import pytest

from kiosk.consultation.activities import KeepVolume, Speak, activities, deadline
from kiosk.consultation.events import ButtonPressed, KeyMoved, SelfCheckDone, Tick
from kiosk.consultation.loudness import LEVELS, REPEAT_FIRST_S, REPEAT_S, SHOWN_S, START, STEP_DB, Loudness
from kiosk.consultation.model import Key, Policy
from kiosk.consultation.state import State, initial
from kiosk.consultation.update import update
from kiosk.consultation.view import view
from tests.consultation.examples import after, at, every_state, in_call, paused, resting, waiting

GUARD_S = Policy().press_guard_s


def pressed(state: State, key: Key, at_s: float, held_s: float = 0.1) -> State:
    """Down, held with every deadline met on the way, up."""
    state = update(state, KeyMoved(key, True), at(at_s))
    now_s = at_s
    while (due_s := deadline(state, at(now_s)) - at(0).monotonic_s) < at_s + held_s:
        now_s = max(now_s, due_s)
        state = update(state, Tick(), at(now_s))
    return update(state, KeyMoved(key, False), at(at_s + held_s))


def level(state: State) -> int:
    return state.facts.loudness.level


def test_a_press_is_one_level_in_every_state_and_changes_nothing_else() -> None:
    for state in every_state():
        louder, softer = pressed(state, Key.LOUDER, 0), pressed(state, Key.SOFTER, 0)
        assert (level(louder), level(softer)) == (START + 1, START - 1)
        assert louder.phase == softer.phase == state.phase
        before = state.facts.loudness
        assert replace(louder.facts, loudness=before) == replace(softer.facts, loudness=before) == state.facts


def test_the_range_and_its_steps_are_wide_enough() -> None:
    gains = [Loudness(number).gain_db for number in range(1, LEVELS + 1)]
    assert gains[-1] == 0
    assert gains[-1] - gains[0] >= 18
    assert any(gain - gains[0] >= 12 for gain in gains[:-1])
    assert {b - a for a, b in pairwise(gains)} == {STEP_DB}


def test_a_held_key_goes_on_and_stops_at_the_end() -> None:
    assert level(pressed(resting(), Key.SOFTER, 0, REPEAT_FIRST_S + 0.01)) == START - 2
    assert level(pressed(resting(), Key.SOFTER, 0, REPEAT_FIRST_S + REPEAT_S + 0.01)) == START - 3
    stuck = pressed(resting(), Key.LOUDER, 0, 60.0)
    assert level(stuck) == LEVELS
    assert stuck.facts.loudness.turns == LEVELS - START + 1
    assert stuck.facts.loudness.shown_until_s is None


@pytest.mark.parametrize(("apart_s", "levels"), [(0.0, 1), (0.1, 1), (GUARD_S - 0.01, 1), (GUARD_S, 2), (1.0, 2)])
def test_a_press_soon_after_another_is_a_tremor(apart_s: float, levels: int) -> None:
    state = pressed(resting(), Key.SOFTER, 0, 0.02)
    assert level(pressed(state, Key.SOFTER, apart_s, 0.02)) == START - levels


def test_shaking_on_a_key_is_one_level() -> None:
    state = resting()
    for number in range(20):
        state = pressed(state, Key.LOUDER if number % 2 else Key.SOFTER, number * 0.15, 0.05)
    assert level(state) == START - 1


def test_both_keys_at_once_are_no_level() -> None:
    state = update(resting(), KeyMoved(Key.LOUDER, True), at(0))
    state = update(state, KeyMoved(Key.SOFTER, True), at(0.6))
    for second in range(1, 10):
        state = update(state, Tick(), at(second))
    assert level(state) == START + 1
    one_left = update(update(state, KeyMoved(Key.SOFTER, False), at(10)), Tick(), at(20))
    assert level(one_left) == START + 1


def test_the_level_stands_on_the_screen_for_some_seconds() -> None:
    state = pressed(in_call(), Key.LOUDER, 0)
    assert view(state).volume == START + 1
    assert deadline(state, at(0)) == at(SHOWN_S).monotonic_s
    assert view(update(state, Tick(), at(SHOWN_S - 0.1))).volume == START + 1
    assert view(update(state, Tick(), at(SHOWN_S))).volume is None
    assert view(in_call()).volume is None


def spoken(state: State) -> Speak:
    (speak,) = [each for each in activities(state) if isinstance(each, Speak)]
    return speak


def test_a_press_has_the_guidance_said_again_and_in_a_conversation_only_sounds() -> None:
    for state in (waiting(), paused()):
        before, now = spoken(state), spoken(pressed(state, Key.LOUDER, 10))
        assert now == replace(before, keys=1)
    call = pressed(in_call(), Key.LOUDER, 10)
    assert spoken(call).speech is None
    assert (spoken(call).keys, spoken(call).mixed) == (1, True)
    assert spoken(pressed(resting(), Key.LOUDER, 10)).speech is None


def test_it_is_not_said_again_when_the_bar_goes_or_the_key_is_let_go() -> None:
    down = update(waiting(), KeyMoved(Key.LOUDER, True), at(0))
    up = update(down, KeyMoved(Key.LOUDER, False), at(0.2))
    gone = update(up, Tick(), at(SHOWN_S))
    assert spoken(down) == spoken(up) == spoken(gone)


def test_the_loudspeaker_is_kept_at_the_level_and_a_start_brings_the_clinic_s() -> None:
    state = initial(Policy(), Loudness(3))
    assert KeepVolume((3 - LEVELS) * STEP_DB) in activities(state)
    assert KeepVolume((4 - LEVELS) * STEP_DB) in activities(pressed(state, Key.LOUDER, 0))
    assert all(KeepVolume((START - LEVELS) * STEP_DB) in activities(each) for each in every_state())


def test_the_keys_work_while_the_button_is_deaf_and_do_not_make_it_so() -> None:
    state = after(resting(), ButtonPressed(), SelfCheckDone(1, heard=True))
    turned = pressed(state, Key.SOFTER, 0.1)
    assert level(turned) == START - 1
    assert turned.facts.pressed_at_s == state.facts.pressed_at_s
