"""Kivy, tamed: said before its first import. No file, no argument, no key, no settings panel."""

import ctypes
import logging
import os
import sys
from pathlib import Path
from typing import Final

IDLE_FPS: Final = 15
"""How often Kivy's loop wakes when nothing happens; events wake it at once all the same."""
_ENVIRONMENT: Final = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_ENV_CONFIG": "1",
    # Kivy otherwise takes stderr and the root logger for itself.
    "KIVY_LOG_MODE": "PYTHON",
    "KIVY_HOME": "/nonexistent/kivy",
    "KIVY_WINDOW": "sdl2",
    "KIVY_TEXT": "sdl2",
    "KIVY_IMAGE": "sdl2",
    "KIVY_CLIPBOARD": "dummy",
    "KIVY_METRICS_DENSITY": "1",
    # Nothing here multiplies matrices; numpy would keep a thread and its memory for each core all the same.
    "OPENBLAS_NUM_THREADS": "1",
    # Where Mesa draws on the processor: a call's picture is a millisecond of work, and to share it out costs a third.
    "LP_NUM_THREADS": "1",
}


def prepare(width: int, height: int, offscreen: bool | str) -> None:
    """`load` and `arrange` in one."""
    load()
    arrange(width, height, offscreen)


def load() -> None:
    """Import Kivy without its window. Raises RuntimeError when it is loaded already."""
    if "kivy" in sys.modules:
        raise RuntimeError("kivy was imported before it was set up")
    os.environ.update(_ENVIRONMENT)
    # Kivy's imports tell much, and report each kind of touch screen that is not there with a traceback.
    logging.disable()
    import kivy  # noqa: PLC0415 - the environment comes first
    import kivy.input.providers  # noqa: PLC0415

    logging.disable(logging.NOTSET)
    logging.getLogger("kivy").setLevel(logging.WARNING)
    config = kivy.config.Config
    for section in ("input", "modules"):
        for option in config.options(section):
            config.remove_option(section, option)
    config.set("kivy", "exit_on_escape", "0")
    config.set("kivy", "kivy_clock", "interrupt")
    config.set("kivy", "pause_on_minimize", "0")
    config.set("graphics", "maxfps", str(IDLE_FPS))
    config.set("graphics", "multisamples", "0")
    config.set("graphics", "resizable", "0")
    config.set("graphics", "show_cursor", "0")
    config.set("graphics", "allow_screensaver", "0")


def arrange(width: int, height: int, offscreen: bool | str) -> None:
    """Say how large the window will be that opens next; 0: the whole display. After `load`."""
    hidden = not has_display() if offscreen == "auto" else bool(offscreen)
    if hidden:
        os.environ["SDL_VIDEODRIVER"] = "offscreen"
    elif os.environ.get("SDL_VIDEODRIVER") == "offscreen":
        del os.environ["SDL_VIDEODRIVER"]
    whole = not (width and height)
    if whole:
        width, height = (1280, 800) if hidden else display_size()
    config = sys.modules["kivy.config"].Config
    config.set("graphics", "width", str(width))
    config.set("graphics", "height", str(height))
    if whole and not hidden:
        # "auto" alone leaves a window of 800x600 where there is no window manager; with the true size it covers all.
        config.set("graphics", "fullscreen", "auto")


def has_display() -> bool:
    """A display server, or a panel that is plugged in."""
    return bool(os.environ.get("DISPLAY")) or _panel_mode() is not None


def display_size() -> tuple[int, int]:
    """Pixels of the display; 1280 x 800 when nothing tells."""
    return (_x_size() if os.environ.get("DISPLAY") else None) or _panel_mode() or (1280, 800)


def _x_size() -> tuple[int, int] | None:
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    if not display:
        return None
    try:
        return int(x11.XDisplayWidth(display, 0)), int(x11.XDisplayHeight(display, 0))
    finally:
        x11.XCloseDisplay(display)


def _panel_mode() -> tuple[int, int] | None:
    for status in sorted(Path("/sys/class/drm").glob("card*/status")):
        try:
            if status.read_text().strip() == "connected":
                width, height = (status.parent / "modes").read_text().split()[0].rstrip("ip").split("x")
                return int(width), int(height)
        except (OSError, ValueError, IndexError):
            continue
    return None
