"""One consultation as the patient meets it: real screens of a real run in their order, with lamp and words under each.

    python -m tests.benchmarks.journey [--out docs/journey.png]

A terminal with drawn hardware, a clinic, and a Chromium as the clinician. It takes about a minute. A screen is kept
once its picture can be read as what it should be: what the terminal says of itself is sooner than its screen.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page, expect

from kiosk.consultation.signals import LAMP_STEPS, Lamp
from kiosk.ui import sample
from kiosk.ui.compose import ASIDE_FROM_S
from kiosk.ui.texts import Texts
from kiosk.ui.theme import DAY, INTER
from tests.whole.clinician import chromium_page
from tests.whole.product import Clinic, Terminal, until
from tests.whole.senses import BAR, HEADLINE, Ear, Reader
from tests.whole.test_consultation import admits, joins

Box = tuple[int, int, int, int]
"""Left, top, right, bottom; pixels."""

OUT: Final = Path("docs/journey.png")
WITHIN_S: Final = 90.0
MESSAGE: Final = (110, 320, 985, 462)
"""Where a message's words stand in the call."""
WALL: Final = (500, 5, 524, 30)
"""Behind the clinician's head,"""
OWN_WALL: Final = (835, 30, 870, 90)
"""and behind the patient's in the call; in the waiting room"""
WAITING_WALL: Final = (40, 140, 80, 200)
"""it is here."""
LIT: Final = {WALL: 150, OWN_WALL: 40, WAITING_WALL: 40}
"""Grey level of each at least; a picture that has not come is black, the clinic's own one that somebody will come is
dark,"""
PAPER: Final = 225
"""and the ground is lighter than any."""
NAMES: Final = ("idle", "remind", "waiting", "call", "call-message", "paused", "ended")
COLUMNS: Final = 4
WIDTH_PX: Final = 400
GAP_PX: Final = 16
CAPTION_PX: Final = 128
TEXT_PX: Final = 17
LAMP_S: Final = 5.0
"""So much of the lamp's rhythm is drawn."""
COLOURS: Final = 256


@dataclass(frozen=True, slots=True)
class Step:
    """What she saw and heard at one moment."""

    screen: Image.Image
    lamp: Lamp
    said: tuple[str, ...]
    """Sentences' keys."""


class Walk:
    """Goes through it and keeps the steps."""

    def __init__(self, patient: Terminal, ear: Ear, reader: Reader) -> None:
        self._patient, self._ear, self._reader = patient, ear, reader
        self.steps: list[Step] = []

    def keep(self, state: str, name: str, *walls: Box, box: Box = BAR, until_said: str = "") -> None:
        """Once the terminal is so, its screen has the words of that drawn one in `box` and pictures before these
        walls, and that sentence has begun: a step."""
        self._patient.reaches(state, within_s=WITHIN_S)
        # The end of what was said a moment ago is no part of this one.
        before = self.steps[-1].said if self.steps else ()
        said: list[str] = []
        step: Step | None = None
        deadline_s = time.monotonic() + WITHIN_S
        while step is None or (until_said and until_said not in said):
            assert time.monotonic() < deadline_s, f"{name} is {'not ' if step is None else ''}shown; heard {said}"
            key = self._ear.hears(self._patient)
            if key and key not in (*said, *before):
                said.append(key)
            screen = self._patient.screen() if step is None else None
            if screen is not None and self._shows(screen, name, box, walls):
                step = Step(screen, Lamp(self._patient.lamp()), ())
        self.steps.append(replace(step, said=tuple(said)))

    def _shows(self, screen: Image.Image, name: str, box: Box, walls: Sequence[Box]) -> bool:
        grey = screen.convert("L")
        lit = (LIT[wall] < float(np.asarray(grey.crop(wall)).mean()) < PAPER for wall in walls)
        return self._reader.reads(screen, name, box) and all(lit)


def walk(patient: Terminal, ear: Ear, reader: Reader, page: Page, clinic: Clinic) -> list[Step]:
    """A consultation with a pause."""
    steps = Walk(patient, ear, reader)
    steps.keep("idle", "idle")
    # Later in a minute the reminder gives way to what is good to know.
    until("a new minute", lambda: time.localtime().tm_sec < ASIDE_FROM_S / 2, WITHIN_S)
    patient.give_appointment()
    steps.keep("remind", "remind", until_said="press-join")
    patient.press()
    steps.keep("waiting", "waiting", WAITING_WALL, box=HEADLINE, until_said="press-pause")
    joins(page, clinic)
    admits(page)
    steps.keep("in_call", "call", WALL, OWN_WALL)
    page.locator("#chat-text").fill(sample.CALL_MESSAGE)
    page.locator("#chat-send").click()
    expect(page.locator("#chat-text")).to_have_value("")
    steps.keep("in_call", "call-message", WALL, OWN_WALL, box=MESSAGE)
    patient.press()
    steps.keep("paused", "paused", box=HEADLINE, until_said="press-resume")
    patient.press()
    steps.keep("in_call", "call", WALL, OWN_WALL)
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#end-all").click()
    steps.keep("ended", "ended", box=HEADLINE, until_said="ended")
    return steps.steps


def write_head(path: Path) -> None:
    """A drawn clinician, as y4m: Chromium shows it for ever."""
    frame = sample.head(640, 480, clinician=True)
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{frame.width} H{frame.height} F30:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(30):
            film.write(b"FRAME\n" + b"".join(plane.tobytes() for plane in (frame.y, frame.u, frame.v)))


def strip(steps: Sequence[Step], texts: Texts) -> Image.Image:
    """All of them, in rows."""
    height = round(WIDTH_PX * steps[0].screen.height / steps[0].screen.width)
    rows = -(-len(steps) // COLUMNS)
    cell = (WIDTH_PX + GAP_PX, height + CAPTION_PX)
    whole = Image.new("RGB", (COLUMNS * cell[0] + GAP_PX, rows * cell[1] + GAP_PX), "white")
    pen = ImageDraw.Draw(whole)
    font, bold = (ImageFont.truetype(path, TEXT_PX) for path in (INTER.medium, INTER.bold))
    for number, step in enumerate(steps):
        left, top = GAP_PX + number % COLUMNS * cell[0], GAP_PX + number // COLUMNS * cell[1]
        whole.paste(step.screen.resize((WIDTH_PX, height), Image.Resampling.LANCZOS), (left, top))
        top += height + 8
        pen.text((left, top), f"{number + 1}", "black", bold)
        _lamp(pen, step.lamp, (left + 24, top + 3))
        pen.text((left + 190, top), step.lamp.value.replace("_", " "), "black", font)
        words = [texts(key) for key in step.said] or ["—"]
        for line, sentence in enumerate(words[:4]):
            pen.text((left + 24, top + 22 * (line + 1)), sentence, "black", font)
    return whole.quantize(COLOURS)


def _lamp(pen: ImageDraw.ImageDraw, lamp: Lamp, at: tuple[int, int], size: tuple[int, int] = (150, 14)) -> None:
    """Its rhythm from left to right: the brighter, the deeper the colour."""
    steps, now_s, turn = LAMP_STEPS[lamp], 0.0, 0
    while now_s < LAMP_S:
        level, milliseconds = steps[turn % len(steps)]
        end_s = min(LAMP_S, now_s + milliseconds / 1000)
        rgb = tuple(round(255 * (1 - level * (1 - part))) for part in DAY.bar)
        left, right = (at[0] + size[0] * each / LAMP_S for each in (now_s, end_s))
        pen.rectangle((left, at[1], right, at[1] + size[1]), fill=rgb)
        now_s, turn = end_s, turn + 1
    pen.rectangle((*at, at[0] + size[0], at[1] + size[1]), outline="grey")


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.journey", description="Draw a whole journey.")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FILE")
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ear = Ear(folder / "recordings")
        reader = Reader(folder / "drawn", *NAMES)
        clinic = Clinic(folder)
        try:
            patient = Terminal(folder, clinic, extra=ear.settings, tone_hz=0)
            try:
                with chromium_page(folder, write_head) as page:
                    steps = walk(patient, ear, reader, page, clinic)
            finally:
                patient.close()
        finally:
            clinic.close()
    strip(steps, Texts("nb")).save(out, optimize=True)
    print(f"{out}: {len(steps)} screens, {out.stat().st_size // 1024} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
