"""From View to words: complete, and nothing of the call outside it."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from kiosk.consultation.view import Backlight, InCallScreen, RemindScreen, Screen, WaitingScreen
from kiosk.ui import sample
from kiosk.ui.page import Layout, Page, page_of
from kiosk.ui.sign import Sign
from kiosk.ui.texts import Texts, languages
from kiosk.ui.theme import DAY, NIGHT

OSLO = ZoneInfo("Europe/Oslo")
NOW = sample.NOW.astimezone(OSLO)
VIEWS = sample.views()


def page(name: str, language: str = "nb") -> Page:
    return page_of(VIEWS[name], Texts(language), NOW, sample.SERIAL)


def test_the_samples_hold_every_kind_of_screen() -> None:
    assert {type(view.screen) for view in VIEWS.values()} == set(get_args(Screen))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", VIEWS)
def test_every_view_has_a_page_with_something_to_say(name: str, language: str) -> None:
    drawn = page(name, language)
    assert drawn.press
    assert drawn.headline or drawn.layout is Layout.CALL


@pytest.mark.parametrize("name", VIEWS)
def test_pictures_have_a_place_whenever_the_view_has_some(name: str) -> None:
    view, layout = VIEWS[name], page(name).layout
    assert (layout is Layout.CALL) == view.remote
    assert (layout in {Layout.CALL, Layout.CAMERA}) == view.capturing


@pytest.mark.parametrize("name", VIEWS)
def test_a_button_without_meaning_is_drawn_without_force(name: str) -> None:
    assert page(name).pressable == (VIEWS[name].press.value != "nothing")


def test_times_are_local() -> None:
    assert page("remind").headline == "Timen din\nstarter\nkl.\N{NO-BREAK SPACE}13.55"
    assert page("idle").clock == ("13.40", "onsdag", "ettermiddag", "25.\N{NO-BREAK SPACE}november")


def test_a_begun_appointment_does_not_start_any_more() -> None:
    for minutes, word in ((1, "starter"), (0, "begynte"), (-1, "begynte")):
        view = replace(VIEWS["remind"], screen=RemindScreen(sample.NOW + timedelta(minutes=minutes), True))
        assert word in page_of(view, Texts("nb"), NOW).headline


def test_a_resting_screen_is_dark_and_a_busy_one_light() -> None:
    assert page("idle").palette is NIGHT
    assert page("remind").palette is DAY
    assert page_of(replace(VIEWS["remind"], backlight=Backlight.OFF), Texts("nb"), NOW).palette is NIGHT


def test_unknown_people_are_not_counted() -> None:
    assert page("call").people == "2 i samtalen"
    assert page("call-unknown-people").people == ""


def test_everything_broken_in_a_call_is_told() -> None:
    assert [sign for sign, _ in page("call-everything").notices] == [Sign.MICROPHONE, Sign.MICROPHONE]
    assert [words for _, words in page("call-broken").notices] == ["Kameraet virker ikke."]


def test_a_message_is_one_paragraph_whatever_it_was() -> None:
    view = replace(VIEWS["waiting"], screen=WaitingScreen("  Vent \n\n litt.\t"))
    assert page_of(view, Texts("nb"), NOW).message == "Vent litt."


@pytest.mark.parametrize(
    ("name", "headline", "detail"),
    [
        ("scheduled-today-refused", "Timen din krever innlogging.", "Ring oss før kl. 15.40."),
        ("scheduled-weekday-refused", "Noe mangler for timen din.", "Ring oss før søndag."),
        ("remind-refused", "Timen din krever innlogging.", "Ring oss, så hjelper vi deg."),
        ("phone-login", "Timen din krever innlogging.", "Ring oss, så hjelper vi deg."),
        ("phone-refused", "Noe mangler for timen din.", "Ring oss, så hjelper vi deg."),
        ("phone", "Behandleren ringer deg.", "Ha telefonen klar."),
    ],
)
def test_a_refusal_says_what_is_missing_and_whom_to_ring(name: str, headline: str, detail: str) -> None:
    drawn = page(name)
    said = (drawn.layout, drawn.headline, drawn.detail.replace("\N{NO-BREAK SPACE}", " "))
    assert said == (Layout.TELEPHONE, headline, detail)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Tolk", "Tolk er med nå"),
        ("Kari Nordmann", "Kari Nordmann er med nå"),
        ("Maximiliane Alexandra Sommerfeldt", "Maximiliane er med nå"),
        ("Donaudampfschifffahrtskapitän Müller", "Donaudampfsch… er med nå"),
        ("  Kari \n N. ", "Kari N. er med nå"),
    ],
)
def test_who_has_come_is_named_on_one_line(name: str, said: str) -> None:
    view = replace(VIEWS["call"], screen=InCallScreen(2, False, "", None, arrived=name))
    assert page_of(view, Texts("nb"), NOW).asides == ((Sign.PERSON, said),)


def test_a_frozen_picture_is_told_last_of_what_does_not_work() -> None:
    drawn = page_of(VIEWS["call-everything"], Texts("nb"), NOW, frozen=True)
    assert [sign for sign, _ in drawn.notices] == [Sign.MICROPHONE, Sign.MICROPHONE, Sign.WAIT]
    assert page("call").notices == ()
