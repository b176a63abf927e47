"""Readable by the numbers."""

import pytest

from kiosk.ui.theme import CALL, RECORDING, THEMES, Palette, contrast, em_px, hours_between, needed_em_px

EACH = {
    f"{name}, {kind}": getattr(theme, kind)
    for name, theme in THEMES.items()
    for kind in ("day", "night", "bedroom", "call")
}
PALETTES = pytest.mark.parametrize("palette", EACH.values(), ids=EACH)


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
    assert contrast(palette.good, palette.rim) >= 3 or palette in [theme.call for theme in THEMES.values()]


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (1920, 1200)])
def test_letters_are_large_enough_for_seventy_centimetres(size: tuple[int, int]) -> None:
    assert em_px(*size) >= needed_em_px(*size, 10.1, 70)


def test_the_needed_size_grows_with_distance_and_shrinks_with_the_panel() -> None:
    assert needed_em_px(1280, 800, 10.1, 70) == pytest.approx(69.2, abs=0.1)
    assert needed_em_px(1280, 800, 10.1, 140) == pytest.approx(2 * 69.2, abs=0.2)
    assert needed_em_px(1280, 800, 20.2, 70) == pytest.approx(69.2 / 2, abs=0.1)


def test_high_contrast_is_higher_everywhere() -> None:
    normal, strong = THEMES["normal"], THEMES["high_contrast"]
    for kind in ("day", "night", "bedroom", "call"):
        plain, plainer = getattr(normal, kind), getattr(strong, kind)
        assert contrast(plainer.ink, plainer.paper) >= contrast(plain.ink, plain.paper)
        assert contrast(plainer.muted, plainer.paper) >= 15


def test_a_bedroom_is_darker_than_a_night() -> None:
    theme = THEMES["normal"]
    for part in ("paper", "ink", "muted", "card", "bar", "on_bar"):
        assert contrast(getattr(theme.bedroom, part), (0, 0, 0)) < contrast(getattr(theme.night, part), (0, 0, 0))


def test_hours_go_over_midnight() -> None:
    assert hours_between(22, 7) == {22, 23, 0, 1, 2, 3, 4, 5, 6}
    assert hours_between(1, 3) == {1, 2}
    assert hours_between(5, 5) == set()
