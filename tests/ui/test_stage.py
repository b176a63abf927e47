"""Whose picture is shown, and when it is gone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kiosk.consultation.screens import WaitingScreen
from kiosk.consultation.signals import Backlight
from kiosk.consultation.view import View
from kiosk.frames import VideoFrame
from kiosk.ui import sample
from kiosk.ui.theme import CALL, DAY, NIGHT, RECORDING

from .conftest import Drawn, Pixels

VIEWS = sample.views()
MAGENTA, LIME, CYAN = (255, 0, 255), (0, 255, 0), (0, 255, 255)
Draw = Callable[[str], Drawn]


def plain(colour: tuple[int, int, int], size: tuple[int, int] = (64, 48)) -> VideoFrame:
    """A picture of one colour, full range."""
    red, green, blue = colour
    y = 0.299 * red + 0.587 * green + 0.114 * blue
    width, height = size
    chroma = ((height + 1) // 2, (width + 1) // 2)

    def plane(value: float, shape: tuple[int, int]) -> np.ndarray[Any, np.dtype[np.uint8]]:
        return np.full(shape, min(255, round(value)), np.uint8)

    u, v = (blue - y) / 1.772 + 128, (red - y) / 1.402 + 128
    return VideoFrame(plane(y, (height, width)), plane(u, chroma), plane(v, chroma), 0.0, full_range=True)


def share(pixels: Pixels, colour: tuple[int, int, int]) -> float:
    """How much of the screen has that colour."""
    return float((np.abs(pixels.astype(int) - colour).max(axis=-1) <= 4).mean())


def feed(drawn: Drawn, tag: int) -> None:
    """A new picture from each side."""
    drawn.own.write(plain(LIME), tag)
    drawn.remote.write(plain(MAGENTA, (128, 72)), tag)
    drawn.canvas.stage.refresh_own()
    drawn.canvas.stage.refresh_remote()


def test_both_pictures_of_the_call_are_shown(draw: Draw) -> None:
    drawn = draw("nb")
    drawn.show(VIEWS["call"])
    feed(drawn, sample.VISIT)
    seen = drawn.look()
    assert share(seen, MAGENTA) > 0.6
    assert 0.02 < share(seen, LIME) < 0.1


@pytest.mark.parametrize("tag", [sample.VISIT - 1, sample.VISIT + 1, -1])
@pytest.mark.parametrize("name", ["call", "waiting", "joining"])
def test_a_picture_of_another_visit_is_never_shown(draw: Draw, name: str, tag: int) -> None:
    drawn = draw("nb")
    drawn.show(VIEWS[name])
    feed(drawn, tag)
    assert share(drawn.look(), MAGENTA) == share(drawn.look(), LIME) == 0


@pytest.mark.parametrize("name", [name for name, view in VIEWS.items() if view.pictures_of is None])
def test_no_picture_outlives_the_view_that_allowed_it(draw: Draw, name: str) -> None:
    drawn = draw("nb")
    drawn.canvas.arrange(VIEWS["call"], (1280, 800))
    feed(drawn, sample.VISIT)
    drawn.canvas.arrange(VIEWS[name])
    feed(drawn, sample.VISIT)
    seen = drawn.look()
    assert share(seen, MAGENTA) == share(seen, LIME) == 0


def test_the_next_visit_begins_without_the_last_ones_picture(draw: Draw) -> None:
    drawn = draw("nb")
    drawn.show(VIEWS["call"])
    feed(drawn, sample.VISIT)
    following = replace(VIEWS["call"], pictures_of=sample.VISIT + 1)
    seen = drawn.show(following)
    assert share(seen, MAGENTA) == share(seen, LIME) == 0
    assert share(seen, (0, 0, 0)) > 0.6
    feed(drawn, sample.VISIT + 1)
    assert share(drawn.look(), MAGENTA) > 0.6


def test_a_picture_that_came_before_its_view_is_shown_with_it(draw: Draw) -> None:
    drawn = draw("nb")
    feed(drawn, sample.VISIT)
    assert share(drawn.show(VIEWS["call"]), MAGENTA) > 0.6


def test_a_picture_needs_more_than_the_right_number(draw: Draw) -> None:
    """The View must also say that this picture belongs on the screen."""
    drawn = draw("nb")
    drawn.canvas.arrange(replace(VIEWS["call"], remote=False), (1280, 800))
    feed(drawn, sample.VISIT)
    seen = drawn.look()
    assert share(seen, MAGENTA) == 0
    assert share(seen, LIME) > 0.02
    drawn.canvas.arrange(replace(VIEWS["call"], capturing=False))
    feed(drawn, sample.VISIT)
    seen = drawn.look()
    assert share(seen, LIME) == 0
    assert share(seen, MAGENTA) > 0.6


def test_the_far_end_is_not_shown_before_admission(draw: Draw) -> None:
    drawn = draw("nb")
    drawn.show(VIEWS["waiting"])
    feed(drawn, sample.VISIT)
    seen = drawn.look()
    assert share(seen, MAGENTA) == 0
    assert share(seen, LIME) > 0.08


def test_the_own_picture_is_a_mirror(draw: Draw) -> None:
    drawn = draw("nb")
    frame = plain(LIME)
    frame.y[:, :32] = 0
    frame.u[:, :16] = frame.v[:, :16] = 128
    drawn.show(VIEWS["check"])
    drawn.own.write(frame, sample.VISIT)
    drawn.canvas.stage.refresh_own()
    columns = np.nonzero(np.abs(drawn.look().astype(int) - LIME).max(axis=-1) <= 4)[1]
    black = np.nonzero(drawn.look().max(axis=-1) <= 2)[1]
    assert np.median(columns) < np.median(black)


@pytest.mark.parametrize(
    ("view", "colour"),
    [
        (VIEWS["remind"], DAY.paper),
        (VIEWS["idle"], NIGHT.paper),
        (VIEWS["call"], CALL.paper),
        (replace(VIEWS["idle"], backlight=Backlight.OFF), (0.0, 0.0, 0.0)),
    ],
)
def test_the_ground_tells_how_bright_the_screen_may_be(
    draw: Draw, view: View, colour: tuple[float, float, float]
) -> None:
    ground = tuple(round(value * 255) for value in colour)
    assert np.abs(draw("nb").show(view)[2, 2].astype(int) - ground).max() <= 1


def test_off_is_black_everywhere(draw: Draw) -> None:
    assert not draw("nb").show(replace(VIEWS["idle"], backlight=Backlight.OFF)).any()


def test_every_screen_differs_from_every_other_without_colour(draw: Draw) -> None:
    drawn = draw("nb")
    drawn.slides.write(sample.slide(320, 180), sample.VISIT)
    grey = {name: drawn.show(view, (1024, 600))[::4, ::4].mean(axis=-1) for name, view in VIEWS.items()}
    same = [
        (one, other)
        for one in grey
        for other in grey
        if one < other and float((np.abs(grey[one] - grey[other]) > 40).mean()) < 0.0005
    ]
    assert same == []


def test_slides_and_the_far_end_change_places_with_the_first_slide(draw: Draw) -> None:
    drawn = draw("nb")
    view = VIEWS["call-slides"]
    drawn.show(view)
    feed(drawn, sample.VISIT)
    assert share(drawn.look(), MAGENTA) > 0.5, "until a slide has come the far end stays large"
    drawn.slides.write(plain(CYAN, (128, 72)), sample.VISIT)
    drawn.canvas.stage.refresh_slides()
    seen = drawn.look()
    assert share(seen, CYAN) > 0.35
    assert 0.02 < share(seen, MAGENTA) < 0.1
    assert 0.02 < share(seen, LIME) < 0.1
    seen = drawn.show(VIEWS["call"])
    assert share(seen, CYAN) == 0
    assert share(seen, MAGENTA) > 0.6, "the far end is large again at once"


@pytest.mark.parametrize("size", [(1280, 800), (1024, 600)], ids=["16:10", "17:10"])
@pytest.mark.parametrize("shape", [(128, 72), (96, 72), (40, 72)], ids=["16:9", "4:3", "upright"])
@pytest.mark.parametrize("name", ["call-slides", "call-slides-recorded"])
def test_a_slide_is_never_cropped_nor_covered(
    draw: Draw, name: str, shape: tuple[int, int], size: tuple[int, int]
) -> None:
    drawn = draw("nb")
    drawn.show(VIEWS[name], size)
    feed(drawn, sample.VISIT)
    drawn.slides.write(plain(CYAN, shape), sample.VISIT)
    drawn.canvas.stage.refresh_slides()
    rows, columns = np.nonzero(np.abs(drawn.look(size).astype(int) - CYAN).max(axis=-1) <= 4)
    width, height = np.ptp(columns) + 1, np.ptp(rows) + 1
    assert width / height == pytest.approx(shape[0] / shape[1], rel=0.01)
    assert rows.size == width * height


@pytest.mark.parametrize("tag", [sample.VISIT - 1, sample.VISIT + 1])
def test_slides_of_another_visit_are_never_shown(draw: Draw, tag: int) -> None:
    drawn = draw("nb")
    drawn.slides.write(plain(CYAN), tag)
    assert share(drawn.show(VIEWS["call-slides"]), CYAN) == 0


def test_slides_need_a_view_that_speaks_of_them(draw: Draw) -> None:
    drawn = draw("nb")
    drawn.slides.write(plain(CYAN), sample.VISIT)
    assert share(drawn.show(VIEWS["call"]), CYAN) == 0
    assert share(drawn.show(VIEWS["call-slides"]), CYAN) > 0.35
    assert share(drawn.show(VIEWS["call"]), CYAN) == 0
    assert share(drawn.show(VIEWS["call-slides"]), CYAN) > 0.35
    assert share(drawn.show(replace(VIEWS["call-slides"], pictures_of=sample.VISIT + 1)), CYAN) == 0


def test_a_picture_that_stands_still_is_called_so_until_it_moves(draw: Draw) -> None:
    drawn = draw("nb")
    stage = drawn.canvas.stage
    drawn.show(VIEWS["call"])
    feed(drawn, sample.VISIT)
    moving = drawn.look()
    drawn.clock.now_s += 2.9
    stage.tick()
    assert (drawn.look() == moving).all()
    drawn.clock.now_s += 0.2
    stage.tick()
    frozen = drawn.look()
    assert share(frozen, MAGENTA) > 0.5, "the picture stays"
    changed = (np.abs(frozen.astype(int) - moving).max(axis=-1) > 40).mean()
    assert 0.02 < changed < 0.2, "a band says so"
    assert not (np.abs(frozen[:400].astype(int) - moving[:400]).max(axis=-1) > 40).any(), "and not over the face"
    feed(drawn, sample.VISIT)
    assert (drawn.look() == moving).all()


def test_no_picture_is_not_a_frozen_one(draw: Draw) -> None:
    drawn = draw("nb")
    drawn.show(VIEWS["call"])
    drawn.clock.now_s += 60
    drawn.canvas.stage.tick()
    call: Any = drawn.canvas.stage.current
    assert call.notice.text.words == ""


def test_bands_leave_the_upper_half_of_the_picture_free(draw: Draw) -> None:
    """A mouth is above three fifths of a head-and-shoulders picture."""
    drawn = draw("nb")
    for size in ((1280, 800), (1024, 600)):
        quiet = drawn.show(VIEWS["call"], size)
        for name in ("call-message-caption", "call-caption", "call-broken", "call-steered", "call-everything"):
            told = drawn.show(VIEWS[name], size)
            # Without the corners: the sign of the recording, the patient's own picture.
            middle = np.s_[: int(size[1] * 0.45), int(size[0] * 0.35) : int(size[0] * 0.7)]
            assert (told[middle] == quiet[middle]).all(), name


def test_the_recording_sign_is_red(draw: Draw) -> None:
    ground = (round(RECORDING[0] * 255), round(RECORDING[1] * 255), round(RECORDING[2] * 255))
    drawn = draw("nb")
    assert share(drawn.show(VIEWS["call"])[:140, :500], ground) == 0
    assert share(drawn.show(VIEWS["call-recorded"])[:140, :500], ground) > 0.3


def test_the_meter_rises_with_the_voice_and_says_so(draw: Draw) -> None:
    drawn = draw("nb")
    drawn.show(VIEWS["check"])
    meter: Any = drawn.canvas.stage.current
    quiet = drawn.look()
    assert meter.meter.word.words == "Si noe"
    drawn.canvas.stage.hear(-20.0)
    from kivy.base import EventLoop  # noqa: PLC0415 - only once the window is open

    for _ in range(20):
        if meter.meter.word.words == "Vi hører deg":
            break
        EventLoop.idle()
    assert meter.meter.word.words == "Vi hører deg"
    red, green, blue = (round(value * 255) for value in DAY.good)
    assert share(drawn.look(), (red, green, blue)) > share(quiet, (red, green, blue))


def test_a_level_means_nothing_when_nothing_is_captured(draw: Draw) -> None:
    drawn = draw("nb")
    before = drawn.show(VIEWS["paused"])
    drawn.canvas.stage.hear(-10.0)
    assert (drawn.look() == before).all()


def test_a_long_message_turns_its_pages_and_loses_no_word(draw: Draw) -> None:
    drawn = draw("nb")
    view = VIEWS["waiting-long-message"]
    drawn.canvas.arrange(view, (1280, 800))
    screen: Any = drawn.canvas.stage.current
    message = screen.message
    assert isinstance(view.screen, WaitingScreen)
    whole = view.screen.message
    pages: list[str] = []
    for _ in range(10):
        pages.append(message.text.words)
        message._turn_page(0)
        if message.text.words == pages[0]:
            break
    assert all(page.endswith(("…", ".")) for page in pages)
    assert " ".join(pages).replace("…", " ").split() == whole.split()
    assert len(pages) > 1
