"""What is left of a consultation when it is over: nothing that tells of anybody."""

import pickle

import pytest

from kiosk.consultation.events import (
    Admitted,
    CallEnded,
    CaptionHeard,
    Event,
    MessageReceived,
    Moved,
    PeopleChanged,
    SomebodyJoined,
    Tick,
)
from kiosk.consultation.model import Appointment, EndReason, Room
from kiosk.consultation.state import Ended, Idle, State
from kiosk.consultation.view import view
from kiosk.consultation.visits import remembered
from tests.consultation.examples import NOON, SOON, after, at, paused, waiting

SAID = ("Dr. Sommerfeldt", "Legen er forsinket.", "Prøvene er fine.", "987654", "one-time-token", "Kari Nordmann")
CONSULTATION: tuple[Event, ...] = (
    MessageReceived(1, SAID[1]),
    Admitted(1),
    SomebodyJoined(1, SAID[0]),
    PeopleChanged(1, 3),
    CaptionHeard(1, SAID[2]),
    MessageReceived(1, SAID[1]),
)
OTHER: Room = Room("pexip", "https://join.example.org", SAID[3], token=SAID[4], display_name=SAID[5])


def traces(value: object) -> list[str]:
    """Which of the private words are in there, to the last byte."""
    held = pickle.dumps(value)
    return [word for word in SAID if word.encode() in held]


def during(*more: Event) -> State:
    return after(waiting(), *CONSULTATION, *more)


def test_the_search_finds_what_is_there() -> None:
    assert set(traces(during())) >= {SAID[0], SAID[1], SAID[2], SAID[5]}
    assert set(traces(during(Moved(1, OTHER)))) >= {SAID[3], SAID[4]}


@pytest.mark.parametrize("reason", EndReason)
def test_nothing_is_left_of_what_was_said_and_who_was_there(reason: EndReason) -> None:
    ended = after(during(), CallEnded(1, reason))
    assert isinstance(ended.phase, Ended)
    assert traces(ended.phase) == traces(view(ended)) == []
    # The appointment itself, with its room, is known until the source drops it; what came by the call is not.
    assert traces(ended) == ["Kari Nordmann"]
    assert remembered(ended) is None


def test_the_room_one_was_moved_to_is_forgotten() -> None:
    moved = during(Moved(1, OTHER))
    ended = after(moved, CallEnded(moved.facts.attempts), now=at(5))
    assert isinstance(ended.phase, Ended)
    assert set(traces(ended)) <= {"Kari Nordmann"}


def test_nothing_is_left_of_a_pause_that_nobody_came_back_from() -> None:
    state = paused()
    for seconds in (700, 2 * 60 * 60):
        state = after(state, Tick(), now=at(seconds))
    assert isinstance(state.phase, Ended)
    assert traces(state.phase) == traces(view(state)) == []


def test_the_screen_is_idle_again_and_knows_nobody() -> None:
    late = after(during(), CallEnded(1), Tick(), now=at(60 * 60))
    late = after(late, Tick(), now=at(2 * 60 * 60))
    assert isinstance(late.phase, Idle)
    assert traces(view(late)) == []


def test_the_appointment_tells_nobody_s_name_to_a_log() -> None:
    assert traces(repr(Appointment("a", NOON, NOON, OTHER))) == traces(repr(SOON)) == traces(repr(during())) == []
