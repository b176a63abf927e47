"""A real window on a bare X server: it covers the screen, and no key gets the patient out of it."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from kiosk.devices.screen import Mirror, Settings
from kiosk.devices.screen.process import ProcessScreen
from kiosk.ui import kivy_env, sample
from tests.devices.test_screen_contract import wait_until

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="the Debian packages xvfb and xdotool are missing"
)
KEYS = ("Escape", "F1", "F11", "F12", "alt+F4", "ctrl+c", "ctrl+q", "ctrl+e", "super", "space", "Return")


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A screen of 1024x600 without a window manager; its name is in DISPLAY."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1024x600x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as told:
        # The line's end comes in a second writing, which must find its reader.
        number = told.readline().strip()
    monkeypatch.setenv("DISPLAY", f":{number}")
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    yield f":{number}"
    server.terminate()
    server.wait()


def xdotool(*words: str) -> str:
    return subprocess.run(["xdotool", *words], capture_output=True, text=True, check=True, timeout=20).stdout


def test_the_window_covers_the_screen_and_no_key_changes_anything(display: str) -> None:
    screen = ProcessScreen(Settings(width=0, height=0, offscreen=False))
    seen: list[Mirror] = []
    try:
        screen.show(sample.views()["unassigned"])
        screen.start()
        screen.mirror(seen.append)
        assert wait_until(lambda: screen.alive() and bool(seen))
        pid = screen.pid
        window = xdotool("search", "--onlyvisible", "--pid", str(pid)).split()[-1]
        geometry = dict(line.split("=") for line in xdotool("getwindowgeometry", "--shell", window).split())
        assert [geometry[key] for key in ("X", "Y", "WIDTH", "HEIGHT")] == ["0", "0", "1024", "600"]
        xdotool("windowfocus", window, "mousemove", "500", "300", "click", "1", "click", "3")
        before = seen[-1].pixels
        xdotool("key", "--delay", "40", *KEYS)
        # Had a key opened or ended anything, this would not be drawn in the same process.
        count = len(seen)
        screen.show(sample.views()["starting"])
        assert wait_until(lambda: len(seen) > count and seen[-1].pixels != before)
        screen.show(sample.views()["unassigned"])
        assert wait_until(lambda: seen[-1].pixels == before)
        assert (screen.pid, screen.alive()) == (pid, True)
    finally:
        screen.close()


def test_the_size_is_the_display_s(display: str) -> None:
    assert kivy_env.has_display()
    assert kivy_env.display_size() == (1024, 600)


def test_no_display_server_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4711")
    assert min(kivy_env.display_size()) > 0
