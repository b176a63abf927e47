"""A Raspberry Pi's pins: what gpiozero's pin library wants before it may be loaded, and how it refuses a pin."""

import contextlib
import importlib
import importlib.util
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from kiosk.errors import DeviceMissing

T = TypeVar("T")

_loading = threading.Lock()


def claim(device: str, pin: int, refusals: type[Exception], make: Callable[[], T]) -> T:
    """`make()`, with each way in which a pin can be refused turned into a DeviceMissing of one line."""
    _load_lgpio()
    library = sys.modules.get("lgpio")
    kinds = (refusals, OSError) if library is None else (refusals, OSError, library.error)
    try:
        return make()
    except kinds as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DeviceMissing(
            device,
            f"pin GPIO{pin} cannot be used ({reason}); is this a Raspberry Pi, with lgpio installed and the user "
            "in the group gpio?",
        ) from error


def _load_lgpio() -> None:
    """Load lgpio, if it is installed, from a folder that can be written to.

    At import it makes a FIFO in the current directory and opens it; where that is read-only no press is ever seen,
    elsewhere the FIFO is left lying about. Once open, the FIFO's name is not needed any more.
    """
    with _loading:
        if "lgpio" in sys.modules or importlib.util.find_spec("lgpio") is None:
            return
        here = Path.cwd()
        with tempfile.TemporaryDirectory(prefix="lgpio-") as folder:
            os.chdir(folder)
            try:
                # A broken lgpio is for gpiozero to tell about: it may know another pin library.
                with contextlib.suppress(ImportError, OSError):
                    importlib.import_module("lgpio")
            finally:
                os.chdir(here)
