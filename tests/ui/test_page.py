"""From View to words: complete, and nothing of the call outside it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from kiosk.consultation.model import Clinic, Contact
from kiosk.consultation.screens import InCallScreen, RemindScreen, Screen, WaitingScreen
from kiosk.consultation.signals import Backlight
from kiosk.ui import sample
from kiosk.ui.compose import page_of
from kiosk.ui.contact_card import card_of
from kiosk.ui.page import Layout, Page
from kiosk.ui.sign import Sign
from kiosk.ui.texts import Texts, languages
from kiosk.ui.theme import DAY, NIGHT, THEMES, hours_between

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
    assert (layout in {Layout.CALL, Layout.CAMERA, Layout.IDENTIFY}) == view.capturing


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
    signs = [sign for sign, _ in page("call-everything").notices]
    assert signs == [Sign.MICROPHONE, Sign.MICROPHONE, Sign.SPEAKER]
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
    assert [sign for sign, _ in drawn.notices] == [Sign.MICROPHONE, Sign.MICROPHONE, Sign.SPEAKER, Sign.WAIT]
    assert page("call").notices == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("call-poor-incoming", "Bilde og lyd når deg dårlig nå."),
        ("call-poor-outgoing", "De ser og hører deg dårlig nå."),
        ("call-poor-both", "Dårlig forbindelse nå."),
    ],
)
def test_a_poor_connection_is_told_in_words_and_then_by_its_sign_alone(name: str, said: str) -> None:
    assert (page(name).asides, page(name).poor) == (((Sign.POOR, said),), True)
    assert (page("call-poor").asides, page("call-poor").poor) == ((), True)
    assert not page("call").poor


HOURS = Contact("Poliklinikken", "22 33 44 55", open=("mon-fri 08:00-15:30",))
HELP = Contact("Teknisk hjelp", "55 66 77 88", open=("mon-sun 07:00-22:00",))


@pytest.mark.parametrize(
    ("now", "closed", "below"),
    [
        ("2026-11-25 09:00", (), ("Åpent til kl. 15.30",)),
        ("2026-11-25 07:00", ("Åpner kl. 08.00", "Stengt nå"), None),
        ("2026-11-25 16:00", ("Åpner i morgen kl. 08.00", "Åpner i morgen", "Stengt nå"), None),
        ("2026-11-27 16:00", ("Åpner mandag kl. 08.00", "Åpner mandag", "Stengt nå"), None),
        ("2026-03-31 16:00", ("Åpner i morgen kl. 08.00", "Åpner i morgen", "Stengt nå"), None),
        ("2026-04-01 16:00", ("Åpner tirsdag kl. 08.00", "Åpner tirsdag", "Stengt nå"), None),
    ],
)
def test_the_card_tells_when_nobody_answers(now: str, closed: tuple[str, ...], below: tuple[str, ...] | None) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=OSLO)
    card = card_of((HOURS,), Texts("nb"), at, Clinic())
    assert card
    assert (card.closed, card.below) == (closed, closed if below is None else below)


def test_a_closed_card_leads_to_who_answers() -> None:
    evening = NOW.replace(hour=18)
    told = {
        "nobody": card_of((HOURS,), Texts("nb"), evening, Clinic(urgent_numbers=True)),
        "own words": card_of(
            (HOURS,), Texts("nb"), evening, Clinic(urgent_numbers=True, urgent_words="Fastlegen, 116 117, 113")
        ),
        "helper": card_of((HOURS, HELP), Texts("nb"), evening, Clinic()),
        "open": card_of((HOURS, HELP), Texts("nb"), NOW, Clinic(urgent_numbers=True)),
        "no helper": card_of((HOURS, HOURS), Texts("nb"), evening, Clinic()),
    }
    assert {name: card.below[0] for name, card in told.items() if card} == {
        "nobody": "Legevakt 116 117, akutt 113",
        "own words": "Fastlegen, 116 117, 113",
        "helper": "Teknisk hjelp 55 66 77 88",
        "open": "Teknisk hjelp 55 66 77 88",
        "no helper": "Åpner i morgen kl. 08.00",
    }


def test_free_words_stand_while_somebody_answers() -> None:
    card = card_of((replace(HOURS, hours="Hverdager 8–15"),), Texts("nb"), NOW, Clinic())
    assert card
    assert card.below == ("Hverdager 8–15",)


@pytest.mark.parametrize(
    ("clinic", "said"),
    [
        (Clinic(), "Takk for nå.\nDu får regning i posten."),
        (Clinic(invoice="Ikke betal her."), "Takk for nå.\nIkke betal her."),
        (Clinic(invoice=""), "Takk for nå."),
        (Clinic(next_step="Ny time om tre uker."), "Du får regning i posten.\nNy time om tre uker."),
        (Clinic(invoice="", next_step="Ny time om tre uker."), "Ny time om tre uker."),
    ],
)
def test_after_the_call_comes_the_bill_and_the_next_step(clinic: Clinic, said: str) -> None:
    assert page_of(VIEWS["ended"], Texts("nb"), NOW, clinic=clinic).detail == said


def said_at(name: str, minute: int, second: int) -> str:
    at = NOW.replace(minute=minute, second=second)
    return page_of(VIEWS[name], Texts("nb"), at).headline.replace("\n", " ").replace("\N{NO-BREAK SPACE}", " ")


def test_the_appointment_gives_way_to_what_is_good_to_know_for_a_third_of_each_minute() -> None:
    assert said_at("scheduled-today", 0, 0) == said_at("scheduled-today", 0, 39) == "i dag kl. 15.40"
    assert said_at("scheduled-today", 0, 40) == said_at("scheduled-today", 0, 59) == "Skriv ned spørsmål og medisiner."
    assert said_at("scheduled-date", 0, 50) == "25. desember kl. 13.40"
    assert said_at("remind", 0, 39) == "Timen din starter kl. 13.55"
    assert {said_at("remind", minute, 50) for minute in (0, 1)} == {
        "Sitt der ingen hører deg.",
        "Ha telefonen nær, men lydløs.",
    }


def test_a_changed_appointment_says_where_and_when_to_come() -> None:
    drawn = page("scheduled-at-hospital")
    assert drawn.headline == "Møt opp på sykehuset."
    assert drawn.detail.replace("\N{NO-BREAK SPACE}", " ") == "tirsdag kl. 13.40\nInngang B, 2. etasje"


def test_the_telephone_card_tells_the_next_try() -> None:
    assert page("phone-again").detail == "Vi prøver igjen kl. 13.41."


def test_nothing_is_promised_of_a_recorded_card() -> None:
    assert (page("identify").detail, page("identify-recorded").detail) == ("Ingenting blir lagret.", "Opptak")


def test_at_night_a_resting_screen_is_darker_and_nothing_else_is() -> None:
    theme = replace(THEMES["normal"], bedroom_hours=hours_between(22, 7))

    def shown(name: str, hour: int) -> str:
        palette = page_of(VIEWS[name], Texts("nb"), NOW.replace(hour=hour), theme=theme).palette
        return next(kind for kind in ("day", "night", "bedroom", "call") if getattr(theme, kind) is palette)

    assert [shown("idle", hour) for hour in (21, 22, 3, 6, 7)] == ["night", "bedroom", "bedroom", "bedroom", "night"]
    assert shown("scheduled-today", 23) == "bedroom"
    others = {name for name in VIEWS if shown(name, 23) == "bedroom"}
    assert others == {name for name in VIEWS if name.startswith(("idle", "scheduled"))} - {"unassigned"}


def test_a_loan_of_high_contrast_has_it_on_every_screen() -> None:
    theme = THEMES["high_contrast"]
    for view in VIEWS.values():
        palette = page_of(view, Texts("nb"), NOW, theme=theme).palette
        assert palette in (theme.day, theme.night, theme.call)
