"""Every screen in every language on every panel: no text cut, small, hidden or on top of another.

Nothing is drawn for this: a text's place and the font's own measure tell it all, for panels larger than the window too.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.consultation.screens import ScheduledScreen
from kiosk.consultation.view import View
from kiosk.ui import sample
from kiosk.ui.compose import ASIDE_FROM_S, TURN_S, page_of
from kiosk.ui.page import Layout
from kiosk.ui.texts import Texts, languages
from kiosk.ui.theme import LARGE, needed_em_px

from .conftest import OSLO, Drawn

if TYPE_CHECKING:
    from kiosk.ui.widgets.text import KText

Size = tuple[int, int]
Rectangle = tuple[float, float, float, float]

PANELS: dict[Size, tuple[float, float]] = {
    (800, 480): (7, 47),
    (1024, 600): (7, 47),
    (1280, 720): (7, 47),
    (1280, 800): (10.1, 70),
    (1920, 1200): (10.1, 70),
    (1920, 1080): (15.6, 100),
}
"""Pixels, the smallest diagonal in inches, and the distance in centimetres from which it is readable."""
NARROWEST = (1280, 800)
"""In letters."""
LOWEST = (1280, 720)


def texts(widget: Any) -> "Iterator[KText]":
    """Every text on the stage that says something."""
    from kiosk.ui.widgets.text import KText  # noqa: PLC0415 - only once the window is open

    if isinstance(widget, KText) and widget.words:
        yield widget
    for child in widget.children:
        yield from texts(child)


def seen_at(text: "KText") -> Rectangle:
    """Left, bottom, right, top of the drawn lines."""
    width, height = text.width_px(), text.height_px()
    left = {"left": text.x, "right": text.right - width}[text.halign]
    bottom = {"top": text.top - height, "middle": text.center_y - height / 2}[text.valign]
    return left, bottom, left + width, bottom + height


def overlap(one: Rectangle, other: Rectangle) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    upright = min(one[3], other[3]) - max(one[1], other[1])
    # A line's box is a little higher than its letters.
    return across > 1 and upright > 3


def faults(drawn: Drawn, name: str, size: Size, larger: float = 1.0) -> list[str]:
    """What is wrong with a screen, as sentences; `larger`: so much larger than needed its letters are to be."""
    stage = drawn.canvas.stage
    found = []
    shown = list(texts(stage))
    smallest = larger * needed_em_px(*size, *PANELS[size]) - 0.5
    for text in shown:
        said = f"{name}: “{text.words}”"
        left, bottom, right, top = seen_at(text)
        if text.width_px() > text.box[0] + 0.5 or text.height_px() > text.box[1] + 2:
            found.append(f"{said} does not fit: {text.width_px()}x{text.height_px()} in {text.box}")
        if " ".join(text.lines).split() != text.words.split():
            found.append(f"{said} is cut: {text.lines}")
        if text.font_size < smallest:
            found.append(f"{said} is too small: {text.font_size} px, not {smallest}")
        if left < 0 or bottom < 0 or right > size[0] or top > size[1]:
            found.append(f"{said} leaves the window")
        found += [
            f"{said} and “{other.words}” overlap"
            for other in shown
            if other is not text and id(other) < id(text) and overlap(seen_at(text), seen_at(other))
        ]
    return found


def arrange(drawn: Drawn, view: View, size: Size) -> None:
    """Put a view on the stage; a window that nobody sees cannot grow, but the stage in it can."""
    stage = drawn.canvas.stage
    stage.size_hint = (None, None)
    stage.size = size
    drawn.canvas.arrange(view)


@pytest.mark.parametrize("size", PANELS, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", languages())
def test_every_text_has_its_place(draw: Callable[[str], Drawn], language: str, size: Size) -> None:
    drawn = draw(language)
    found = []
    for name, view in sample.views().items():
        arrange(drawn, view, size)
        found += faults(drawn, name, size)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", languages())
def test_large_text_is_a_third_larger_and_has_its_place(draw: Callable[..., Drawn], language: str) -> None:
    drawn = draw(language, "large_text")
    found = []
    for size in PANELS:
        for name, view in sample.views().items():
            arrange(drawn, view, size)
            found += faults(drawn, name, size, LARGE)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["nb", "so", "ar"])
def test_large_text_says_in_a_minute_what_others_say_at_once(draw: Callable[..., Drawn], language: str) -> None:
    drawn = draw(language, "large_text")
    found: list[str] = []
    for name, view in sample.views().items():
        said: set[str] = set()
        for second in (0, TURN_S, 2 * TURN_S):
            drawn.now = sample.NOW.replace(second=second)
            arrange(drawn, view, LOWEST)
            found += faults(drawn, name, LOWEST, LARGE)
            said |= {word for text in texts(drawn.canvas.stage) for word in text.words.split()}
        page = page_of(view, Texts(language), sample.NOW.astimezone(OSLO), sample.SERIAL)
        if page.layout not in {Layout.CALL, Layout.IDENTIFY} and not page.message and view.volume is None:
            missing = {*page.headline.split(), *page.detail.split(), *page.press.split()} - said
            found += [f"{name}: “{word}” is never said" for word in missing]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["nb", "ar", "ti"])
def test_no_line_is_left_out_of_a_box_that_is_as_high_as_its_lines(draw: Callable[..., Drawn], language: str) -> None:
    drawn = draw(language, "large_text")
    for size in PANELS:
        arrange(drawn, sample.views()["scheduled-tomorrow"], size)
        for text in texts(drawn.canvas.stage):
            text.texture_update()
            assert len(text._label._cached_lines) == len(text.lines), (size, text.words)


@pytest.mark.parametrize("language", languages())
def test_every_date_has_its_place(draw: Callable[[str], Drawn], language: str) -> None:
    from kiosk.ui.widgets.text import text_px  # noqa: PLC0415 - only once the window is open

    drawn = draw(language)
    arrange(drawn, sample.views()["idle"], NARROWEST)
    clock: Any = drawn.canvas.stage.current
    words = Texts(language)
    dates, times = set(), set()
    for hours in range(0, 366 * 24, 5):
        when = sample.NOW + timedelta(hours=hours)
        dates |= {words.date(when), words.weekday(when), words.day_part(when)}
        times.add(words.time(when))
    for text, lines in ((clock.date, dates), (clock.clock, times)):
        widths = {line: text_px(text.font_name, round(text.font_size), line) for line in lines}
        assert {line for line, width in widths.items() if width > text.box[0]} == set()


@pytest.mark.parametrize("language", languages())
def test_every_day_of_an_appointment_has_its_place(draw: Callable[[str], Drawn], language: str) -> None:
    drawn = draw(language)
    found = []
    for days in (*range(8), *range(20, 366, 29)):
        at = sample.NOW + timedelta(days=days, hours=1)
        for name in ("scheduled-today", "scheduled-today-refused"):
            view = sample.views()[name]
            assert isinstance(view.screen, ScheduledScreen)
            arrange(drawn, replace(view, screen=replace(view.screen, starts_at=at)), NARROWEST)
            found += faults(drawn, f"{name} in {days} days", NARROWEST)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("size", [NARROWEST, (1024, 600)], ids=["10 inch", "7 inch"])
@pytest.mark.parametrize("language", languages())
def test_what_is_good_to_know_ahead_has_its_place(draw: Callable[[str], Drawn], language: str, size: Size) -> None:
    drawn = draw(language)
    found, seen = [], set()
    for minute in (40, 41):
        drawn.now = sample.NOW.replace(minute=minute, second=ASIDE_FROM_S)
        for name in ("scheduled-today", "scheduled-tomorrow", "remind"):
            arrange(drawn, sample.views()[name], size)
            found += faults(drawn, f"{name}, minute {minute}", size)
            screen: Any = drawn.canvas.stage.current
            seen.add(screen.headline.words)
    assert not found, "\n".join(found)
    assert seen == {Texts(language)(key) for key in ("prepare", "rule-quiet_place", "rule-telephone")}
