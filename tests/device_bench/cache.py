"""What takes minutes to build and seldom changes: kept by a key of all that went into it."""

import hashlib
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

KEPT: Final = 2
"""Builds of each kind; older ones are deleted."""


class Cache:
    """A folder outside the repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def get(self, kind: str, key: str, build: Callable[[Path], None], *, fresh: bool = False) -> tuple[Path, bool]:
        """The folder of that build, and whether it was there already. `build` fills an empty folder, which takes its
        name only when it is whole."""
        found = self.folder / f"{kind}-{key}"
        if found.exists() and not fresh:
            found.touch()
            return found, True
        begun = self.folder / f"{kind}.building"
        shutil.rmtree(begun, ignore_errors=True)
        begun.mkdir()
        build(begun)
        shutil.rmtree(found, ignore_errors=True)
        begun.rename(found)
        self._forget(kind)
        return found, False

    def _forget(self, kind: str) -> None:
        builds = [each for each in self.folder.glob(f"{kind}-*") if each.is_dir()]
        for old in sorted(builds, key=lambda each: each.stat().st_mtime, reverse=True)[KEPT:]:
            shutil.rmtree(old)


def key_of(files: Iterable[Path], *words: str) -> str:
    """A short name for the contents of these files and folders, and these words; the same wherever they lie."""
    digest = hashlib.sha256()
    for word in words:
        digest.update(word.encode() + b"\0")
    for name, file in sorted(_named(files)):
        digest.update(name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def _named(files: Iterable[Path]) -> Iterable[tuple[str, Path]]:
    for each in files:
        found = each.rglob("*") if each.is_dir() else [each]
        for file in found:
            if file.is_file() and "__pycache__" not in file.parts:
                yield str(file.relative_to(each.parent)), file
