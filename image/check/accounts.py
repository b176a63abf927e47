"""Nobody can log in, and nobody can become somebody else."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

NO_SHELLS: Final = frozenset({"/usr/sbin/nologin", "/sbin/nologin", "/bin/false", "/usr/bin/false", "/bin/sync"})


def faults(root: Path) -> Iterator[str]:
    """One line for each password, each shell, each setuid file, each way in over the network."""
    for name, secret in _fields(root / "etc/shadow", 2):
        if secret[:1] not in {"*", "!"}:
            yield f"shadow: {name} {'has a password' if secret else 'needs no password'}"
    for name, *_, shell in _fields(root / "etc/passwd", 7):
        if shell not in NO_SHELLS:
            yield f"passwd: {name} has the shell {shell or '/bin/sh'}"
    for path in walk(root):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_mode & (stat.S_ISUID | stat.S_ISGID):
            yield f"setuid: /{path.relative_to(root)}"
    for gone in ("usr/sbin/sshd", "usr/sbin/dropbear", "usr/bin/sudo", "usr/sbin/avahi-daemon"):
        if (root / gone).exists():
            yield f"program: /{gone}"
    yield from (f"key: /{path.relative_to(root)}" for path in root.glob("*/.ssh/authorized_keys"))


def told(root: Path) -> str:
    """How many accounts there are, and files."""
    locked = sum(secret[:1] in {"*", "!"} for _, secret in _fields(root / "etc/shadow", 2))
    shells = sum(fields[-1] not in NO_SHELLS for fields in _fields(root / "etc/passwd", 7))
    return f"{locked} accounts are locked, {shells} have a shell; {sum(1 for _ in walk(root))} files, none setuid"


def walk(root: Path) -> Iterator[Path]:
    """Every file of this file system, links not followed, and nothing that is mounted in it."""
    device = root.stat().st_dev
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = [each for each in folders if (here / each).lstat().st_dev == device]
        yield from (here / each for each in files)


def _fields(path: Path, at_most: int) -> Iterator[list[str]]:
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split(":")[:at_most]
