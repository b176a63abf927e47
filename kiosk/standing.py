"""What a terminal that is lent to nobody shows of itself: accepted, faulty, or wiped. One small file, written by the
self-check and the wipe as root, read by the terminal when it starts."""

import json
import logging
from pathlib import Path
from typing import Final

from kiosk.consultation.model import Accepted, Faulty, Standing, Wiped
from kiosk.storage import Storage

SIZE_LIMIT_BYTES: Final = 8192
STANDING_FILE: Final = "standing.json"

log = logging.getLogger(__name__)


def write_standing(path: Path, standing: Standing, storage: Storage) -> None:
    """From now on this holds. Raises OSError."""
    match standing:
        case Accepted(code=code):
            said: dict[str, object] = {"kind": "accepted", "code": code}
        case Faulty(parts=parts):
            said = {"kind": "faulty", "parts": parts}
        case Wiped(code=code, receipt=receipt):
            said = {"kind": "wiped", "code": code, "receipt": receipt}
    storage.write(path, json.dumps(said).encode() + b"\n")


def read_standing(path: Path | None) -> Standing | None:
    """None: nothing is known. A file that makes no sense counts as none."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT_BYTES)
        if not content.strip():
            return None
        said = json.loads(content)
        match said["kind"]:
            case "accepted":
                return Accepted(str(said["code"]))
            case "faulty":
                return Faulty(tuple(str(part) for part in said["parts"]))
            case "wiped":
                return Wiped(str(said["code"]), str(said["receipt"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("the terminal's standing cannot be read (%s)", type(error).__name__)
    return None
