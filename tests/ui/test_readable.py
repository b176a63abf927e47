"""What a weak eye sees, measured in the drawn pixels: contrast, states without colour, help where it always is."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from kiosk.consultation.screens import InCallScreen
from kiosk.ui import sample
from kiosk.ui.page import Layout
from kiosk.ui.theme import THEMES, contrast

from .conftest import Drawn, Pixels
from .test_layout import seen_at, texts

VIEWS = sample.views()
SIZE = (1024, 600)
STATES = [
    *("starting", "no-network", "unassigned", "idle", "scheduled-today", "remind", "check", "joining", "waiting"),
    *("call", "identify", "paused", "reconnecting", "phone", "ended", "fault-camera"),
]
WITH_HELP = [name for name in VIEWS if not name.startswith(("call", "identify", "service"))]


def contrasts(drawn: Drawn, seen: Pixels) -> Iterator[tuple[str, float]]:
    """Each text that is shown, and how its letters stand out from what is behind them."""
    for text in texts(drawn.canvas.stage):
        left, bottom, right, top = (round(edge) for edge in seen_at(text))
        crop = seen[SIZE[1] - top : SIZE[1] - bottom, left:right].astype(np.uint32)
        # One number for each colour: sorting rows would take ten times as long.
        colours, counts = np.unique(crop @ np.array((65536, 256, 1), np.uint32), return_counts=True)
        ground = rgb(colours[np.argmax(counts)])
        yield text.words, max(contrast(rgb(colour), ground) for colour in colours)


def rgb(colour: np.uint32) -> tuple[float, float, float]:
    """Red, green and blue, 0 to 1, of one number."""
    red, green, blue = ((int(colour) >> shift & 255) / 255 for shift in (16, 8, 0))
    return red, green, blue


@pytest.mark.parametrize("theme", ["normal", "high_contrast"])
def test_every_text_stands_out_in_the_pixels(draw: Callable[..., Drawn], theme: str) -> None:
    drawn = draw("nb", theme)
    drawn.remote.write(sample.head(640, 360, clinician=True), sample.VISIT)
    drawn.own.write(sample.head(320, 240, clinician=False), sample.VISIT)
    found = {}
    for name in (*STATES, "call-message-caption", "call-everything", "check-heard", "waiting-message"):
        for words, ratio in contrasts(drawn, drawn.show(VIEWS[name], SIZE)):
            if ratio < (4.5 if words == "Opptak" else 7):
                found[name, words] = ratio
    assert found == {}


@pytest.mark.parametrize("theme", THEMES)
def test_states_are_told_apart_without_colour(draw: Callable[..., Drawn], theme: str) -> None:
    drawn = draw("nb", theme)
    grey = {name: drawn.show(VIEWS[name], SIZE)[::3, ::3].astype(float) @ (0.299, 0.587, 0.114) for name in STATES}
    alike = [
        (one, other) for one, other in combinations(STATES, 2) if (np.abs(grey[one] - grey[other]) > 64).mean() < 0.01
    ]
    assert alike == []


def test_the_level_of_the_voice_is_told_apart_without_colour(draw: Callable[[str], Drawn]) -> None:
    drawn = draw("nb")
    loud, silent = (
        np.frombuffer(drawn.canvas.draw(VIEWS["waiting"], SIZE, level_dbfs=level), np.uint8).reshape(SIZE[1], -1, 4)
        for level in (-10.0, -90.0)
    )
    weights = (0.299, 0.587, 0.114)
    difference = np.abs(loud[..., :3] @ np.array(weights) - silent[..., :3] @ np.array(weights))
    assert (difference > 64).sum() > 500


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("people", [0, 2])
def test_that_somebody_speaks_is_seen_without_colour(draw: Callable[..., Drawn], theme: str, people: int) -> None:
    drawn = draw("nb", theme)
    call = VIEWS["call-speaks"]
    assert isinstance(call.screen, InCallScreen)
    speaks, silent = (
        drawn.show(replace(call, screen=replace(call.screen, speaks=on, people=people)), SIZE).astype(float)
        @ (0.299, 0.587, 0.114)
        for on in (True, False)
    )
    differs = np.abs(speaks - silent) > 64
    assert differs.sum() > 100
    # Beside the count of people, and nothing else moves.
    rows, columns = np.nonzero(differs)
    assert rows.min() > 0.8 * SIZE[1]
    assert columns.min() > 0.5 * SIZE[0]


@pytest.mark.parametrize("theme", ["normal", "large_text"])
def test_help_is_in_the_same_corner_of_every_screen_outside_the_call(draw: Callable[..., Drawn], theme: str) -> None:
    drawn = draw("nb", theme)
    corners = {}
    for name in WITH_HELP:
        drawn.canvas.arrange(VIEWS[name], SIZE)
        screen: Any = drawn.canvas.stage.current
        assert screen.card.number.words.replace("\N{NO-BREAK SPACE}", " ") == sample.CONTACTS[0].phone, name
        corners[name] = (round(screen.card.right), round(screen.card.y))
    assert len(set(corners.values())) == 1


def test_only_the_call_itself_and_the_technician_s_table_show_no_help(draw: Callable[[str], Drawn]) -> None:
    drawn = draw("nb")
    without = set()
    for view in VIEWS.values():
        drawn.canvas.arrange(view, SIZE)
        screen: Any = drawn.canvas.stage.current
        if screen.card not in screen.children:
            without.add(screen)
    assert {type(each).__name__ for each in without} == {"KCall", "KIdentify", "KService"}
    assert Layout.CALL in drawn.canvas.stage.screens
