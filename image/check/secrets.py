"""Nothing in the system is anybody's secret, and nothing makes two terminals the same one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from image.check.accounts import walk

PATTERNS: Final = {
    "a private key": re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20}"),
    "a password in an address": re.compile(rb"https?://[A-Za-z0-9._-]+:[^@/\s\"'<>{}$]{3,}@[a-z0-9.-]+\.[a-z]{2,}"),
    "a Wi-Fi key": re.compile(rb"(?m)^\s*(?:psk|wpa-psk|password)\s*=\s*(?:\"[^\"]{8,}\"|[^\s\"#;$%{<]{8,})"),
    "a token": re.compile(rb"\b(?:ghp_[A-Za-z0-9]{36}|AKIA[0-9A-Z]{16}|xox[baprs]-[A-Za-z0-9-]{20,})\b"),
}
IN_SETTINGS: Final = frozenset({"a password in an address", "a Wi-Fi key"})
"""Looked for outside programs, whose own words look the same."""
READ_AT_MOST_BYTES: Final = 2_000_000
SKIPPED: Final = (".so", ".pyc", ".ttf", ".opus", ".mo", ".gz", ".xz", ".zst", ".bin")
EMPTY: Final = ("etc/machine-id",)
GONE: Final = ("var/lib/systemd/random-seed", "var/lib/systemd/credential.secret", "root/.ssh", "root/.bash_history")


def told(root: Path) -> str:
    """How much was read."""
    sizes = [len(content) for _, content in _readable(root)]
    return f"{len(sizes)} files of text read, {sum(sizes) / 1e6:.0f} MB, for {len(PATTERNS)} kinds of secrets"


def faults(root: Path) -> Iterator[str]:
    """One line for each find: its kind and its file, never its value."""
    for path, content in _readable(root):
        for kind, pattern in PATTERNS.items():
            if path.suffix == ".py" and kind in IN_SETTINGS:
                continue
            if pattern.search(content):
                yield f"secret: {kind} in /{path.relative_to(root)}"
    for each in EMPTY:
        if not (root / each).is_file() or (root / each).read_bytes():
            yield f"identity: /{each} is not empty"
    yield from (f"identity: /{each} is there" for each in GONE if (root / each).exists())


def _readable(root: Path) -> Iterator[tuple[Path, bytes]]:
    """Files of text, with their beginnings."""
    for path in walk(root):
        if path.is_symlink() or not path.is_file() or path.suffix in SKIPPED or ".so." in path.name:
            continue
        with path.open("rb") as file:
            content = file.read(READ_AT_MOST_BYTES)
        if b"\0" not in content[:1024]:
            yield path, content
