"""What of a root folder does not hang on the application: Debian's packages and the locked Python ones. Takes most of a
build, and may be kept for the next one.

The layers' first hook, 05-python.sh, belongs to it; all others are run on a copy of it, each as mmdebstrap would.
"""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

KEPT_HOOK: Final = "05-python.sh"
KEY_FILE: Final = "key"
_HOOK: Final = re.compile(r"    - '(?P<command>.+)'")
_MOUNTS: Final = """
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
exec sh -c "$2" exec "$1"
"""
"""For a chroot: seen by this hook alone, as it has a mount namespace of its own."""


def split(layer: str) -> tuple[str, list[str]]:
    """A layer as the base takes it, and the hooks that come later, in their order."""
    kept, later = [], []
    for line in layer.splitlines(keepends=True):
        hook = _HOOK.fullmatch(line.rstrip("\n"))
        if hook and KEPT_HOOK not in line:
            later.append(hook["command"].replace("''", "'"))
        else:
            kept.append(line)
    text = "".join(kept)
    # A list of hooks that has become empty is no list.
    return re.sub(r"(?m)^  customize-hooks:\n(?!    - )", "", text), later


def key_of(parts: Iterable[str]) -> str:
    """A name for all that went into it."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()[:16]


def kept(folder: Path, key: str) -> Path | None:
    """The root folder that is kept there, if it is of these parts."""
    told = folder / KEY_FILE
    return folder / "root" if told.is_file() and told.read_text(encoding="ascii") == key else None


def keep(folder: Path, key: str, root: Path) -> None:
    """Keep a copy of this root folder there, in place of any other."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    copy(root, folder / "root")
    (folder / KEY_FILE).write_text(key, encoding="ascii")


def copy(root: Path, to: Path) -> None:
    """With owners, rights and links."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(root), str(to)], check=True)


def run_hook(command: str, root: Path, environment: Mapping[str, str]) -> None:
    """Raises CalledProcessError."""
    words = ["unshare", "--mount", "--propagation", "private", "sh", "-eu", "-c", _MOUNTS, "exec"]
    subprocess.run([*words, str(root.resolve()), command], check=True, env=os.environ | environment)
