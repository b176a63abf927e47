"""What the screen process logs, in the same form as the terminal."""

import re
import time
from collections.abc import Callable

import numpy as np
import pytest

from kiosk.devices.screen import Mirror, Settings, Source
from kiosk.devices.screen.process import ProcessScreen
from kiosk.frames import VideoFrame
from kiosk.ui import sample

LINE = re.compile(r"^\d{4}-\d\d-\d\d [\d:]+,\d{3} INFO +kiosk\.ui\.app: The far end's picture is on the screen$", re.M)
VIEWS = sample.views()


def picture() -> VideoFrame:
    """Green."""
    plane, chroma = np.full((48, 64), 100, np.uint8), np.full((24, 32), 90, np.uint8)
    return VideoFrame(plane, chroma, chroma, time.monotonic())


def test_each_coming_of_the_far_end_is_one_line(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    screen = ProcessScreen(Settings(width=320, height=200, offscreen=True))
    text = ""

    def told(count: int) -> Callable[[], bool]:
        def look() -> bool:
            nonlocal text
            screen.picture(Source.REMOTE, picture(), sample.VISIT)
            text += capfd.readouterr().err
            return len(LINE.findall(text)) == count

        return look

    try:
        screen.show(VIEWS["call"])
        screen.start()
        until(told(1))
        screen.show(VIEWS["paused"])
        shown: list[Mirror] = []
        screen.mirror(shown.append)
        until(lambda: bool(shown) and not is_green(shown[-1]))
        screen.show(VIEWS["call"])
        until(told(2))
        assert "MTDev" not in text
        assert not re.search(r"\bkivy\b(?!\.)", text.lower()), "Kivy keeps silent"
    finally:
        screen.close()


def is_green(shown: Mirror) -> bool:
    """The picture is in the middle of the screen."""
    pixels = np.frombuffer(shown.pixels, np.uint8).reshape(shown.height, shown.width, 4)
    red, green, _, _ = pixels[shown.height // 2, shown.width // 2]
    return int(green) > int(red) + 80


def until(look: Callable[[], bool], within_s: float = 20.0) -> None:
    deadline_s = time.monotonic() + within_s
    while not look():
        assert time.monotonic() < deadline_s, "not within the time"
        time.sleep(0.02)
