"""Every screen as a picture, drawn by the real widgets without a display: to look at, and for the README."""

import argparse
import re
import struct
import sys
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.screen_wire import REMOTE_BYTES, SELF_BYTES, SLIDES_BYTES
from kiosk.shared_frames import FrameRing
from kiosk.ui import kivy_env, sample
from kiosk.ui.contact_sheet import Size, contact_sheets
from kiosk.ui.texts import Texts, languages
from kiosk.ui.theme import THEMES

SIZES: Final[tuple[Size, ...]] = ((1024, 600), (1280, 800))
_ZONE: Final = ZoneInfo("Europe/Oslo")


def render_all(
    out_dir: Path,
    sizes: Sequence[Size] = SIZES,
    only_languages: Sequence[str] | None = None,
    only: Sequence[str] = ("",),
    theme: str = "normal",
    *,
    night: bool = False,
) -> list[Path]:
    """Write OUT/<language>/<width>x<height>/<screen>.png for every variant that one of `only` names, or whose name
    contains one that names none, and all of them on contact sheets OUT/<language>/<width>x<height>-<number>.png.

    `night`: while everybody sleeps. Takes the whole process: call it once, from a process of its own, before anything
    else imports Kivy.
    """
    # A window that nobody sees can shrink but not grow: it begins as large as the largest.
    kivy_env.prepare(max(width for width, _ in sizes), max(height for _, height in sizes), offscreen=True)
    # Kivy reads its surroundings when imported.
    from kiosk.ui.canvas import Canvas  # noqa: PLC0415
    from kiosk.ui.screens import Setting  # noqa: PLC0415

    own, remote, slides = FrameRing(SELF_BYTES), FrameRing(REMOTE_BYTES), FrameRing(SLIDES_BYTES)
    own.write(sample.head(640, 480, clinician=False), sample.VISIT)
    remote.write(sample.head(1280, 720, clinician=True), sample.VISIT)
    slides.write(sample.slide(1280, 720), sample.VISIT)
    now = sample.NOW.astimezone(_ZONE)
    written = []
    views = sample.views()
    palettes = replace(THEMES[theme], bedroom_hours=frozenset(range(24) if night else ()))
    for language in only_languages or languages():
        # No time passes: no picture is taken for a frozen one.
        setting = Setting(Texts(language), sample.CONTACTS, lambda: now, sample.SERIAL, lambda: 0.0, theme=palettes)
        canvas = Canvas(setting, own, remote, slides)
        for width, height in sizes:
            folder = out_dir / language / f"{width}x{height}"
            folder.mkdir(parents=True, exist_ok=True)
            drawn = []
            for name, view in views.items():
                if any(word == name or (word not in views and word in name) for word in only):
                    path = folder / f"{name}.png"
                    drawn.append(canvas.draw(view, (width, height), level_dbfs=-28.0))
                    path.write_bytes(png(drawn[-1], (width, height)))
                    written.append(path)
            for number, sheet in enumerate(contact_sheets(drawn, (width, height)), 1):
                folder.with_name(f"{folder.name}-{number}.png").write_bytes(png(*sheet))
        canvas.close()
    return written


def png(pixels: bytes, size: Size) -> bytes:
    """RGBA pixels, top row first, as a PNG file without the alpha channel."""
    width, height = size
    red, green, blue = pixels[0::4], pixels[1::4], pixels[2::4]
    plain = bytearray(width * height * 3)
    plain[0::3], plain[1::3], plain[2::3] = red, green, blue
    rows = b"".join(b"\0" + plain[y * width * 3 : (y + 1) * width * 3] for y in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 6)) + chunk(b"IEND", b"")


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="kiosk.ui.gallery", description="Write every screen as a PNG.")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the pictures")
    parser.add_argument("--size", type=_size, action="append", metavar="WxH", help="may be given several times")
    parser.add_argument("--language", choices=languages(), action="append", help="may be given several times")
    only = "only the screen of this name, or all with this in their name; may be given several times"
    parser.add_argument("--only", action="append", metavar="WORD", help=only)
    parser.add_argument("--theme", choices=THEMES, default="normal")
    parser.add_argument("--night", action="store_true", help="while everybody sleeps")
    args = parser.parse_args()
    written = render_all(args.out, args.size or SIZES, args.language, args.only or ("",), args.theme, night=args.night)
    print(f"{len(written)} pictures in {args.out}")
    return 0


def _size(text: str) -> Size:
    match = re.fullmatch(r"(\d{3,4})x(\d{3,4})", text)
    if not match:
        raise argparse.ArgumentTypeError(f'"{text}" is no size; write it as 1024x600')
    return int(match[1]), int(match[2])


if __name__ == "__main__":
    sys.exit(main())
