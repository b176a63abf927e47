"""What has been made: JSON Lines, one terminal a line, no secrets. With it a second run goes on where one stopped."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from kiosk.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Entry:
    """One terminal that was written and read back."""

    serial: str
    public_key: str
    """Checks what the terminal signs."""
    settings: str
    """SHA-256 of its kiosk.toml."""
    target: str
    """The image's file name, or "card"."""
    made_at: str
    """ISO 8601 with offset."""
    version: str
    """Of the software that made it."""


class Manifest:
    """A file that is only ever added to; the last line for a serial counts."""

    def __init__(self, path: Path) -> None:
        """Raises ConfigError when the file is no manifest."""
        self._path = path
        self.entries: dict[str, Entry] = {}
        self.newest: datetime | None = None
        self._torn = False
        try:
            content = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: cannot be read ({type(error).__name__})") from None
        # The power may have gone in the middle of the last line: that terminal is made again.
        whole, _, torn = content.rpartition("\n")
        self._torn = bool(torn)
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                entry = Entry(**json.loads(line))
                made_at = datetime.fromisoformat(entry.made_at)
            except (ValueError, TypeError):
                raise ConfigError(f"{path}: line {number} is no line of a manifest") from None
            self.entries[entry.serial] = entry
            self.newest = made_at if self.newest is None else max(self.newest, made_at)

    def add(self, entry: Entry) -> None:
        """On disk when this returns. Raises OSError."""
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        with os.fdopen(descriptor, "ab") as file:
            if self._torn:
                size = self._path.read_bytes().rfind(b"\n") + 1
                file.truncate(size)
                self._torn = False
            file.write(json.dumps(asdict(entry), ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.entries[entry.serial] = entry
