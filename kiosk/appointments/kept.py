"""What is known of the appointments, over a restart of the terminal: a file in memory, for the terminal's eyes alone.

The file must lie on a file system that lives in RAM and is gone with the power (tmpfs, such as /run): names, rooms and
PINs are never written to a disk. Its times are of the machine's monotonic clock, which a restart of the terminal
leaves alone and a reboot, which empties the folder too, does not.
"""

import hashlib
import json
import logging
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from kiosk.consultation.model import Appointment, Room

IN_MEMORY: Final = ("tmpfs", "ramfs")
SIZE_LIMIT_BYTES: Final = 2_000_000
AGAIN_AFTER_S: Final = 60.0
"""The same news is written again so seldom."""

log = logging.getLogger(__name__)


def lies_in_memory(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> bool:
    """Is that file's folder on a file system without a disk? False when nobody knows."""
    folder = os.path.realpath(path.parent)
    best, kind = "", ""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    for line in lines:
        before, _, after = line.partition(" - ")
        fields, after_fields = before.split(" "), after.split(" ")
        point = fields[4] if len(fields) > 4 else ""
        holds = point in ("/", folder) or folder.startswith(f"{point}/")
        if point and holds and len(point) >= len(best):
            best, kind = point, after_fields[0]
    return kind in IN_MEMORY


class KeptAppointments:
    """One file. Worker threads, one at a time."""

    def __init__(self, path: Path, source: str, in_memory: Callable[[Path], bool] = lies_in_memory) -> None:
        """`source` names where the appointments come from: what another one said before is not read."""
        self._path = path
        self._source = hashlib.sha256(source.encode()).hexdigest()
        self._in_memory = in_memory
        self._usable: bool | None = None
        self._kept: tuple[Appointment, ...] | None = None
        self._kept_at_s = 0.0

    def read(self, now_s: float) -> tuple[tuple[Appointment, ...], float] | None:
        """What was kept, and when, monotonic; None when there is nothing of this source's and this boot's."""
        if not self._may():
            return None
        try:
            with self._path.open("rb") as file:
                said = json.loads(file.read(SIZE_LIMIT_BYTES))
            at_s = float(said["at_s"])
            if said["source"] != self._source or not at_s <= now_s:
                return None
            return tuple(_appointment(each) for each in said["appointments"]), at_s
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("the appointments that were kept cannot be read (%s)", type(error).__name__)
            return None

    def keep(self, appointments: Sequence[Appointment], now_s: float) -> None:
        """The source said this now. A failure costs only this."""
        news = tuple(appointments)
        if news == self._kept and now_s < self._kept_at_s + AGAIN_AFTER_S:
            return
        if not self._may():
            return
        said = {
            "source": self._source,
            "at_s": now_s,
            "appointments": [asdict(each) for each in news],
        }
        fresh = self._path.with_suffix(".new")
        try:
            with suppress(FileNotFoundError):
                fresh.unlink()
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(said, file, default=datetime.isoformat)
            fresh.replace(self._path)
        except OSError as error:
            log.warning("the appointments cannot be kept over a restart (%s)", error.strerror)
        self._kept, self._kept_at_s = news, now_s

    def _may(self) -> bool:
        if self._usable is None:
            self._usable = self._in_memory(self._path)
            if not self._usable:
                log.warning("appointments.kept lies on a disk, or nowhere: nothing is kept over a restart")
        return self._usable


def _appointment(fields: dict[str, Any]) -> Appointment:
    room = None if fields["room"] is None else Room(**fields["room"])
    starts_at, ends_at = (datetime.fromisoformat(fields[name]) for name in ("starts_at", "ends_at"))
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise ValueError("a time without its zone")
    return Appointment(str(fields["id"]), starts_at, ends_at, room, str(fields["meet_at"]))
