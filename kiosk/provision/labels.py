"""Labels for the terminals' backs: A4 sheets of 3 x 8, 70 x 37 mm each, as sold for any office printer.

The code holds the asset number and the device's public key: with the label alone one can check what a terminal signs.
Drawn by ReportLab: an old, tended library under the BSD licence, in need of Pillow alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from kiosk.qr import modules

COLUMNS: Final = 3
ROWS: Final = 8
WIDE: Final = 70 * mm
HIGH: Final = 37 * mm
_CODE: Final = 27 * mm
_RIM: Final = 4 * mm
_FONTS: Final = Path(__file__).parents[1] / "ui" / "fonts"


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on one."""

    serial: str
    public_key: str
    contact_name: str
    contact_phone: str

    @property
    def code(self) -> str:
        return f"KIOSK:{self.serial}:{self.public_key}"


def print_labels(labels: Sequence[Label], path: Path) -> None:
    """Write the sheets. Raises OSError."""
    for name in ("Inter-Medium", "Inter-Bold"):
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{name}.ttf")))
    # The same labels make the same file.
    sheet = Canvas(str(path), pagesize=A4, invariant=True)
    sheet.setTitle("Labels of terminals")
    for number, label in enumerate(labels):
        place = number % (COLUMNS * ROWS)
        if number and place == 0:
            sheet.showPage()
        row, column = divmod(place, COLUMNS)
        _draw(sheet, label, column * WIDE, A4[1] - (row + 1) * HIGH)
    sheet.save()


def _draw(sheet: Canvas, label: Label, left: float, bottom: float) -> None:
    dark = modules(label.code)
    side = _CODE / len(dark)
    top = bottom + (HIGH + _CODE) / 2
    path = sheet.beginPath()
    for row, column in np.argwhere(dark).tolist():
        path.rect(left + _RIM + column * side, top - (row + 1) * side, side, side)
    sheet.drawPath(path, stroke=0, fill=1)
    words = left + _RIM + _CODE + 3 * mm
    room = WIDE - (words - left) - 2 * mm
    lines = (
        ("Inter-Bold", 15, label.serial, 6),
        ("Inter-Medium", 8, label.contact_name, 13),
        ("Inter-Bold", 10, label.contact_phone, 18),
    )
    for font, size, text, below_mm in lines:
        # As large as it goes, and never beyond the label.
        wide = pdfmetrics.stringWidth(text, font, size)
        sheet.setFont(font, min(size, size * room / wide) if wide else size)
        sheet.drawString(words, top - below_mm * mm, text)
