"""What a terminal that is lent to nobody says to whoever sets it up or takes it back. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.consultation.model import Accepted, Faulty, Standing, Wiped
from kiosk.ui.texts import Texts

_FAULTS: Final = {
    "card": "setup-card",
    "clock": "setup-clock",
    "date": "setup-clock",
    "network": "no-network",
    "camera": "fault-camera",
    "microphone": "fault-microphone",
    "speaker": "fault-speaker",
}
"""Parts with a sentence of their own; others are named in the self-check's own word."""


@dataclass(frozen=True, slots=True)
class Told:
    """The words, and what goes with them."""

    headline: str
    detail: str
    good: bool = False
    code: str = ""
    """The text of a QR code."""


def told_of(standing: Standing | None, serial: str, texts: Texts) -> Told:
    """The terminal's number, and how it stands."""
    number = texts("unassigned-detail", serial=serial) if serial else ""
    match standing:
        case None:
            return Told(texts("unassigned"), number)
        case Accepted(code=code):
            return Told(texts("accepted"), _lines(number, texts("code", code=code)), good=True)
        case Faulty(parts=parts):
            return Told(texts("not-accepted"), _lines(number, _fault(parts, texts)))
        case Wiped(code=code, receipt=receipt):
            return Told(texts("wiped"), _lines(number, texts("code", code=code)), code=receipt)


def _fault(parts: Sequence[str], texts: Texts) -> str:
    """The first one: they are mended one by one."""
    part = parts[0] if parts else ""
    key = _FAULTS.get(part)
    return texts(key) if key else texts("setup-part", part=part)


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
