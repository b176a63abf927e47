"""Easy to read: few words on a screen, short ones, one thing at a time."""

import re

import pytest

from kiosk.ui import sample
from kiosk.ui.compose import page_of
from kiosk.ui.page import Page
from kiosk.ui.texts import Texts, languages

from .conftest import OSLO
from .test_texts import VALUES, messages

CHECKED = ("nb", "nn", "en")
"""The languages that the measure of readability was made for, or fits."""
VIEWS = sample.views()


def sentences(shown: Page) -> list[str]:
    """What a screen says of its own accord, without the clinic's words."""
    said = (shown.kicker, shown.headline, shown.detail, *(words for _, words in shown.notices[:1]), shown.press)
    return [" ".join(words.split()) for words in said if words]


def lix(said: list[str]) -> float:
    """Words to a sentence, and long words in the hundred; below 30 is very easy."""
    words = [word for sentence in said for word in re.findall(r"[^\W\d_]+", sentence)]
    return len(words) / len(said) + 100 * sum(len(word) > 6 for word in words) / len(words)


@pytest.mark.parametrize("language", CHECKED)
def test_the_language_is_very_easy_to_read(language: str) -> None:
    texts = Texts(language)
    assert lix([" ".join(texts(key, **VALUES).split()) for key in messages(language)]) < 20


@pytest.mark.parametrize("language", CHECKED)
def test_words_are_short(language: str) -> None:
    texts = Texts(language)
    words = {word for key in messages(language) for word in re.findall(r"[^\W\d_]+", texts(key, **VALUES))}
    assert {word for word in words if len(word) > 12} == set()


@pytest.mark.parametrize("language", languages())
def test_a_screen_says_little(language: str) -> None:
    texts = Texts(language)
    for name, view in VIEWS.items():
        said = sentences(page_of(view, texts, sample.NOW.astimezone(OSLO), sample.SERIAL))
        assert len(said) <= 3, f"{name}: {said}"
        assert sum(len(words.split()) for words in said) <= 20, f"{name}: {said}"
