"""The gallery's command line and its pictures."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kiosk.ui import sample
from kiosk.ui.contact_sheet import COLUMNS, ROWS, WIDTH_PX, contact_sheets
from kiosk.ui.gallery import png

SHOWN = Path(__file__).parent.parent.parent / "build" / "screens"


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("KIVY", "SDL"))}
    return subprocess.run(
        [sys.executable, "-m", "kiosk.ui.gallery", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env=environment,
    )


def test_pictures_are_written_for_each_size_and_language(tmp_path: Path) -> None:
    done = run(
        "--out",
        str(tmp_path),
        "--size",
        "320x400",
        "--size",
        "640x200",
        "--only",
        "paused-asking",
        "--language",
        "nb",
        "--language",
        "so",
    )
    assert (done.returncode, done.stderr) == (0, "")
    for path in tmp_path.rglob("paused-asking.png"):
        # The ground reaches the last row and column, so all of the window was drawn.
        picture = Image.open(path)
        assert picture.getpixel((picture.width - 1, 1)) == (246, 244, 239)
        assert picture.getpixel((picture.width - 1, picture.height - 1)) == (10, 79, 97)
    written = {str(path.relative_to(tmp_path)): Image.open(path).size for path in tmp_path.rglob("*.png")}
    assert written == {
        f"{language}/{width}x{height}/paused-asking.png": (width, height)
        for language in ("nb", "so")
        for width, height in ((320, 400), (640, 200))
    } | {
        f"{language}/{width}x{height}-1.png": (COLUMNS * (WIDTH_PX + 6), height * WIDTH_PX // width + 6)
        for language in ("nb", "so")
        for width, height in ((320, 400), (640, 200))
    }


def test_every_screen_is_drawn_to_be_looked_at() -> None:
    """In each way of writing. They stay in build/screens, where CI keeps them; `make screens` draws every language."""
    languages = ("nb", "ar", "ti")
    done = run("--out", str(SHOWN), "--size", "1280x800", *(f"--language={language}" for language in languages))
    assert (done.returncode, done.stderr) == (0, "")
    for language in languages:
        drawn = {path.stem for path in (SHOWN / language / "1280x800").glob("*.png")}
        assert drawn >= set(sample.views())
        assert (SHOWN / language / "1280x800-1.png").is_file()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--size", "big"), '"big" is no size; write it as 1024x600'),
        (("--language", "xx"), "invalid choice: 'xx'"),
        ((), "--out"),
    ],
)
def test_bad_arguments_are_named(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    out = ("--out", str(tmp_path)) if arguments else ()
    done = run(*out, *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_png_holds_the_pixels() -> None:
    pixels = bytes((255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 0, 9, 8, 7, 255))
    picture = Image.open(BytesIO(png(pixels, (2, 2))))
    assert picture.mode == "RGB"
    assert picture.tobytes() == bytes((255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7))


def test_a_contact_sheet_holds_every_picture_in_its_place() -> None:
    pictures = [bytes((value, 0, 0, 255)) * 64 for value in range(ROWS * COLUMNS + 2)]
    (pixels, (width, height)), (more, more_size) = contact_sheets(pictures, (8, 8))
    sheet = np.frombuffer(pixels, np.uint8).reshape(height, width, 4)
    assert sheet[::14, ::14, 0].ravel().tolist() == list(range(ROWS * COLUMNS))
    assert more_size == (width, 14)
    rest = np.frombuffer(more, np.uint8).reshape(14, width, 4)
    assert rest[0, ::14, 0].tolist() == [ROWS * COLUMNS, ROWS * COLUMNS + 1, 255, 255, 255]


def test_the_screen_process_says_what_it_misses() -> None:
    for arguments, told in (((), "--link"), (("--link", "999"), "no terminal at the other end")):
        done = subprocess.run(
            [sys.executable, "-m", "kiosk.ui", *arguments], capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 2
        assert told in done.stderr
        assert "Traceback" not in done.stderr


def test_heads_are_plausible_pictures() -> None:
    frame = sample.head(63, 47, clinician=True)
    assert (frame.width, frame.height, frame.u.shape, frame.v.shape) == (63, 47, (24, 32), (24, 32))
    assert 16 <= np.min(frame.y) < np.max(frame.y) <= 235
