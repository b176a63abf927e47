"""The terminal's card, as the hospital makes it and gets it back: provisioned, lent, and searched for a patient."""

import os
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from tests.device_bench.host import BenchFailed, run

REPOSITORY: Final = Path(__file__).parents[2]
IMAGE_SETTINGS: Final = REPOSITORY / "image/overlay/usr/share/kiosk/image.toml"
SERIAL: Final = "BENCH-1"
PIECE: Final = 1 << 23

PATIENT: Final = "Kari Plantet Nordmann"
KIN: Final = "Sønnen Ole Plantet"
ROOM: Final = "planted-room-4711"
PIN: Final = "907331288"
PLANTED: Final = (PATIENT, KIN, ROOM, PIN)
"""Words of the loan that must be nowhere on the card when the terminal is back."""


def loan(node: str) -> str:
    """The document on which it is lent, with a standing room on the hospital's platform."""
    return f"""
[[contact]]
name = "Poliklinikken"
phone = "22 33 44 55"
[[contact]]
name = "{KIN}"
phone = "99 88 77 66"
[appointments]
driver = "file"
path = "/run/terminal-bench/appointments.json"
every_s = 1
display_name = "{PATIENT}"
room = "{node}/webapp/?conference={ROOM}&pin={PIN}"
[speech]
spoken = false
"""


def kiosk(*words: str) -> str:
    """A command of the product, as at the hospital's computer; what it said. Raises BenchFailed."""
    return run(sys.executable, "-m", "kiosk", *words, cwd=REPOSITORY, env={"PYTHONPATH": str(REPOSITORY)})


def provisioned(image: Path, folder: Path, node: str) -> Path:
    """The card of one terminal, made from the image; beside it manifest.jsonl. Raises BenchFailed."""
    words = ["--serial", SERIAL, "--contact-name", "Poliklinikken", "--contact-phone", "22 33 44 55", "--node", node]
    kiosk("provision", *words, "--image", str(image), "--out", str(folder))
    return next(folder.glob("*.img"))


def image_settings(changes: str) -> str:
    """The image's own piece of the configuration, for the virtual board that the bench has in place of a real one."""
    settings = tomllib.loads(IMAGE_SETTINGS.read_text(encoding="utf-8"))
    for table, values in tomllib.loads(changes).items():
        settings[table] = {**settings.get(table, {}), **values}
    return "".join(_toml(name, table) for name, table in settings.items())


def found(card: Path, words: Iterable[str]) -> list[str]:
    """Which of these stand on it, anywhere, as UTF-8 or UTF-16. Passes over what was never written to."""
    wanted = {
        word: re.compile(b"|".join(re.escape(word.encode(code)) for code in ("utf-8", "utf-16-le"))) for word in words
    }
    seen = set()
    longest = max(len(word.encode("utf-16-le")) for word in wanted)
    with card.open("rb") as file:
        for at, length in _written(file.fileno()):
            end = at + length
            while at < end:
                piece = os.pread(file.fileno(), min(PIECE, end - at), at)
                seen |= {word for word, pattern in wanted.items() if pattern.search(piece)}
                at += len(piece) if len(piece) < PIECE else PIECE - longest
    return sorted(seen)


def receipt_is_genuine(receipt: str, manifest: Path) -> str:
    """What `kiosk wipe --verify` says of it. Raises BenchFailed."""
    told = kiosk("wipe", "--verify", receipt, "--manifest", str(manifest))
    if SERIAL not in told:
        raise BenchFailed(f"the receipt is not of {SERIAL}: {told}")
    return told.splitlines()[0]


def _written(descriptor: int) -> Iterable[tuple[int, int]]:
    at = 0
    while True:
        try:
            at = os.lseek(descriptor, at, os.SEEK_DATA)
        except OSError:
            return
        end = os.lseek(descriptor, at, os.SEEK_HOLE)
        yield at, end - at
        at = end


def _toml(name: str, table: Mapping[str, Any]) -> str:
    plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
    text = f"[{name}]\n" + "".join(f"{key} = {_value(value)}\n" for key, value in plain.items())
    return text + "".join(_toml(f"{name}.{key}", value) for key, value in table.items() if isinstance(value, dict))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    assert isinstance(value, int | float | str), value
    return f'"{value}"' if isinstance(value, str) else str(value)
