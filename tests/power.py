"""A disk whose power goes before any step that one likes."""

from pathlib import Path

from kiosk.storage import Storage


class PowerCut(BaseException):
    """Nothing of the program runs on: no `except Exception` may catch it."""


class QuickStorage(Storage):
    """Waits for no disk: tests whose power never really goes need not."""

    def _sync(self, descriptor: int) -> None:
        pass

    def _sync_folder(self, folder: Path) -> None:
        pass


class FailingStorage(QuickStorage):
    """Counts its steps; before step `cut` (from 0) the power goes. A piece being written is left half written."""

    def __init__(self, cut: int | None = None) -> None:
        self._cut = cut
        self.steps: list[str] = []

    def _put(self, descriptor: int, content: bytes) -> None:
        if len(self.steps) == self._cut:
            super()._put(descriptor, content[: len(content) // 2])
        self._step("put")
        super()._put(descriptor, content)

    def _sync(self, descriptor: int) -> None:
        self._step("sync")
        super()._sync(descriptor)

    def _rename(self, old: Path, new: Path) -> None:
        self._step(f"rename {old.name} to {new.name}")
        super()._rename(old, new)

    def _remove(self, path: Path) -> None:
        self._step(f"remove {path.name}")
        super()._remove(path)

    def _step(self, what: str) -> None:
        if len(self.steps) == self._cut:
            raise PowerCut
        self.steps.append(what)
