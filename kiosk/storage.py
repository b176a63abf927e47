"""Files that a power cut leaves either as they were or as they shall be, and files that are destroyed for good.

On a memory card "overwritten" holds for every block that can be read through the card; its controller may keep a stale
copy behind them that only a laboratory reads. So what is destroyed should be small and rare: a key, not what it seals.
"""

import os
import secrets
from pathlib import Path


class Storage:
    """Every change of the disk is one of five steps, so that a test can cut the power before each."""

    def write(self, path: Path, content: bytes, mode: int = 0o600) -> None:
        """A whole file in place of any old one, on disk when this returns. Raises OSError."""
        fresh = path.with_name(path.name + ".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
        try:
            os.fchmod(descriptor, mode)
            self._put(descriptor, content)
            self._sync(descriptor)
        finally:
            os.close(descriptor)
        self._rename(fresh, path)

    def destroy(self, path: Path) -> None:
        """Overwrite where it lies, then remove. Not there, or half destroyed before: just as well. Raises OSError."""
        doomed = path.with_name(path.name + ".old")
        # What an earlier try left; the file; and a draft that never became the file, which holds the same.
        for each in (doomed, path, path.with_name(path.name + ".new")):
            if each.exists():
                if each != doomed:
                    # From here on it is nobody's file any more, even if only half of it is overwritten.
                    self._rename(each, doomed)
                self._overwrite(doomed)
                self._remove(doomed)

    def _overwrite(self, path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            size = os.fstat(descriptor).st_size
            for content in (secrets.token_bytes(size), bytes(size)):
                os.lseek(descriptor, 0, os.SEEK_SET)
                self._put(descriptor, content)
                self._sync(descriptor)
        finally:
            os.close(descriptor)

    def _put(self, descriptor: int, content: bytes) -> None:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]

    def _sync(self, descriptor: int) -> None:
        os.fsync(descriptor)

    def _rename(self, old: Path, new: Path) -> None:
        old.replace(new)
        self._sync_folder(new.parent)

    def _remove(self, path: Path) -> None:
        path.unlink()
        self._sync_folder(path.parent)

    def _sync_folder(self, folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
