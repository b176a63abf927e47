"""A letter held to the camera: whose it is, what a press does then, and what is never done without one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.consultation import timing
from kiosk.consultation.activities import HoldCall, RunSelfCheck, activities
from kiosk.consultation.events import AppointmentsRead, ButtonPressed, CallEnded, LetterRead, Tick
from kiosk.consultation.model import Appointment, Room
from kiosk.consultation.screens import LetterScreen
from kiosk.consultation.signals import Press
from kiosk.consultation.state import Ended, Idle, Joining, LetterShown, Remind, Scheduled, SelfCheck, State
from kiosk.consultation.update import update
from kiosk.consultation.view import view
from tests.consultation.examples import LATER, NOON, OTHER_ROOM, ROOM, after, at, resting

PRESS = ButtonPressed()
TODAY = Appointment("today", NOON + timedelta(minutes=25), NOON + timedelta(minutes=55), ROOM)


def checking(*appointments: Appointment) -> State:
    return after(resting(*appointments), PRESS)


def held_room(state: State) -> Room:
    (held,) = [activity for activity in activities(state) if isinstance(activity, HoldCall)]
    return held.room


def test_a_letter_ends_the_practice_test_and_waits_for_a_press() -> None:
    state = update(checking(), LetterRead(1, OTHER_ROOM), at(3))
    assert view(state).screen == LetterScreen(ours=True, starts_at=None)
    assert view(state).press is Press.JOIN
    assert not view(state).capturing
    assert not any(isinstance(activity, RunSelfCheck | HoldCall) for activity in activities(state))
    joined = update(state, PRESS, at(5))
    assert isinstance(joined.phase, Joining)
    assert held_room(joined) == OTHER_ROOM
    assert isinstance(update(joined, CallEnded(1), at(60)).phase, Ended)


def test_a_strange_letter_joins_nothing() -> None:
    state = update(checking(), LetterRead(1, None), at(3))
    assert view(state).screen == LetterScreen(ours=False, starts_at=None)
    assert isinstance(update(state, PRESS, at(5)).phase, Idle)


def test_a_letter_of_an_appointment_far_off_tells_its_hour_and_joins_nothing() -> None:
    state = update(checking(LATER), LetterRead(1, ROOM), at(3))
    assert view(state).screen == LetterScreen(ours=True, starts_at=LATER.starts_at)
    assert view(state).press is Press.FINISH_PRACTICE
    assert isinstance(update(state, PRESS, at(5)).phase, Scheduled)


def test_a_letter_of_an_appointment_that_is_near_joins_it_with_the_pin_that_the_diary_lacks() -> None:
    state = checking(TODAY)
    near = 11 * 60.0
    state = state.to(SelfCheck(1, at(near).monotonic_s))
    state = update(state, LetterRead(1, replace(ROOM, pin="1234", display_name="x")), at(near))
    assert view(state).screen == LetterScreen(ours=True, starts_at=TODAY.starts_at)
    joined = update(state, PRESS, at(near + 5))
    assert isinstance(joined.phase, Joining)
    assert joined.phase.visit.appointment.id == "today"
    assert held_room(joined) == replace(ROOM, pin="1234")


def test_the_diarys_pin_is_newer_than_the_letters() -> None:
    state = update(checking(replace(LATER, room=replace(ROOM, pin="1"))), LetterRead(1, replace(ROOM, pin="2")), at(3))
    assert isinstance(state.phase, LetterShown)
    assert state.phase.appointment is not None
    assert state.phase.appointment.room == replace(ROOM, pin="1")


@pytest.mark.parametrize("run", [0, 2])
def test_a_letter_of_another_practice_test_is_not_heard(run: int) -> None:
    state = checking()
    assert update(state, LetterRead(run, ROOM), at(3)) == state


def test_a_letter_is_not_heard_outside_the_practice_test() -> None:
    for state in (resting(LATER), resting(), after(checking(), PRESS, now=at(2))):
        assert update(state, LetterRead(1, ROOM), at(3)).phase == state.phase


def test_a_letter_that_nobody_confirms_goes_away() -> None:
    state = update(checking(), LetterRead(1, ROOM), at(3))
    assert isinstance(update(state, Tick(), at(3 + timing.LETTER_STANDS_S)).phase, Idle)


def test_the_hour_may_come_while_a_letter_is_shown() -> None:
    state = update(checking(), LetterRead(1, None), at(3))
    soon = replace(TODAY, starts_at=NOON + timedelta(minutes=5))
    known = update(state, AppointmentsRead((soon,)), at(4))
    assert isinstance(known.phase, LetterShown)
    assert isinstance(update(known, PRESS, at(5)).phase, Remind)


def test_a_letter_prints_nothing_of_its_room() -> None:
    state = update(checking(), LetterRead(1, replace(ROOM, pin="4711")), at(3))
    for secret in ("123456", "4711", "example.org", "Kari"):
        assert secret not in repr(state) + repr(LetterRead(1, ROOM))
