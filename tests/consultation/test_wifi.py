"""The code of a wireless network: shown, joined by one press, and told when it would not have us."""

import pytest

from kiosk.consultation import timing
from kiosk.consultation.activities import JoinWifi, activities
from kiosk.consultation.events import ButtonPressed, LetterRead, NetworkChanged, Tick, WifiTried
from kiosk.consultation.model import WifiFault
from kiosk.consultation.screens import WifiScreen
from kiosk.consultation.signals import Press
from kiosk.consultation.state import Idle, NoNetwork, SelfCheck, State, WifiShown
from kiosk.consultation.update import update
from kiosk.consultation.view import view
from tests.consultation.examples import WIFI, after, at, resting

PRESS = ButtonPressed()


def shown() -> State:
    """Two presses without a network open the camera, which sees the code."""
    looking = after(resting(), NetworkChanged(up=False), PRESS)
    assert view(looking).press is Press.PRACTISE
    checking = update(looking, PRESS, at(1))
    assert isinstance(checking.phase, SelfCheck)
    return update(checking, LetterRead(1, None, WIFI), at(5))


def trying() -> State:
    return update(shown(), PRESS, at(8))


def test_nothing_is_joined_without_a_press() -> None:
    assert view(shown()).screen == WifiScreen(trying=False, failed=False)
    assert not any(isinstance(activity, JoinWifi) for activity in activities(shown()))
    assert JoinWifi(1, WIFI) in activities(trying())


def test_once_joined_the_terminal_goes_on_as_the_network_says() -> None:
    assert isinstance(after(trying(), NetworkChanged(up=True), WifiTried(1, joined=True), now=at(12)).phase, Idle)
    unplugged = update(trying(), WifiTried(1, joined=True), at(12))
    assert isinstance(unplugged.phase, NoNetwork)
    assert isinstance(update(unplugged, NetworkChanged(up=True), at(13)).phase, Idle)


def test_a_network_that_would_not_have_us_is_told_until_a_press() -> None:
    failed = update(trying(), WifiTried(1, joined=False), at(20))
    assert view(failed).screen == WifiScreen(trying=False, failed=True)
    assert not any(isinstance(activity, JoinWifi) for activity in activities(failed))
    assert isinstance(update(failed, PRESS, at(25)).phase, NoNetwork)


@pytest.mark.parametrize("fault", WifiFault)
def test_the_screen_tells_why(fault: WifiFault) -> None:
    failed = update(trying(), WifiTried(1, joined=False, fault=fault), at(20))
    assert view(failed).screen == WifiScreen(trying=False, failed=True, fault=fault)


def test_a_try_without_an_end_has_failed_and_its_late_word_is_not_heard() -> None:
    failed = update(trying(), Tick(), at(8 + timing.WIFI_TAKES_AT_MOST_S))
    assert view(failed).screen == WifiScreen(trying=False, failed=True)
    assert update(failed, WifiTried(1, joined=True), at(90)) == failed


def test_a_press_does_not_try_twice() -> None:
    assert update(trying(), PRESS, at(12)).phase == trying().phase


def test_a_code_that_nobody_confirms_goes_away_and_prints_nothing() -> None:
    assert isinstance(update(shown(), Tick(), at(5 + timing.LETTER_STANDS_S)).phase, NoNetwork)
    assert isinstance(shown().phase, WifiShown)
    assert "Kari" not in repr(shown()) + repr(activities(trying()))
    assert "123456789" not in repr(shown()) + repr(activities(trying()))
