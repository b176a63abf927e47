"""An hour that is none on video any more: the patient is told to come, and no press joins."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kiosk.consultation.activities import CheckRoom, activities
from kiosk.consultation.events import AppointmentsRead, ButtonPressed, CallLost, Tick
from kiosk.consultation.model import Appointment, LossReason, Policy
from kiosk.consultation.screens import PhoneScreen, ScheduledScreen
from kiosk.consultation.signals import Press
from kiosk.consultation.state import Idle, InCall, Phone, Scheduled, SelfCheck, State
from kiosk.consultation.view import view
from tests.consultation.examples import LATER, SOON, after, at, in_call, phone, resting

COME = replace(SOON, meet_at="Inngang B")


@pytest.mark.parametrize("appointment", [COME, replace(LATER, meet_at="Inngang B")], ids=["soon", "later"])
def test_the_screen_tells_where_to_come_and_a_press_never_joins(appointment: Appointment) -> None:
    state = resting(appointment)
    shown = view(state)
    assert shown.screen == ScheduledScreen(appointment.starts_at, None, "Inngang B")
    assert shown.press is Press.PRACTISE
    assert isinstance(after(state, ButtonPressed()).phase, SelfCheck)
    assert not any(isinstance(each, CheckRoom) for each in activities(state))


def test_a_change_on_the_day_takes_the_button_s_meaning_away_and_back() -> None:
    armed = resting(SOON)
    assert view(armed).press is Press.JOIN
    moved = after(armed, AppointmentsRead((COME,)))
    assert isinstance(moved.phase, Scheduled)
    assert view(after(moved, AppointmentsRead((SOON,)))).press is Press.JOIN


def test_a_consultation_that_goes_on_is_not_ended_by_it() -> None:
    assert isinstance(after(in_call(), AppointmentsRead((COME,))).phase, InCall)


def test_it_is_forgotten_when_its_time_is_over() -> None:
    assert isinstance(after(resting(COME), Tick(), now=at(3 * 60 * 60)).phase, Idle)


def planned(state: State) -> datetime | None:
    screen = view(state).screen
    assert isinstance(screen, PhoneScreen)
    return screen.again_at


def test_the_telephone_card_tells_when_video_is_tried_again() -> None:
    trying = phone()
    now = at(2 + Policy().reconnect_for_s)
    assert planned(trying) is None
    failed = after(trying, CallLost(trying.facts.attempts, LossReason.UNREACHABLE), now=now)
    assert isinstance(failed.phase, Phone)
    assert failed.phase.retry_at_s is not None
    wait_s = failed.phase.retry_at_s - now.monotonic_s
    assert planned(failed) == now.wall + timedelta(seconds=wait_s)
    assert planned(after(failed, Tick(), now=at(2 + Policy().reconnect_for_s + wait_s))) is None


def test_a_refusal_tries_nothing_again() -> None:
    assert planned(phone(refused=True)) is None
