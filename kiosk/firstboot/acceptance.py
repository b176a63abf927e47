"""The self-check that accepts a terminal: every part there, the clock right. Its report is kept, its code is shown."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.consultation.model import Accepted, Faulty, Standing
from kiosk.doctor import Line, Report
from kiosk.firstboot.taking_in import FINDINGS_FILE, REPORT_FILE, TAKEN_FILE
from kiosk.standing import STANDING_FILE, write_standing
from kiosk.storage import Storage

PATIENCE_S: Final = 30.0
"""A network and a USB device may take so long after power-on."""
EVERY_S: Final = 2.0
CLOCK_SPAN: Final = timedelta(days=3650)


def accepted_code(data: Path) -> str | None:
    """The code under which this terminal was accepted; None: not yet, or not with the settings that it has now."""
    try:
        said = json.loads((data / REPORT_FILE).read_text(encoding="utf-8"))
        return str(said["code"]) if said["good"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def accept(
    data: Path,
    storage: Storage,
    look: Callable[[], Report],
    now: Callable[[], datetime],
    sleep: Callable[[float], None],
) -> Report:
    """Look until all is well or patience is over; keep the report and what the screen shows. Raises OSError.

    acceptance.json is there when the terminal is accepted, and not otherwise; then findings.json is.
    """
    waited_s = 0.0
    while True:
        report = look()
        report = replace(report, lines=(*report.lines, date_line(data, now())))
        if report.good or waited_s >= PATIENCE_S:
            break
        sleep(EVERY_S)
        waited_s += EVERY_S
    kept, other = (REPORT_FILE, FINDINGS_FILE) if report.good else (FINDINGS_FILE, REPORT_FILE)
    storage.write(data / kept, (report.as_json() + "\n").encode())
    (data / other).unlink(missing_ok=True)
    write_standing(data / STANDING_FILE, standing_of(report), storage)
    return report


def standing_of(report: Report) -> Standing:
    """What the screen shows of it."""
    if report.good:
        return Accepted(report.code)
    return Faulty(tuple(dict.fromkeys(line.part for line in report.lines if not line.good)))


def date_line(data: Path, now: datetime) -> Line:
    """A terminal without a battery for its clock begins in the past until a network tells the time."""
    try:
        made_at = datetime.fromisoformat(json.loads((data / TAKEN_FILE).read_text(encoding="utf-8"))["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return Line("date", "-", good=False, told="the card was not taken in")
    if made_at - timedelta(minutes=5) <= now <= made_at + CLOCK_SPAN:
        return Line("date", "-", good=True, told="")
    told = f"it says {now:%Y-%m-%d %H:%M}, the card is of {made_at:%Y-%m-%d %H:%M}: plug in a network, it sets itself"
    return Line("date", "-", good=False, told=told)
