"""A card held to the camera: begun by the clinician's word, over after a minute or by another word."""

from dataclasses import replace

import pytest

from kiosk.consultation import timing
from kiosk.consultation.activities import SendDetail, activities, deadline
from kiosk.consultation.events import ButtonPressed, MessageReceived, Tick
from kiosk.consultation.model import Policy
from kiosk.consultation.screens import IdentifyScreen, InCallScreen, PausedScreen, WaitingScreen
from kiosk.consultation.signals import Press
from kiosk.consultation.state import State
from kiosk.consultation.view import view
from tests.consultation.examples import after, at, in_call, waiting

SHOWING = after(in_call(), MessageReceived(1, "ID"))


def message(state: State) -> str:
    screen = view(state).screen
    assert isinstance(screen, InCallScreen)
    return screen.message


@pytest.mark.parametrize("word", ["ID", "id", " Id\n"])
def test_the_clinicians_word_has_a_card_shown(word: str) -> None:
    state = after(in_call(), MessageReceived(1, word))
    shown = view(state)
    assert isinstance(shown.screen, IdentifyScreen)
    assert (shown.capturing, shown.remote, shown.press) == (True, False, Press.PAUSE)
    assert activities(state) - activities(in_call()) == {SendDetail(1)}


@pytest.mark.parametrize("words", ["ID?", "Har du ID med deg?", ""])
def test_other_words_are_a_message(words: str) -> None:
    assert message(after(in_call(), MessageReceived(1, words))) == words


def test_it_is_over_after_a_minute() -> None:
    over_s = timing.IDENTIFICATION_STANDS_S
    early = after(SHOWING, Tick(), now=at(over_s - 1))
    assert isinstance(view(early).screen, IdentifyScreen)
    assert deadline(early, at(over_s - 1)) == at(over_s).monotonic_s
    assert message(after(early, Tick(), now=at(over_s))) == ""


def test_the_same_word_again_ends_it() -> None:
    assert message(after(SHOWING, MessageReceived(1, "ID"))) == ""


def test_another_word_ends_it_and_is_shown() -> None:
    assert message(after(SHOWING, MessageReceived(1, "Takk."))) == "Takk."


def test_a_pause_hides_it_like_everything_else() -> None:
    paused = after(SHOWING, ButtonPressed(), now=at(5))
    assert isinstance(view(paused).screen, PausedScreen)
    assert not view(paused).capturing
    assert isinstance(view(after(paused, ButtonPressed(), now=at(8))).screen, IdentifyScreen)
    late = after(paused, ButtonPressed(), Tick(), now=at(90))
    assert isinstance(view(late).screen, InCallScreen)


def test_nobody_shows_a_card_in_the_waiting_room() -> None:
    assert view(after(waiting(), MessageReceived(1, "ID"))).screen == WaitingScreen("ID")


@pytest.mark.parametrize("word", ["", "Legitimasjon"])
def test_the_clinic_chooses_the_word(word: str) -> None:
    state = replace(in_call(), facts=replace(in_call().facts, policy=Policy(identify_word=word)))
    assert message(after(state, MessageReceived(1, "ID"))) == "ID"
    assert isinstance(view(after(state, MessageReceived(1, "legitimasjon"))).screen, IdentifyScreen) == bool(word)
