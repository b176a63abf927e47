"""What outlives a restart of the terminal, and nothing more: which visit it is in, and how loud. Belongs into a folder
that a reboot empties (/run), so that no camera opens by itself after a power cut."""

import json
import logging
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

from kiosk.consultation.events import Interrupted
from kiosk.consultation.loudness import LEVELS

SIZE_LIMIT_BYTES: Final = 4096

log = logging.getLogger(__name__)


class Memory:
    """A file of one line. Loop thread."""

    def __init__(self, path: Path | None) -> None:
        """None: nothing is remembered."""
        self._path = path
        self._kept: Interrupted | None = None

    def read(self) -> Interrupted | None:
        """The visit that was broken off. A file that makes no sense counts as none."""
        if self._path is None:
            return None
        try:
            with self._path.open("rb") as file:
                said = json.loads(file.read(SIZE_LIMIT_BYTES))
            self._kept = Interrupted(str(said["appointment_id"]), bool(said["paused"]), _level(said.get("loudness")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("what was remembered of a visit cannot be read (%s)", type(error).__name__)
            return None
        return self._kept

    def keep(self, visit: Interrupted | None) -> None:
        """Remember this from now on. A disk that fails costs the memory, not the call."""
        if self._path is None or visit == self._kept:
            return
        try:
            if visit is None:
                with suppress(FileNotFoundError):
                    self._path.unlink()
            else:
                fresh = self._path.with_suffix(".new")
                fresh.write_text(json.dumps(asdict(visit)))
                fresh.replace(self._path)
        except OSError as error:
            log.warning("the visit cannot be remembered (%s)", error.strerror)
        self._kept = visit


def _level(said: object) -> int | None:
    return said if type(said) is int and 1 <= said <= LEVELS else None
