"""Which pictures of a card are sent."""

from typing import Final

import numpy as np
import pytest

from kiosk.frames import Plane, VideoFrame
from kiosk.media.sharpest import HOLD_S, WINDOW_S, Sharpest, sharpness

FPS: Final = 30


def card(seed: int = 1) -> Plane:
    """Dark letters on a light card, in a room."""
    luma = np.full((240, 320), 90, np.uint8)
    luma[50:190, 60:260] = 210
    random = np.random.default_rng(seed)
    for row in range(65, 180, 20):
        for column in range(75, 245, 12):
            if random.random() < 0.8:
                luma[row : row + 10, column : column + 5] = 40
    return luma


def blurred(luma: Plane, reach: int) -> Plane:
    """As a hand moves it: each pixel the mean of its neighbours in the row."""
    wide = np.pad(luma.astype(np.float32), ((0, 0), (reach, reach)), mode="edge")
    mean: Plane = np.mean([wide[:, at : at + luma.shape[1]] for at in range(2 * reach + 1)], axis=0).astype(np.uint8)
    return mean


def frame(luma: Plane, at_s: float) -> VideoFrame:
    chroma = np.full((120, 160), 128, np.uint8)
    return VideoFrame(luma, chroma, chroma, at_s)


def test_a_blurred_card_is_less_sharp_the_more_it_is_blurred() -> None:
    measured = [sharpness(blurred(card(), reach)) for reach in (0, 1, 2, 4, 8)]
    assert measured == sorted(measured, reverse=True)
    assert measured[0] > 1.5 * measured[2]


@pytest.mark.parametrize("gain", [0.4, 0.7, 1.15])
def test_light_makes_nothing_sharper(gain: float) -> None:
    darker = (card() * gain).astype(np.uint8)
    assert sharpness(darker) == pytest.approx(sharpness(card()), rel=0.1)


@pytest.mark.parametrize("shape", [(2, 2), (1, 1), (4, 4)])
def test_a_picture_of_nothing_has_a_sharpness(shape: tuple[int, int]) -> None:
    assert sharpness(np.zeros(shape, np.uint8)) == 0


def test_each_moment_sends_its_sharpest() -> None:
    sharpest, sent = Sharpest(), []
    sharp_at = {3, 10, 20, 25}
    pictures = [frame(card() if at in sharp_at else blurred(card(), 3), at / FPS) for at in range(30)]
    for picture in pictures:
        chosen = sharpest.choose(picture)
        if chosen is not None:
            sent.append(pictures.index(chosen))
    assert sent == [3, 10, 20, 25]


def test_while_it_stands_still_no_worse_one_follows_for_a_second() -> None:
    sharpest = Sharpest()
    pictures = [frame(card() if at == 2 else blurred(card(), 3), at / FPS) for at in range(3 * FPS)]
    sent = [chosen.captured_at_s for picture in pictures if (chosen := sharpest.choose(picture)) is not None]
    assert sent[0] == pytest.approx(2 / FPS)
    assert HOLD_S - WINDOW_S <= sent[1] - sent[0] <= HOLD_S + 2 * WINDOW_S


def test_a_card_that_is_turned_is_shown_at_once() -> None:
    sharpest = Sharpest()
    other = blurred(np.ascontiguousarray(255 - card(2)), 4)
    pictures = [frame(card() if at <= FPS // 2 else other, at / FPS) for at in range(FPS)]
    sent = [chosen for picture in pictures if (chosen := sharpest.choose(picture)) is not None]
    turned = [chosen.captured_at_s for chosen in sent if chosen.y is other]
    assert turned
    assert turned[0] < 0.5 + 2 * WINDOW_S


def test_nothing_is_kept_when_it_is_over() -> None:
    sharpest = Sharpest()
    sharpest.choose(frame(card(), 0.0))
    sharpest.forget()
    after = frame(blurred(card(), 4), 10.0)
    assert sharpest.choose(after) is None
    assert sharpest.choose(frame(blurred(card(), 6), 10.0 + WINDOW_S)) is after
