"""Languages: complete, short, drawable."""

import re
from datetime import datetime, timedelta
from typing import get_args, get_type_hints
from zoneinfo import ZoneInfo

import pytest
from fluent.syntax import FluentParser, ast
from fontTools.ttLib import TTFont

from kiosk.config import parse
from kiosk.consultation.signals import Press
from kiosk.devices.screen import Settings
from kiosk.errors import ConfigError
from kiosk.ui.shaping import drawable
from kiosk.ui.texts import FOLDER, Texts, languages
from kiosk.ui.theme import typeface

VALUES: dict[str, str | int] = {
    "serial": "VT-0042",
    "time": "10.05",
    "count": 2,
    "name": "Tolk",
    "day": "i morgen",
    "code": "7K3M-9QP2",
    "part": "disk",
}
NOW = datetime(2026, 11, 25, 13, 40, tzinfo=ZoneInfo("Europe/Oslo"))


def messages(language: str) -> dict[str, frozenset[str]]:
    """Every key of a language, with the variables that its sentence uses."""
    found = {}
    for entry in FluentParser().parse((FOLDER / f"{language}.ftl").read_text(encoding="utf-8")).body:
        assert not isinstance(entry, ast.Junk), f"{language}.ftl: cannot be read: {entry.content}"
        if isinstance(entry, ast.Message):
            found[entry.id.name] = frozenset(variables(entry))
    return found


def variables(node: ast.BaseNode) -> set[str]:
    """Names of the variables below a node."""
    if isinstance(node, ast.VariableReference):
        return {node.id.name}
    names: set[str] = set()
    for value in vars(node).values():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.BaseNode):
                names |= variables(child)
    return names


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_keys_and_variables_of_norwegian(language: str) -> None:
    assert messages(language) == messages("nb")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("press", Press)
def test_every_press_has_a_sentence(language: str, press: Press) -> None:
    assert Texts(language)(f"press-{press.value}")


@pytest.mark.parametrize("language", languages())
def test_sentences_are_short_and_plain(language: str) -> None:
    texts = Texts(language)
    for key in messages(language):
        text = texts(key, **VALUES)
        assert len(text.split()) <= 8, f"{language}.ftl: {key}: more than 8 words"
        ends = re.findall(r"\w{3,}[.!?؟።]\s+(\w)", text)
        begins = [letter for letter in ends if letter.isalpha() and not letter.islower()]
        assert not begins, f"{language}.ftl: {key}: two sentences"
        words = [word for word in re.findall(r"[^\W\d_]{3,}", text) if word not in VALUES.values()]
        assert not any(word.isupper() for word in words), f"{language}.ftl: {key}: all capitals"


@pytest.mark.parametrize("language", languages())
def test_every_letter_is_in_the_fonts(language: str) -> None:
    texts = Texts(language)
    shown = {texts(key, **VALUES) for key in messages(language)}
    shown |= {"0123456789…\N{NO-BREAK SPACE}+()", "ÆØÅæøåÄÖäöéüÞðßŁłŠšČčĐđŊŋŦŧŽžÁáñçğışň Kari-Anne O’Hara"}
    for day in (NOW + timedelta(days=days) for days in range(366)):
        shown |= {texts.weekday(day), texts.date(day)}
    letters = {letter for text in shown for line in text.split("\n") for letter in drawn(line, texts)}
    for font in (typeface(language).medium, typeface(language).bold):
        drawable_letters = set(TTFont(font).getBestCmap())
        assert {letter for letter in letters if ord(letter) not in drawable_letters} == set()


def drawn(line: str, texts: Texts) -> str:
    """As the fonts get it."""
    return drawable(line, from_right=texts.from_right)


def test_fonts_are_small_and_have_their_licence() -> None:
    folder = FOLDER.with_name("fonts")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 2_000_000
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "hour", "part"),
    [
        ("nb", 5, "natt"),
        ("nb", 6, "morgen"),
        ("nb", 9, "formiddag"),
        ("nb", 12, "ettermiddag"),
        ("nb", 23, "kveld"),
        ("en", 0, "night"),
        ("en", 11, "morning"),
        ("en", 17, "afternoon"),
        ("en", 18, "evening"),
    ],
)
def test_parts_of_the_day(language: str, hour: int, part: str) -> None:
    assert Texts(language).day_part(NOW.replace(hour=hour)) == part


@pytest.mark.parametrize(
    ("language", "day", "said"),
    [
        ("nb", NOW, "i dag"),
        ("nb", NOW.replace(day=26), "i morgen"),
        ("nb", NOW.replace(day=29), "søndag"),
        ("nb", NOW.replace(month=12, day=3), "3.\N{NO-BREAK SPACE}desember"),
        ("nb", NOW.replace(day=24), "24.\N{NO-BREAK SPACE}november"),
        ("en", NOW.replace(month=12, day=3), "3\N{NO-BREAK SPACE}December"),
        ("en", NOW.replace(day=29), "Sunday"),
    ],
)
def test_days_are_said_as_people_say_them(language: str, day: datetime, said: str) -> None:
    assert Texts(language).day(day, NOW) == said


@pytest.mark.parametrize(
    ("language", "weekday", "date"),
    [
        ("nb", "onsdag", "25. november"),
        ("nn", "onsdag", "25. november"),
        ("en", "Wednesday", "25 November"),
        ("se", "gaskavahkku", "skáb 25"),
        ("uk", "середа", "25 листопада"),
        ("pl", "środa", "25 listopada"),
        ("so", "Arbaco", "Noofeembar 25"),
        ("ar", "الأربعاء", "25 نوفمبر"),
        ("ti", "ረቡዕ", "25 ሕዳር"),
    ],
)
def test_the_calendar_speaks_the_language(language: str, weekday: str, date: str) -> None:
    texts = Texts(language)
    assert (texts.weekday(NOW), texts.date(NOW)) == (weekday, date.replace(" ", "\N{NO-BREAK SPACE}"))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nb", {1: "1 i samtalen", 2: "2 i samtalen"}),
        ("se", {1: "1 olmmoš", 2: "2 olbmo"}),
        ("pl", {1: "1 osoba", 2: "2 osoby", 5: "5 osób", 12: "12 osób", 22: "22 osoby"}),
        ("ar", {1: "شخص واحد", 2: "شخصان", 3: "3 أشخاص", 12: "12 شخصا"}),
        ("uk", {1: "1 особа", 2: "2 особи", 5: "5 осіб", 12: "12 осіб", 21: "21 особа"}),
    ],
)
def test_people_are_counted_by_the_language_s_rules(language: str, said: dict[int, str]) -> None:
    assert {count: Texts(language)("people", count=count) for count in said} == said


def test_time_is_written_as_in_the_country() -> None:
    assert (Texts("nb").time(NOW), Texts("en").time(NOW)) == ("13.40", "13:40")


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(ConfigError, match=r'"xx" has no file; there are .*en.*nb'):
        Texts("xx")


def test_the_configuration_takes_every_language_and_no_other() -> None:
    assert sorted(get_args(get_type_hints(Settings)["language"])) == list(languages())
    with pytest.raises(ConfigError, match=r"screen\.language: input should be 'nb', 'nn'"):
        parse('[screen]\nlanguage = "xx"')


def test_a_missing_value_is_named() -> None:
    with pytest.raises(ValueError, match=r"nb\.ftl: people"):
        Texts("nb")("people")
