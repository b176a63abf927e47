"""The card that every row starts from, and the bundles of updates that it is offered."""

import subprocess
from pathlib import Path
from typing import Final

from image.sandbox import disk
from image.update import bundle, keys
from tests.card_bench.files import cut, put, unpack

NEWER: Final = "9.0.0"
OLDER: Final = "0.0.1"
ASLEEP: Final = "int pause(void); int main(void) { for (;;) pause(); }\n"
"""A program that never does anything."""


class Bundles:
    """Files in a folder; `make` them, and they stay."""

    def __init__(self, folder: Path, built: Path) -> None:
        self.built = built
        """The card that they are made from."""
        self.card = folder / "card.img"
        """The same, but that it trusts who has signed here."""
        self.good = folder / "good.raucb"
        self.dead = folder / "dead.raucb"
        """All well, but that its terminal ends as soon as it is started."""
        self.mute = folder / "mute.raucb"
        """Its kernel starts, and nothing more ever happens."""
        self.empty = folder / "empty.raucb"
        """There is nothing for its kernel to start."""
        self.older = folder / "older.raucb"
        self.foreign = folder / "foreign.raucb"
        """Signed by somebody else."""


def make(folder: Path, card: Path) -> None:
    """From a built card; takes a minute or two. Raises CalledProcessError."""
    made = Bundles(folder, card)
    work = folder / "work"
    work.mkdir()
    root = unpack(card, work)
    boot = cut(card, "boot_a", work / "boot.vfat")
    signer, stranger = keys.pair(work / "signer"), keys.pair(work / "stranger")
    (root / "etc/rauc/keyring.pem").write_bytes(signer.certificate.read_bytes())
    subprocess.run(["cp", "--sparse=always", str(card), str(made.card)], check=True)
    system = disk.erofs(root, work, packing="lz4")
    for name in ("system_a", "system_b"):
        put(system, made.card, name)
    architecture = _told(root / "etc/rauc/system.conf", "compatible=video-terminal-")

    def sign(content: Path, target: Path, version: str = NEWER, by: bundle.Signer = signer) -> None:
        bundle.make(content, boot, target, version=version, architecture=architecture, signer=by)

    release = root / "usr/lib/os-release"
    running = _told(release, "IMAGE_VERSION=")
    release.write_text(release.read_text().replace(f"IMAGE_VERSION={running}\n", f"IMAGE_VERSION={NEWER}\n"))
    sign(disk.erofs(root, work, packing="lz4"), made.good)
    unit = root / "usr/lib/systemd/system/kiosk.service"
    unit.write_text(unit.read_text().replace("/opt/kiosk/bin/kiosk run", "/bin/false run"))
    sign(disk.erofs(root, work, packing="lz4"), made.dead)
    mute = _tiny(work / "mute", "init")
    sign(mute, made.mute)
    sign(mute, made.older, OLDER)
    sign(mute, made.foreign, by=stranger)
    sign(_tiny(work / "empty", "idle"), made.empty)
    subprocess.run(["rm", "-rf", str(work)], check=True)


def _tiny(folder: Path, name: str) -> Path:
    """A system of one program, of this name in /sbin."""
    root = folder / "root"
    for each in ("sbin", "dev", "proc", "sys"):
        (root / each).mkdir(parents=True)
    command = ["gcc", "-static", "-x", "c", "-o", str(root / "sbin" / name), "-"]
    subprocess.run(command, input=ASLEEP.encode(), check=True)
    return disk.erofs(root, folder, packing="lz4")


def _told(file: Path, key: str) -> str:
    return next(line.removeprefix(key) for line in file.read_text().splitlines() if line.startswith(key))
