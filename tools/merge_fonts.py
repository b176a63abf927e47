"""Makes the fonts of languages that Inter has no letters for: Inter's Latin and a Noto script in one file.

Kivy draws a text with one font file, and the terminal's texts mix scripts: a name, a time, a number in an Arabic
sentence. Needs fontTools, and Debian's fonts-noto-core, -extra, -ui-core and -ui-extra (SIL Open Font License, as
Inter is):

    python tools/merge_fonts.py /usr/share/fonts/truetype/noto
"""

import argparse
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

OUT = Path(__file__).parent.parent / "kiosk" / "ui" / "fonts"
LATIN = (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2040), 0x20AC, 0x2116)
"""Names, digits and signs of all languages in Latin letters."""
WEIGHTS = ("Medium", "Bold")


@dataclass(frozen=True)
class Script:
    """Letters to take from a Noto family."""

    family: str
    letters: tuple[int, ...]
    scale: float
    """So that they stand in Inter's lines."""


SCRIPTS = {
    # The letters alone, and as they look when joined: nothing draws them by the font's own rules. The family's UI cut
    # has short descenders; the other's would be cut off.
    "Arabic": Script(
        "NotoSansArabicUI",
        (0x60C, 0x61B, 0x61F, *range(0x621, 0x64B), *range(0x660, 0x66B), *range(0xFE80, 0xFEFD)),
        0.95,
    ),
    "Ethiopic": Script("NotoSansEthiopic", tuple(range(0x1200, 0x1380)), 1.0),
}


def main() -> None:
    """Write the merged fonts beside Inter."""
    parser = argparse.ArgumentParser(description="Make the fonts of languages that Inter has no letters for.")
    parser.add_argument("noto", type=Path, help="folder of the Noto fonts")
    noto = parser.parse_args().noto
    for name, script in SCRIPTS.items():
        for weight in WEIGHTS:
            font = merged(OUT / f"Inter-{weight}.ttf", noto / f"{script.family}-{weight}.ttf", script)
            font.save(OUT / f"Inter-{name}-{weight}.ttf")


def merged(inter: Path, noto: Path, script: Script) -> TTFont:
    """Both in one font, with Inter's measures: every language has the same lines."""
    latin, other = subset(inter, LATIN, features=["kern"]), subset(noto, script.letters, features=[])
    for table in ("GSUB", "GPOS", "GDEF"):
        if table in other:
            del other[table]
    measures = {name: getattr(latin["hhea"], name) for name in ("ascent", "descent", "lineGap")}
    units = latin["head"].unitsPerEm
    scale_upem(other, round(units * script.scale))
    other["head"].unitsPerEm = units
    parts = []
    for part in (latin, other):
        file = io.BytesIO()
        part.save(file)
        file.seek(0)
        parts.append(file)
    font = Merger().merge(parts)
    for name, value in measures.items():
        setattr(font["hhea"], name, value)
    os2 = font["OS/2"]
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = measures.values()
    os2.usWinAscent, os2.usWinDescent = measures["ascent"], -measures["descent"]
    return font


def subset(path: Path, letters: Iterable[int], features: list[str]) -> TTFont:
    """Only these letters, without hints: the screen's are drawn lightly hinted by FreeType."""
    options = Options(
        hinting=False, layout_features=features, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True
    )
    font = TTFont(path)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    return font


if __name__ == "__main__":
    main()
