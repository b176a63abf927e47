"""The terminal's system, as the image makes it: a card with its partitions, built from the layers of image/."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.device_bench.cache import Cache, key_of
from tests.device_bench.host import run

REPOSITORY: Final = Path(__file__).parents[2]
INPUTS: Final = ("image", "systemd", "kiosk", "pyproject.toml", "requirements.lock")
ARGUMENTS: Final = ("root=PARTLABEL=system_a", "rootfstype=erofs", "ro")
"""What a board's firmware would tell the kernel of the slot that it starts."""


@dataclass(frozen=True, slots=True)
class System:
    """A disk, and the kernel's arguments that start it."""

    disk: Path
    arguments: tuple[str, ...] = ARGUMENTS


def get(cache: Cache, mirror: str, *, fresh: bool = False, architecture: str = "amd64") -> tuple[System, bool]:
    """Built, unless one of just these inputs is kept; and whether it was. Raises BenchFailed."""
    inputs = [REPOSITORY / name for name in INPUTS]
    name = "" if architecture == "amd64" else f"{architecture}-"
    base = cache.folder / f"{name}base"
    if fresh:
        shutil.rmtree(base, ignore_errors=True)
    folder, kept = cache.get(
        f"{name}system", key_of(inputs), lambda into: _build(into, mirror, architecture, base), fresh=fresh
    )
    return System(folder / "disk.img"), kept


def _build(into: Path, mirror: str, architecture: str, base: Path) -> None:
    """Leave `into/disk.img`. Takes a minute, and some more where `base` keeps no packages that fit; an hour where those
    of another processor are to be unpacked."""
    work = into / "work"
    command = [sys.executable, "-m", "image.sandbox.build", "--arch", architecture]
    command += ["--out", str(work), "--base", str(base)]
    command += ["--mirror", mirror] if mirror else []
    run("nice", "-n", "5", *command, cwd=REPOSITORY, env={"PYTHONPATH": str(REPOSITORY)}, log=into / "build.log")
    (work / "disk.img").rename(into / "disk.img")
    run("rm", "-rf", str(work))
