"""One consultation as the patient meets it: real screens of a real run in their order, with lamp and words under each.

    python -m tests.benchmarks.journey [--out docs/journey.png]

A terminal with drawn hardware, a clinic, and a Chromium as the clinician. It takes about a minute.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page, expect

from kiosk.consultation.signals import LAMP_STEPS, Lamp
from kiosk.ui import sample
from kiosk.ui.page import ASIDE_FROM_S
from kiosk.ui.texts import Texts
from kiosk.ui.theme import DAY, INTER
from tests.whole.clinician import chromium_page
from tests.whole.product import Clinic, Terminal, until
from tests.whole.senses import Ear
from tests.whole.test_consultation import admits, joins

OUT: Final = Path("docs/journey.png")
WITHIN_S: Final = 60.0
SETTLED_S: Final = 2.0
"""Until a screen that is to be kept has all its pictures."""
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

    def __init__(self, patient: Terminal, ear: Ear) -> None:
        self._patient, self._ear = patient, ear
        self.steps: list[Step] = []

    def keep(self, state: str, until_said: str = "") -> None:
        """Once it is so, and that sentence has begun: a step."""
        self._patient.reaches(state, within_s=WITHIN_S)
        said: list[str] = []
        deadline_s, settled_s = time.monotonic() + WITHIN_S, time.monotonic() + SETTLED_S
        while time.monotonic() < settled_s or (until_said and until_said not in said):
            assert time.monotonic() < deadline_s, f"{state}: only heard {said}"
            key = self._ear.hears(self._patient)
            if key and key not in said:
                said.append(key)
            time.sleep(0.1)
        # A busy machine's picture may be that of a moment before.
        until("a screen", self._patient.screen)
        time.sleep(SETTLED_S)
        screen = until("a screen", self._patient.screen)
        self.steps.append(Step(screen, Lamp(self._patient.lamp()), tuple(said)))


def walk(patient: Terminal, ear: Ear, page: Page, clinic: Clinic) -> list[Step]:
    """A consultation with a pause."""
    steps = Walk(patient, ear)
    steps.keep("idle")
    # Later in a minute the reminder gives way to what is good to know.
    until("a new minute", lambda: time.localtime().tm_sec < ASIDE_FROM_S / 2, WITHIN_S)
    patient.give_appointment()
    steps.keep("remind", "press-join")
    patient.press()
    steps.keep("waiting", "press-pause")
    joins(page, clinic)
    admits(page)
    steps.keep("in_call")
    page.locator("#chat-text").fill("Jeg henter resultatet ditt")
    page.locator("#chat-send").click()
    expect(page.locator("#chat-text")).to_have_value("")
    steps.keep("in_call")
    patient.press()
    steps.keep("paused", "press-resume")
    patient.press()
    steps.keep("in_call")
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#end-all").click()
    steps.keep("ended", "ended")
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
        clinic = Clinic(folder)
        try:
            patient = Terminal(folder, clinic, extra=ear.settings)
            try:
                with chromium_page(folder, write_head) as page:
                    steps = walk(patient, ear, page, clinic)
            finally:
                patient.close()
        finally:
            clinic.close()
    strip(steps, Texts("nb")).save(out, optimize=True)
    print(f"{out}: {len(steps)} screens, {out.stat().st_size // 1024} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
