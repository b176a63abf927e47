"""Signs drawn with a few strokes: sharp at every size, no font and no file."""

import math
from collections.abc import Callable
from typing import Final

from kivy.graphics import (
    Color,
    Instruction,
    InstructionGroup,
    SmoothEllipse,
    SmoothLine,
    SmoothRoundedRectangle,
    Triangle,
)
from kivy.uix.widget import Widget

from kiosk.ui.sign import Sign
from kiosk.ui.theme import Rgb
from kiosk.ui.widgets.fit import segments

_GAP: Final = 0.2
"""Between two signs, of one's side."""


def width_em(signs: tuple[Sign, ...], height_em: float) -> float:
    """What signs of that height take side by side."""
    return height_em * max(1.0, len(signs) * (1 + _GAP) - _GAP)


class KDrawing(Widget):  # type: ignore[misc]  # Kivy has no types
    """Signs side by side, as large as the box allows, from its left edge."""

    def __init__(self) -> None:
        """Empty."""
        super().__init__(size_hint=(None, None))
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self._shown: tuple[object, ...] = ()
        self._hidden = False

    def hide(self, hidden: bool) -> None:
        """Not drawn for now: something lies over it."""
        if hidden is not self._hidden:
            self._hidden = hidden
            (self.canvas.remove if hidden else self.canvas.add)(self._group)

    def draw(self, signs: tuple[Sign, ...], rgb: Rgb, *, crossed: Rgb | None = None, under: Rgb = (1, 1, 1)) -> None:
        """`crossed`: a stroke through each sign in that colour, set off by a rim in the ground's colour `under`."""
        shown = (signs, rgb, crossed, under, *self.pos, *self.size)
        if shown == self._shown:
            return
        self._shown = shown
        self._group.clear()
        side = min(self.height, self.width / width_em(signs, 1.0))
        for index, sign in enumerate(signs):
            left, bottom = self.x + index * side * (1 + _GAP), self.y + (self.height - side) / 2
            self._group.add(Color(*rgb))
            pencil = _Pencil(left, bottom, side)
            _STROKES[sign](pencil)
            for stroke in pencil.strokes:
                self._group.add(stroke)
            for colour, width in ((under, 0.09), (crossed, 0.045)) if crossed else ():
                slash = _Pencil(left, bottom, side)
                slash.line(width, (0.12, 0.88), (0.88, 0.12))
                self._group.add(Color(*colour))
                for stroke in slash.strokes:
                    self._group.add(stroke)


class _Pencil:
    """Draws in a unit square; `at` and `side` put it on the screen."""

    def __init__(self, left: float, bottom: float, side: float) -> None:
        self._left, self._bottom, self._side = left, bottom, side
        self.strokes: list[Instruction] = []

    def box(self, x: float, y: float, size: tuple[float, float], radius: float) -> None:
        wide, high = size[0] * self._side, size[1] * self._side
        self.strokes.append(SmoothRoundedRectangle(pos=self._at(x, y), size=(wide, high), radius=[radius * self._side]))

    def line(self, width: float, *points: tuple[float, float], close: bool = False) -> None:
        flat = [value for point in points for value in self._at(*point)]
        self.strokes.append(SmoothLine(points=flat, width=width * self._side, close=close, joint="round"))
        for end in () if close else (points[0], points[-1]):
            # A smooth line has no round ends of its own.
            self.disc(end, width)

    def arc(self, centre: tuple[float, float], radius: float, degrees: tuple[float, float], width: float) -> None:
        """Degrees count clockwise from the top."""
        x, y = centre
        first, last = degrees
        steps = 24
        turns = [math.radians(first + (last - first) * i / steps) for i in range(steps + 1)]
        self.line(width, *((x + radius * math.sin(turn), y + radius * math.cos(turn)) for turn in turns))

    def disc(self, centre: tuple[float, float], radius: float) -> None:
        wide = 2 * radius * self._side
        left_bottom = self._at(centre[0] - radius, centre[1] - radius)
        self.strokes.append(SmoothEllipse(pos=left_bottom, size=(wide, wide), segments=segments(wide / 2)))

    def fan(self, point: tuple[float, float], x: float, ys: tuple[float, float]) -> None:
        """A filled triangle from a point to an upright edge, with strokes around it: smooth and round where a plain
        one is jagged."""
        corners = (point, (x, ys[0]), (x, ys[1]))
        self.strokes.append(Triangle(points=[value for corner in corners for value in self._at(*corner)]))
        for start, end in zip(corners, (*corners[1:], point), strict=True):
            self.line(0.02, start, end)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return self._left + x * self._side, self._bottom + y * self._side


def _camera(pencil: _Pencil) -> None:
    pencil.box(0.04, 0.26, (0.60, 0.48), 0.10)
    pencil.fan((0.68, 0.50), 0.93, (0.34, 0.66))


def _microphone(pencil: _Pencil) -> None:
    pencil.box(0.36, 0.42, (0.28, 0.50), 0.14)
    pencil.arc((0.5, 0.56), 0.28, (90, 270), 0.035)
    pencil.line(0.035, (0.5, 0.28), (0.5, 0.12))
    pencil.line(0.035, (0.34, 0.10), (0.66, 0.10))


def _speaker(pencil: _Pencil) -> None:
    pencil.box(0.06, 0.36, (0.22, 0.28), 0.05)
    pencil.fan((0.16, 0.5), 0.44, (0.20, 0.80))
    pencil.arc((0.46, 0.5), 0.20, (45, 135), 0.035)
    pencil.arc((0.46, 0.5), 0.38, (45, 135), 0.035)


def _phone(pencil: _Pencil) -> None:
    pencil.arc((0.90, 0.90), 0.66, (186, 264), 0.085)
    pencil.line(0.105, (0.21, 0.82), (0.32, 0.72))
    pencil.line(0.105, (0.82, 0.21), (0.72, 0.32))


def _cable(pencil: _Pencil) -> None:
    pencil.line(0.045, (0.02, 0.5), (0.26, 0.5))
    pencil.box(0.24, 0.32, (0.28, 0.36), 0.06)
    pencil.line(0.035, (0.52, 0.41), (0.63, 0.41))
    pencil.line(0.035, (0.52, 0.59), (0.63, 0.59))
    pencil.line(0.045, (0.96, 0.82), (0.76, 0.82), (0.76, 0.18), (0.96, 0.18))


def _done(pencil: _Pencil) -> None:
    pencil.line(0.07, (0.14, 0.48), (0.40, 0.22), (0.88, 0.78))


def _person(pencil: _Pencil) -> None:
    pencil.disc((0.5, 0.72), 0.19)
    pencil.box(0.16, 0.10, (0.68, 0.38), 0.19)


def _speaking(pencil: _Pencil) -> None:
    pencil.disc((0.16, 0.5), 0.13)
    for radius in (0.32, 0.54, 0.76):
        pencil.arc((0.12, 0.5), radius, (45, 135), 0.055)


def _letter(pencil: _Pencil) -> None:
    pencil.line(0.035, (0.08, 0.22), (0.92, 0.22), (0.92, 0.78), (0.08, 0.78), close=True)
    pencil.line(0.035, (0.10, 0.76), (0.5, 0.44), (0.90, 0.76))


def _recording(pencil: _Pencil) -> None:
    pencil.arc((0.5, 0.5), 0.36, (0, 360), 0.04)
    pencil.disc((0.5, 0.5), 0.22)


def _steered(pencil: _Pencil) -> None:
    pencil.line(0.035, (0.12, 0.5), (0.88, 0.5))
    pencil.line(0.035, (0.5, 0.12), (0.5, 0.88))
    for x, y, across, up in ((0.12, 0.5, 1, 0), (0.88, 0.5, -1, 0), (0.5, 0.12, 0, 1), (0.5, 0.88, 0, -1)):
        back_x, back_y = x + 0.13 * across, y + 0.13 * up
        side_x, side_y = 0.13 * up, 0.13 * across
        pencil.line(0.035, (back_x + side_x, back_y + side_y), (x, y), (back_x - side_x, back_y - side_y))


def _wait(pencil: _Pencil) -> None:
    pencil.arc((0.5, 0.5), 0.40, (0, 360), 0.04)
    pencil.line(0.04, (0.5, 0.76), (0.5, 0.5), (0.68, 0.38))


def _heat(pencil: _Pencil) -> None:
    for side in (0.35, 0.65):
        pencil.line(0.035, (side, 0.36), (side, 0.80))
    pencil.arc((0.5, 0.80), 0.15, (-90, 90), 0.035)
    pencil.line(0.055, (0.5, 0.3), (0.5, 0.64))
    pencil.disc((0.5, 0.22), 0.22)


def _lamp(pencil: _Pencil) -> None:
    pencil.disc((0.5, 0.58), 0.20)
    pencil.box(0.40, 0.12, (0.20, 0.28), 0.05)
    for turn in (-100, -50, 0, 50, 100):
        across, up = math.sin(math.radians(turn)), math.cos(math.radians(turn))
        pencil.line(0.03, (0.5 + 0.30 * across, 0.58 + 0.30 * up), (0.5 + 0.40 * across, 0.58 + 0.40 * up))


def _wireless(pencil: _Pencil) -> None:
    pencil.disc((0.5, 0.18), 0.075)
    for radius in (0.26, 0.46, 0.66):
        pencil.arc((0.5, 0.18), radius, (-45, 45), 0.045)


def _poor(pencil: _Pencil) -> None:
    pencil.box(0.06, 0.10, (0.22, 0.28), 0.05)
    for left, top in ((0.42, 0.62), (0.76, 0.88)):
        pencil.line(0.025, (left, 0.13), (left + 0.16, 0.13), (left + 0.16, top), (left, top), close=True)


_STROKES: Final[dict[Sign, Callable[[_Pencil], None]]] = {
    Sign.CAMERA: _camera,
    Sign.MICROPHONE: _microphone,
    Sign.SPEAKER: _speaker,
    Sign.PHONE: _phone,
    Sign.CABLE: _cable,
    Sign.DONE: _done,
    Sign.PERSON: _person,
    Sign.SPEAKING: _speaking,
    Sign.LETTER: _letter,
    Sign.RECORDING: _recording,
    Sign.STEERED: _steered,
    Sign.WAIT: _wait,
    Sign.POOR: _poor,
    Sign.HEAT: _heat,
    Sign.LAMP: _lamp,
    Sign.WIRELESS: _wireless,
}
