"""Readable by the numbers."""

import pytest

from kiosk.ui.theme import CALL, DAY, NIGHT, RECORDING, Palette, contrast, em_px, needed_em_px

PALETTES = pytest.mark.parametrize("palette", [DAY, NIGHT, CALL], ids=["day", "night", "call"])


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast((119 / 255,) * 3, (1, 1, 1)) == pytest.approx(4.48, abs=0.01)


@PALETTES
def test_texts_stand_out_seven_times(palette: Palette) -> None:
    pairs = {
        "ink on paper": contrast(palette.ink, palette.paper),
        "muted on paper": contrast(palette.muted, palette.paper),
        "ink on card": contrast(palette.ink, palette.card),
        "muted on card": contrast(palette.muted, palette.card),
        "sentence on bar": contrast(palette.on_bar, palette.bar),
    }
    assert {pair: ratio for pair, ratio in pairs.items() if ratio < 7} == {}


def test_the_recording_sign_s_word_stands_out() -> None:
    assert contrast(CALL.ink, RECORDING) >= 4.5
    assert contrast(RECORDING, CALL.paper) >= 3


@PALETTES
def test_signs_stand_out_three_times(palette: Palette) -> None:
    for sign in (palette.mark, palette.good, palette.warn):
        assert contrast(sign, palette.paper) >= 3
        assert contrast(sign, palette.card) >= 3
    assert contrast(palette.good, palette.rim) >= 3 or palette is CALL


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (1920, 1200)])
def test_letters_are_large_enough_for_seventy_centimetres(size: tuple[int, int]) -> None:
    assert em_px(*size) >= needed_em_px(*size, 10.1, 70)


def test_the_needed_size_grows_with_distance_and_shrinks_with_the_panel() -> None:
    assert needed_em_px(1280, 800, 10.1, 70) == pytest.approx(69.2, abs=0.1)
    assert needed_em_px(1280, 800, 10.1, 140) == pytest.approx(2 * 69.2, abs=0.2)
    assert needed_em_px(1280, 800, 20.2, 70) == pytest.approx(69.2 / 2, abs=0.1)
