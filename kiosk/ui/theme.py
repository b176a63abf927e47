"""Colours and sizes. Sizes follow from the eye: how large a letter must be at that distance on that panel."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).with_name("fonts")
CAP_HEIGHT_EM: Final = 0.727
"""Height of Inter's capitals."""
CAP_ANGLE_DEGREES: Final = 0.7
"""EN 301 549, 5.1.4: a capital is seen at no less than 0.7 degrees."""
HEADLINE: Final = 1.34
"""Headlines, against the body's letter: seen at 56 minutes of arc or more."""
HEADLINES: Final = (2.0, 1.66, HEADLINE)
"""Where there is room, the largest of these in which the headline stays on one line."""
LARGE: Final = 4 / 3
"""Large text: the body's letter against that of the other themes."""
WIDTH_EM: Final = 18.2
HEIGHT_EM: Final = 10.9
"""Every screen is laid out for so many letters' sizes at least, and then holds on 5:3, 16:10 and 16:9 panels."""

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Typeface:
    """Font files: one for each weight, with every letter of a language."""

    medium: str
    bold: str


def _typeface(name: str) -> Typeface:
    return Typeface(str(FONTS / f"{name}-Medium.ttf"), str(FONTS / f"{name}-Bold.ttf"))


INTER: Final = _typeface("Inter")
"""Latin and Cyrillic letters."""
_TYPEFACES: Final = {"ar": _typeface("Inter-Arabic"), "ti": _typeface("Inter-Ethiopic")}


def typeface(language: str) -> Typeface:
    """What that language is written in."""
    return _TYPEFACES.get(language, INTER)


def _rgb(code: str) -> Rgb:
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by use. Text on `paper`, on `card` and on `bar` is at least 7:1, everything else 4.5:1, marks 3:1."""

    paper: Rgb
    ink: Rgb
    muted: Rgb
    """Secondary text."""
    card: Rgb
    rim: Rgb
    """Outline of cards; decoration."""
    bar: Rgb
    on_bar: Rgb
    mark: Rgb
    """Drawings on paper."""
    good: Rgb
    warn: Rgb


DAY: Final = Palette(
    paper=_rgb("F6F4EF"),
    ink=_rgb("12232F"),
    muted=_rgb("3C4B55"),
    card=_rgb("FFFFFF"),
    rim=_rgb("D8D3C7"),
    bar=_rgb("0A4F61"),
    on_bar=_rgb("FFFFFF"),
    mark=_rgb("0A4F61"),
    good=_rgb("1B6B3A"),
    warn=_rgb("9A3412"),
)
"""When something is going on."""

NIGHT: Final = Palette(
    paper=_rgb("0D1B24"),
    ink=_rgb("F3EFE6"),
    muted=_rgb("C3CCD1"),
    card=_rgb("162A36"),
    rim=_rgb("2B4250"),
    bar=_rgb("12303D"),
    on_bar=_rgb("F3EFE6"),
    mark=_rgb("8FC7D6"),
    good=_rgb("7FD6A0"),
    warn=_rgb("F2B279"),
)
"""When the screen only stands there: it does not light up a bedroom."""

CALL: Final = Palette(
    paper=_rgb("000000"),
    ink=_rgb("FFFFFF"),
    muted=_rgb("D5DBDE"),
    card=_rgb("0D1B24"),
    rim=_rgb("FFFFFF"),
    bar=_rgb("0A3542"),
    on_bar=_rgb("FFFFFF"),
    mark=_rgb("FFFFFF"),
    good=_rgb("7FD6A0"),
    warn=_rgb("FFC78A"),
)
"""Around a picture."""


BEDROOM: Final = Palette(
    paper=_rgb("000000"),
    ink=_rgb("B0ACA4"),
    muted=_rgb("A29E97"),
    card=_rgb("000000"),
    rim=_rgb("2B2B2B"),
    bar=_rgb("000000"),
    on_bar=_rgb("A8A49C"),
    mark=_rgb("6F97A3"),
    good=_rgb("6BB187"),
    warn=_rgb("C9935F"),
)
"""While everybody sleeps: as little light as can be read."""

DAY_STRONG: Final = Palette(
    paper=_rgb("FFFFFF"),
    ink=_rgb("000000"),
    muted=_rgb("000000"),
    card=_rgb("FFFFFF"),
    rim=_rgb("949494"),
    bar=_rgb("000000"),
    on_bar=_rgb("FFD60A"),
    mark=_rgb("000000"),
    good=_rgb("003D14"),
    warn=_rgb("7A0000"),
)
NIGHT_STRONG: Final = Palette(
    paper=_rgb("000000"),
    ink=_rgb("FFFFFF"),
    muted=_rgb("FFFFFF"),
    card=_rgb("000000"),
    rim=_rgb("6E6E6E"),
    bar=_rgb("1A1A1A"),
    on_bar=_rgb("FFD60A"),
    mark=_rgb("FFFFFF"),
    good=_rgb("7FFFA0"),
    warn=_rgb("FFD60A"),
)
CALL_STRONG: Final = Palette(
    paper=_rgb("000000"),
    ink=_rgb("FFFFFF"),
    muted=_rgb("FFFFFF"),
    card=_rgb("000000"),
    rim=_rgb("FFFFFF"),
    bar=_rgb("000000"),
    on_bar=_rgb("FFD60A"),
    mark=_rgb("FFFFFF"),
    good=_rgb("7FFFA0"),
    warn=_rgb("FFD60A"),
)


@dataclass(frozen=True, slots=True)
class Theme:
    """The palettes of a loan."""

    day: Palette
    night: Palette
    bedroom: Palette
    call: Palette
    bedroom_hours: frozenset[int] = frozenset()
    """Hours of the day in which a resting screen is as dark as can be."""
    letter: float = 1.0
    """The body's letter against the one that fits a screen at its fullest; with more, screens say less at a time."""


THEMES: Final = {
    "normal": Theme(DAY, NIGHT, BEDROOM, CALL),
    "high_contrast": Theme(DAY_STRONG, NIGHT_STRONG, NIGHT_STRONG, CALL_STRONG),
    "large_text": Theme(DAY, NIGHT, BEDROOM, CALL, letter=LARGE),
    "large_text_high_contrast": Theme(DAY_STRONG, NIGHT_STRONG, NIGHT_STRONG, CALL_STRONG, letter=LARGE),
}


def hours_between(first: int, last: int) -> frozenset[int]:
    """Hours of the day from `first` until before `last`, over midnight if need be; none if they are the same."""
    return frozenset((first + hour) % 24 for hour in range((last - first) % 24))


RECORDING: Final = _rgb("B3261E")
"""Ground of the sign that the call is recorded; its word is in CALL.ink."""


def em_px(width: int, height: int, letter: float = 1.0) -> int:
    """Pixels of the body's letter on a window of that size, in a theme with that `letter`: all other sizes are
    multiples of it."""
    return max(8, int(min(width / WIDTH_EM, height / HEIGHT_EM) * letter))


def needed_em_px(width: int, height: int, diagonal_inch: float, distance_cm: float) -> float:
    """Pixels that the body's letter needs to be readable from that distance."""
    px_per_mm = math.hypot(width, height) / (diagonal_inch * 25.4)
    capital_mm = distance_cm * 10 * math.tan(math.radians(CAP_ANGLE_DEGREES))
    return capital_mm * px_per_mm / CAP_HEIGHT_EM


def contrast(one: Rgb, other: Rgb) -> float:
    """WCAG contrast ratio, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgb) -> float:
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
