"""The waiting room and the first moments of a consultation: what is told, and when. Simulated time."""

import itertools
from dataclasses import replace

import pytest

from kiosk.consultation import timing
from kiosk.consultation.activities import deadline
from kiosk.consultation.events import (
    Admitted,
    ButtonPressed,
    CallConnected,
    CallLost,
    MessageReceived,
    SentToWaitingRoom,
    Tick,
)
from kiosk.consultation.model import LossReason, Policy, Rule
from kiosk.consultation.screens import InCallScreen, WaitingScreen
from kiosk.consultation.signals import Speech
from kiosk.consultation.state import State, Waiting
from kiosk.consultation.update import update
from kiosk.consultation.view import View, view
from tests.consultation.examples import SOON, after, at, in_call, resting, waiting


def lived(state: State, until_s: float) -> list[tuple[float, View]]:
    """Each new view and its second, when every deadline is kept and nothing else happens."""
    now_s, seen = 0.0, [(0.0, view(state))]
    while (now_s := deadline(state, at(now_s)) - at(0).monotonic_s) <= until_s:
        state = update(state, Tick(), at(now_s))
        if view(state) != seen[-1][1]:
            seen.append((now_s, view(state)))
    return seen


def rules_of(views: list[tuple[float, View]]) -> list[tuple[float, Rule | None]]:
    """Seconds at which another sentence came, and which."""
    told: list[tuple[float, Rule | None]] = []
    for at_s, shown in views:
        assert isinstance(shown.screen, WaitingScreen)
        if not told or told[-1][1] is not shown.screen.rule:
            told.append((at_s, shown.screen.rule))
    return told


def test_the_rules_follow_each_other_slowly_and_begin_anew() -> None:
    told = rules_of(lived(waiting(), 8 * timing.RULE_STANDS_S))
    assert [rule for _, rule in told[:8]] == [None, *Rule, None]
    stood = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(told)]
    assert min(stood) >= 15


def test_the_clinic_chooses_its_rules() -> None:
    policy = Policy(waiting_rules=(Rule.TELEPHONE,))
    few = replace(waiting(), facts=replace(waiting().facts, policy=policy))
    assert [rule for _, rule in rules_of(lived(few, 70))] == [None, Rule.TELEPHONE, None, Rule.TELEPHONE]
    none = replace(waiting(), facts=replace(waiting().facts, policy=Policy(waiting_rules=())))
    assert [rule for _, rule in rules_of(lived(none, 70))] == [None]


def test_nothing_moves_while_a_message_is_read() -> None:
    state = after(waiting(), MessageReceived(1, "Legen er ti minutter forsinket."))
    assert deadline(state, at(0)) >= at(60).monotonic_s
    screen = view(state).screen
    assert isinstance(screen, WaitingScreen)
    assert screen.message


def test_a_late_clinician_is_spoken_of_at_0_3_and_8_minutes_then_every_ten() -> None:
    views = lived(waiting(), 40 * 60)
    assert {shown.speech for _, shown in views} == {Speech.WAITING}
    spoken = {shown.speech_turn: at_s / 60 for at_s, shown in reversed(views)}
    assert [spoken[turn] for turn in sorted(spoken)] == [0, 3, 8, 18, 28, 38]


def introduces(state: State) -> bool:
    screen = view(state).screen
    assert isinstance(screen, InCallScreen)
    return screen.introduce


def test_a_consultation_begins_with_who_is_there() -> None:
    state = in_call()
    assert introduces(state)
    assert deadline(state, at(0)) == at(timing.INTRODUCTION_STANDS_S).monotonic_s
    assert introduces(after(state, Tick(), now=at(timing.INTRODUCTION_STANDS_S - 1)))
    assert not introduces(after(state, Tick(), now=at(timing.INTRODUCTION_STANDS_S)))


@pytest.mark.parametrize("back", ["reconnected", "readmitted"])
def test_who_is_there_is_asked_once_in_a_visit(back: str) -> None:
    state = after(in_call(), Tick(), now=at(timing.INTRODUCTION_STANDS_S))
    if back == "reconnected":
        state = after(state, CallLost(1, LossReason.MEDIA), CallConnected(attempt=2, waiting=False), now=at(60))
    else:
        state = after(state, SentToWaitingRoom(1), Admitted(1), now=at(60))
    assert not introduces(state)


def test_the_wait_begins_anew_when_somebody_is_sent_back_to_it() -> None:
    state = after(waiting(), Tick(), now=at(200))
    state = after(state, Admitted(1), SentToWaitingRoom(1), now=at(300))
    assert isinstance(state.phase, Waiting)
    assert (state.phase.comforts, state.phase.told) == (0, 0)


def test_another_visit_asks_again() -> None:
    first = after(in_call(), Tick(), now=at(60))
    again = after(resting(SOON), ButtonPressed(), CallConnected(1, waiting=False))
    assert not introduces(first)
    assert introduces(again)
