"""The bar at the bottom of every screen: the button, drawn, and what a press does now."""

from dataclasses import replace

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle, SmoothEllipse, SmoothLine
from kivy.uix.widget import Widget

from kiosk.consultation.signals import LAMP_STEPS, Lamp
from kiosk.ui.page import Page
from kiosk.ui.sign import Sign
from kiosk.ui.widgets.drawing import KDrawing
from kiosk.ui.widgets.fit import circle, segments
from kiosk.ui.widgets.grid import LINE, MARGIN, Grid
from kiosk.ui.widgets.kept import KKept
from kiosk.ui.widgets.text import KText, text_px
from kiosk.ui.widgets.volume import WIDTH, KVolume


class KBar(Widget):  # type: ignore[misc]  # Kivy has no types
    """The drawn button's ring follows the real button's lamp, step by step."""

    def __init__(self) -> None:
        """Dark and empty."""
        super().__init__(size_hint=(None, None))
        self._kept = KKept(opaque=True)
        self.add_widget(self._kept)
        with self._kept.inside:
            self._ground_colour = Color(0, 0, 0, 1)
            self._ground = Rectangle()
            self._cap_colour = Color(1, 1, 1, 1)
            self._cap = SmoothEllipse()
            self._ring_colour = Color(1, 1, 1, 1)
            self._ring = SmoothLine(close=True)
        self.sentence = KText(bold=True, valign="middle")
        self.people = KText(align="right", valign="middle")
        self._sign = KDrawing()
        self._volume = KVolume()
        for child in (self.sentence, self.people, self._sign, self._volume):
            self._kept.add_widget(child)
        self._lamp: Lamp | None = None
        self._step = 0
        self._next_step = Clock.create_trigger(self._advance, 1)
        self._rgb = (1.0, 1.0, 1.0)

    def show(self, page: Page, lamp: Lamp, grid: Grid, volume: int | None = None) -> None:
        """Lay out and say what the page says, or for a moment how loud it is."""
        if volume is not None:
            page = replace(page, press="", people="", speaks=False)
        palette, em = page.palette, grid.em
        top = grid.height - grid.bar
        self._ground_colour.rgb = palette.bar
        for widget in (self, self._kept):
            grid.place(widget, (0, top, grid.width, grid.bar))
        self._ground.pos, self._ground.size = self.pos, self.size
        side, ring = grid.shape(1.1), grid.shape(0.72)
        grid.place(self._cap, (MARGIN + grid.shape(0.75) - side / 2, top + (grid.bar - side) / 2, side, side))
        centre = (self._cap.pos[0] + self._cap.size[0] / 2, self._cap.pos[1] + self._cap.size[1] / 2)
        self._cap_colour.rgba = (*palette.on_bar, 1.0 if page.pressable else 0.25)
        self._ring.width = 0.055 * em
        self._cap.segments = segments(side * em / 2)
        self._ring.points = circle(centre, ring * em)
        self._rgb = palette.on_bar
        left = MARGIN + (1.4 if grid.large else 1.92)
        grid.text(self.people, (grid.width - MARGIN - 6.6, top, 6.6, grid.bar))
        self.people.say(page.people, palette.on_bar)
        side = grid.shape(1.0)
        sentence = text_px(grid.face.bold, em, page.press) / em
        person = grid.width - MARGIN - self.people.width_px() / em - side - 0.15
        counted = bool(page.people) and (sentence <= person - 0.2 - left or not grid.large)
        if not counted:
            # In large text there may be no room beside a long sentence; whoever comes is told of besides.
            self.people.say("", palette.on_bar)
            person = grid.width - MARGIN - side
        signed = counted or (page.speaks and sentence <= person - 0.2 - left)
        right = person - 0.2 if signed else grid.width - MARGIN
        grid.text(self.sentence, (left, top, right - left, grid.bar))
        self.sentence.say(page.press, palette.on_bar)
        grid.place(self._sign, (person, top + (grid.bar - LINE) / 2, side, LINE))
        sign = Sign.SPEAKING if page.speaks else Sign.PERSON
        self._sign.draw((sign,) if signed else (), palette.on_bar)
        self._volume.show(volume, palette.on_bar, grid, (left, top + 0.45, WIDTH, grid.bar - 0.9))
        if lamp is not self._lamp:
            self._lamp, self._step = lamp, -1
            self._next_step.cancel()
            self._advance(0)
        else:
            self._light()

    def _advance(self, _dt: float) -> None:
        assert self._lamp is not None
        steps = LAMP_STEPS[self._lamp]
        self._step = (self._step + 1) % len(steps)
        self._light()
        if len(steps) > 1:
            self._next_step.timeout = steps[self._step][1] / 1000
            self._next_step()

    def _light(self) -> None:
        assert self._lamp is not None
        brightness = LAMP_STEPS[self._lamp][self._step][0]
        self._ring_colour.rgba = (*self._rgb, 0.18 + 0.82 * brightness)
