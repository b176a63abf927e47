"""What the terminal tells the machine around it: when it must not be disturbed. A file of times in a folder that a
reboot empties; the nightly restart and the update ask it (`kiosk quiet`)."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk.consultation.busy import Busy, in_the_way

NOT_NOW: Final = 75
"""EX_TEMPFAIL of sysexits.h: try again later."""
SIZE_LIMIT_BYTES: Final = 100_000

log = logging.getLogger(__name__)


class BusyFile:
    """Writes when there is something new. Loop thread."""

    def __init__(self, path: Path | None) -> None:
        """None: nothing is told."""
        self._path = path
        self._told: Busy | None = None

    def tell(self, known: Busy | None) -> None:
        """From now on this holds. None, not known: what was told before stands. A disk that fails costs only this."""
        if self._path is None or known is None or known == self._told:
            return
        spans = [[begin.isoformat(), end.isoformat()] for begin, end in known.spans]
        fresh = self._path.with_suffix(".new")
        try:
            fresh.write_text(json.dumps({"engaged": known.engaged, "spans": spans}))
            fresh.replace(self._path)
        except OSError as error:
            log.warning("the busy hours cannot be told (%s)", error.strerror)
        self._told = known


def ask(path: Path, now: datetime, for_s: float) -> int:
    """Print whether work of `for_s` seconds may begin now; 0 when it may, 75 when not or when nobody knows."""
    try:
        known = _read(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"not now: the terminal has not told its busy hours ({type(error).__name__})")
        return NOT_NOW
    span = in_the_way(known, now, for_s)
    if span is None:
        print("free")
        return 0
    until = span[1].astimezone(UTC)
    print("not now: the terminal is in use" if known.engaged else f"not now: busy until {until:%Y-%m-%d %H:%M} UTC")
    return NOT_NOW


def _read(path: Path) -> Busy:
    with path.open("rb") as file:
        said = json.loads(file.read(SIZE_LIMIT_BYTES))
    spans = tuple((_aware(begin), _aware(end)) for begin, end in said["spans"])
    return Busy(engaged=bool(said["engaged"]), spans=spans)


def _aware(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at
