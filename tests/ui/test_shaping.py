"""Right to left: in characters, and in pixels on the screen."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.consultation.screens import WaitingScreen
from kiosk.frames import VideoFrame
from kiosk.ui import sample
from kiosk.ui.shaping import drawable, reads_from_right

from .conftest import Drawn, Pixels

Ink = NDArray[np.bool_]
PHONE = "22 33 44 55"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("اتصل 22 33 44 55 الآن.", "22 33 44 55"),
        ("اتصل 22\N{NO-BREAK SPACE}33\N{NO-BREAK SPACE}44\N{NO-BREAK SPACE}55", "22\N{NO-BREAK SPACE}33"),
        ("الهاتف +47 815 00 000", "+47 815 00 000"),
        ("الهاتف (+47) 815 00 000 هنا", "(+47) 815 00 000"),
        ("الساعة 10:05.", "10:05"),
        ("الساعة 10.05، وداعا", "10.05"),
        ("معنا الآن: Kari-Anne O’Hara", "Kari-Anne O’Hara"),
        ("رقم VT-0042", "VT-0042"),
        ("انتظر 10–15 دقيقة", "10–15"),
    ],
)
def test_numbers_and_names_keep_their_order(line: str, kept: str) -> None:
    assert kept in drawable(line, from_right=True)


def test_a_line_begins_on_the_right() -> None:
    shown = unicodedata.normalize("NFKC", drawable("الساعة 10:05 مساء (اليوم).", from_right=True))
    assert shown == ".(مويلا) ءاسم 10:05 ةعاسلا"


def test_two_numbers_in_a_list_stand_from_right_to_left() -> None:
    assert drawable("الساعة 10:05، 10:15", from_right=True).startswith("10:15 ")


def test_the_full_stop_of_a_latin_line_in_an_arabic_paragraph_stands_left() -> None:
    assert drawable("Lungepoliklinikken.", from_right=True) == ".Lungepoliklinikken"


def test_other_languages_are_left_alone() -> None:
    for line in ("Ring oss før kl. 10.05 (i dag).", "ቅድሚ ሰዓት 10:05 ደውሉልና።", "Подзвоніть до 10:05."):
        assert not reads_from_right(line)
        assert drawable(line, from_right=False) == line


def test_letters_are_joined() -> None:
    shown = drawable("نسمعك", from_right=True)
    forms = [unicodedata.name(letter).rsplit(" ", 2)[-2] for letter in reversed(shown)]
    assert forms == ["INITIAL", "MEDIAL", "MEDIAL", "MEDIAL", "FINAL"]


def message(draw: Callable[[str], Drawn], words: str) -> Pixels:
    """The box of a message in the waiting room, its letters dark on white."""
    drawn = draw("ar")
    view = sample.views()["waiting-message"]
    seen = drawn.show(replace(view, screen=WaitingScreen(words)))
    screen: Any = drawn.canvas.stage.current
    text = screen.message.text
    top = 800 - round(text.top)
    return seen[top : top + round(text.box[1]), round(text.right) - text.box[0] : round(text.right)]


def ink(pixels: Pixels) -> Ink:
    """Where there is a letter: shape (height, width)."""
    return np.asarray(pixels.astype(int).sum(axis=2) < 3 * 128)


def runs(seen: Ink) -> list[tuple[int, int]]:
    """First and last column of each piece of ink."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], seen.max(axis=0).astype(int), [0]))))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def places(piece: Ink, line: Ink) -> list[int]:
    """Columns of the line at which the piece stands; a letter may be a column further left or right."""
    width = piece.shape[1]
    return [x for x in range(line.shape[1] - width + 1) if (line[:, x : x + width] == piece).mean() > 0.97]


def alone(draw: Callable[[str], Drawn], words: str) -> Ink:
    """The ink of words that are a message by themselves, from their first column to their last."""
    seen = ink(message(draw, words))
    pieces = runs(seen)
    return seen[:, pieces[0][0] : pieces[-1][1]]


def test_a_telephone_number_in_an_arabic_sentence_looks_as_it_does_alone(draw: Callable[[str], Drawn]) -> None:
    sentence = ink(message(draw, f"اتصل {PHONE} الآن"))
    number = alone(draw, PHONE)
    left = min(places(number, sentence), default=0)
    assert left
    assert sentence[:, :left].any(), "what is said after the number stands left of it"
    assert sentence[:, left + number.shape[1] :].any(), "what is said before the number stands right of it"
    assert not places(alone(draw, "55 44 33 22"), sentence)


def test_a_time_in_an_arabic_sentence_looks_as_it_does_alone(draw: Callable[[str], Drawn]) -> None:
    sentence = ink(message(draw, "موعدك الساعة 10:05."))
    assert places(alone(draw, "10:05"), sentence)
    assert not places(alone(draw, "05:10"), sentence)


def test_joined_letters_leave_no_gap_and_single_ones_do(draw: Callable[[str], Drawn]) -> None:
    # No letter of this word breaks the line of the pen, so it is one piece; its letters apart are four.
    assert len(runs(ink(message(draw, "سمعك")))) == 1
    assert len(runs(ink(message(draw, "س م ع ك")))) == 4


def test_lines_are_in_the_order_of_reading(draw: Callable[[str], Drawn]) -> None:
    first, rest = "يرجى الانتظار قليلا في هذه الغرفة الصغيرة", "ثم نبدأ"
    drawn = draw("ar")
    view = sample.views()["waiting-message"]
    drawn.show(replace(view, screen=WaitingScreen(f"{first} {rest}")))
    screen: Any = drawn.canvas.stage.current
    text = screen.message.text
    assert " ".join(text.lines) == f"{first} {rest}"
    assert len(text.lines) == 2
    assert text.text.split("\n") == [drawable(line, from_right=True) for line in text.lines]


def test_the_plan_is_mirrored_and_the_picture_is_not(draw: Callable[[str], Drawn]) -> None:
    view = sample.views()["waiting"]
    cards, halves = {}, {}
    half, grey = np.full((480, 640), 235, np.uint8), np.full((240, 320), 128, np.uint8)
    half[:, :320] = 16
    for language in ("nb", "ar"):
        drawn = draw(language)
        drawn.own.write(VideoFrame(half, grey, grey, 0.0), sample.VISIT)
        seen = drawn.show(view)
        screen: Any = drawn.canvas.stage.current
        cards[language] = (round(screen.card.x), round(screen.card.right))
        own = screen.own
        picture = (
            seen[800 - round(own.top) : 800 - round(own.y), round(own.x) : round(own.right)].astype(int).sum(axis=2)
        )
        middle = picture.shape[1] // 2
        halves[language] = bool(picture[:, :middle].mean() > picture[:, middle:].mean())
    assert cards["ar"] == (1280 - cards["nb"][1], 1280 - cards["nb"][0])
    assert halves["ar"] == halves["nb"]


def test_a_place_in_latin_letters_below_an_arabic_sentence_keeps_its_order(draw: Callable[[str], Drawn]) -> None:
    drawn = draw("ar")
    drawn.canvas.arrange(sample.views()["scheduled-at-hospital"])
    screen: Any = drawn.canvas.stage.current
    assert screen.detail.text.split("\n")[-1] == "Inngang B, 2. etasje"
