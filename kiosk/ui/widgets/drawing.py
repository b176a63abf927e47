"""Signs drawn with a few strokes: sharp at every size, no font and no file."""

from collections.abc import Callable
from enum import Enum
from typing import Final

from kivy.graphics import Color, InstructionGroup, SmoothEllipse, SmoothLine, SmoothRoundedRectangle
from kivy.uix.widget import Widget

from kiosk.ui.theme import Rgb


class Sign(Enum):
    """What can be drawn."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SPEAKER = "speaker"
    PHONE = "phone"
    CABLE = "cable"
    DONE = "done"
    PERSON = "person"
    LETTER = "letter"


Pen = Callable[[float, float], tuple[float, float]]


class KDrawing(Widget):  # type: ignore[misc]  # Kivy has no types
    """Signs side by side, as large as the box allows, from its left edge."""

    def __init__(self) -> None:
        """Empty."""
        super().__init__(size_hint=(None, None))
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self._shown: tuple[object, ...] = ()

    def draw(self, signs: tuple[Sign, ...], rgb: Rgb, *, crossed: Rgb | None = None, under: Rgb = (1, 1, 1)) -> None:
        """`crossed`: a stroke through each sign in that colour, set off by a rim in the ground's colour `under`."""
        shown = (signs, rgb, crossed, under, *self.pos, *self.size)
        if shown == self._shown:
            return
        self._shown = shown
        self._group.clear()
        side = min(self.height, self.width / max(1.0, len(signs) * 1.2 - 0.2))
        for index, sign in enumerate(signs):
            left, bottom = self.x + index * side * 1.2, self.y + (self.height - side) / 2
            self._group.add(Color(*rgb))
            for stroke in _STROKES[sign](lambda x, y, left=left, bottom=bottom: (left + x * side, bottom + y * side), side):
                self._group.add(stroke)
            if crossed:
                ends = [left + 0.1 * side, bottom + 0.9 * side, left + 0.9 * side, bottom + 0.1 * side]
                self._group.add(Color(*under))
                self._group.add(SmoothLine(points=ends, width=0.085 * side, cap="none"))
                self._group.add(Color(*crossed))
                self._group.add(SmoothLine(points=ends, width=0.045 * side, cap="round"))


def _box(at: Pen, side: float, x: float, y: float, width: float, height: float, radius: float) -> SmoothRoundedRectangle:
    return SmoothRoundedRectangle(pos=at(x, y), size=(width * side, height * side), radius=[radius * side])


def _line(at: Pen, side: float, width: float, *points: tuple[float, float], close: bool = False) -> SmoothLine:
    flat = [value for point in points for value in at(*point)]
    return SmoothLine(points=flat, width=width * side, close=close, cap="round", joint="round")


def _arc(at: Pen, side: float, x: float, y: float, radius: float, start: float, end: float, width: float) -> SmoothLine:
    centre = at(x, y)
    return SmoothLine(circle=(*centre, radius * side, start, end), width=width * side, cap="round")


def _camera(at: Pen, side: float) -> list[object]:
    lens = [(0.70, 0.50), (0.94, 0.66), (0.94, 0.34)]
    return [
        _box(at, side, 0.04, 0.26, 0.62, 0.48, 0.10),
        *(_line(at, side, 0.035, lens[0], (0.93, 0.35 + 0.03 * i)) for i in range(11)),
        _line(at, side, 0.03, *lens, close=True),
    ]


def _microphone(at: Pen, side: float) -> list[object]:
    return [
        _box(at, side, 0.36, 0.42, 0.28, 0.50, 0.14),
        _arc(at, side, 0.5, 0.56, 0.28, 90, 270, 0.035),
        _line(at, side, 0.035, (0.5, 0.28), (0.5, 0.12)),
        _line(at, side, 0.035, (0.34, 0.10), (0.66, 0.10)),
    ]


def _speaker(at: Pen, side: float) -> list[object]:
    return [
        _box(at, side, 0.06, 0.36, 0.26, 0.28, 0.05),
        *(_line(at, side, 0.03, (0.24, 0.5), (0.46, 0.22 + 0.04 * i)) for i in range(15)),
        _arc(at, side, 0.50, 0.5, 0.18, 45, 135, 0.035),
        _arc(at, side, 0.50, 0.5, 0.36, 45, 135, 0.035),
    ]


def _phone(at: Pen, side: float) -> list[object]:
    return [
        _line(at, side, 0.085, (0.20, 0.72), (0.22, 0.58), (0.30, 0.44), (0.44, 0.30), (0.58, 0.22), (0.72, 0.20)),
        _line(at, side, 0.11, (0.20, 0.80), (0.31, 0.70)),
        _line(at, side, 0.11, (0.80, 0.20), (0.70, 0.31)),
    ]


def _cable(at: Pen, side: float) -> list[object]:
    return [
        _line(at, side, 0.04, (0.0, 0.5), (0.26, 0.5)),
        _box(at, side, 0.24, 0.32, 0.30, 0.36, 0.06),
        _line(at, side, 0.035, (0.54, 0.41), (0.64, 0.41)),
        _line(at, side, 0.035, (0.54, 0.59), (0.64, 0.59)),
        _line(at, side, 0.04, (0.96, 0.80), (0.76, 0.80), (0.76, 0.20), (0.96, 0.20)),
    ]


def _done(at: Pen, side: float) -> list[object]:
    return [_line(at, side, 0.075, (0.14, 0.48), (0.40, 0.22), (0.88, 0.78))]


def _person(at: Pen, side: float) -> list[object]:
    return [
        SmoothEllipse(pos=at(0.32, 0.54), size=(0.36 * side, 0.36 * side)),
        SmoothRoundedRectangle(
            pos=at(0.14, 0.10), size=(0.72 * side, 0.38 * side), radius=[0.32 * side, 0.32 * side, 0.06 * side, 0.06 * side]
        ),
    ]


def _letter(at: Pen, side: float) -> list[object]:
    return [
        _line(at, side, 0.035, (0.08, 0.22), (0.92, 0.22), (0.92, 0.78), (0.08, 0.78), close=True),
        _line(at, side, 0.035, (0.10, 0.76), (0.5, 0.44), (0.90, 0.76)),
    ]


_STROKES: Final[dict[Sign, Callable[[Pen, float], list[object]]]] = {
    Sign.CAMERA: _camera,
    Sign.MICROPHONE: _microphone,
    Sign.SPEAKER: _speaker,
    Sign.PHONE: _phone,
    Sign.CABLE: _cable,
    Sign.DONE: _done,
    Sign.PERSON: _person,
    Sign.LETTER: _letter,
}
