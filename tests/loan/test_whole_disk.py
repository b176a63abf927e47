"""The proof of a wipe: every byte of a disk with a real file system is searched for what was planted in the loan.

A memory card is searched as a finder of the terminal would: freed blocks, the file system's journal, everything.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.storage import Storage
from tests.loan.terminal import LOAN, NOW, LoanTerminal, traces


class Disk:
    """An ext4 file system in a file, as the terminal's data partition."""

    def __init__(self, folder: Path) -> None:
        self.image, self.mounted = folder / "data.img", folder / "mounted"
        self.mounted.mkdir()
        with self.image.open("wb") as file:
            file.truncate(16 << 20)
        subprocess.run(["mke2fs", "-q", "-t", "ext4", str(self.image)], check=True, timeout=30)

    def mount(self) -> bool:
        command = ["mount", "-o", "loop", str(self.image), str(self.mounted)]
        return subprocess.run(command, check=False, capture_output=True, timeout=30).returncode == 0

    def unmount(self) -> None:
        subprocess.run(["umount", str(self.mounted)], check=True, timeout=30)

    def all_bytes(self) -> bytes:
        subprocess.run(["sync", "-f", str(self.mounted)], check=True, timeout=60)
        return self.image.read_bytes()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if os.geteuid() != 0:
        pytest.skip("mounting a disk image needs root")
    made = Disk(tmp_path)
    if not made.mount():
        pytest.skip("this machine mounts no disk images (no loop device)")
    yield made
    made.unmount()


def test_after_a_wipe_no_byte_of_the_disk_tells_of_the_patient(disk: Disk, tmp_path: Path) -> None:
    terminal = LoanTerminal(tmp_path / "terminal", disk.mounted / "kiosk")
    terminal.lending(Storage()).give(LOAN)
    key = (terminal.places.data / "loan/key").read_bytes()
    for _ in range(5):
        terminal.use(Storage())
        terminal.lose_power()
        assert terminal.lending(Storage()).open()
        (terminal.places.run / "network/Nordmanns hytte.nmconnection").unlink()
        terminal.lending(Storage()).keep()
    assert key in disk.all_bytes(), "the search finds what is there"
    terminal.lending(Storage()).wipe(NOW)
    everything = disk.all_bytes()
    assert traces(everything) == []
    assert key not in everything


class Careless(Storage):
    """Removes without overwriting, as any program does."""

    def destroy(self, path: Path) -> None:
        path.unlink(missing_ok=True)


def test_the_search_finds_what_a_careless_wipe_leaves(disk: Disk, tmp_path: Path) -> None:
    terminal = LoanTerminal(tmp_path / "terminal", disk.mounted / "kiosk")
    terminal.lending(Storage()).give(LOAN)
    key = (terminal.places.data / "loan/key").read_bytes()
    unsealed = terminal.places.data / "loan.toml"
    unsealed.write_text(LOAN)
    disk.all_bytes()
    unsealed.unlink()
    terminal.lending(Careless()).wipe(NOW)
    everything = disk.all_bytes()
    assert len(traces(everything)) >= 4
    assert key in everything
