"""The files on a card, taken off it again, and what image/check says of them."""

import subprocess
from functools import partial
from pathlib import Path
from typing import Final

from image.check.__main__ import CHECKS
from tests.card_bench import firmware
from tests.card_bench.table import Table

SLOT_VAR: Final = "/slots/system_a/var"


def unpack(card: Path, work: Path) -> Path:
    """The running system's files in a folder of `work`, its /var from the data partition. Raises CalledProcessError."""
    root = work / "root"
    system = cut(card, "system_a", work / "system.erofs")
    subprocess.run(["fsck.erofs", f"--extract={root}", str(system)], check=True, stdout=subprocess.DEVNULL)
    # Only the place where it is mounted; debugfs makes its own.
    (root / "var").rmdir()
    data = cut(card, "persistent", work / "persistent.ext4")
    command = ["debugfs", "-R", f"rdump {SLOT_VAR} {root}", str(data)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for each in (system, data):
        each.unlink()
    return root


def cut(card: Path, name: str, target: Path) -> Path:
    """A partition in a file of its own."""
    begin, size = firmware.partition(card, name)
    _dd(card, target, "iflag=skip_bytes,count_bytes", "conv=sparse", f"skip={begin}", f"count={size}")
    return target


def put(content: Path, card: Path, name: str) -> None:
    """Over what stands in this partition. Raises ValueError when it does not fit."""
    begin, size = firmware.partition(card, name)
    if content.stat().st_size > size:
        raise ValueError(f"{content.name} is larger than its partition")
    _dd(content, card, "oflag=seek_bytes", "conv=notrunc", f"seek={begin}")


def check(card: Path, work: Path, table: Table) -> None:
    """One row for each part of image/check."""
    work.mkdir()
    root = unpack(card, work)
    for name, each in CHECKS.items():
        faults = "; ".join(each.faults(root))
        table.row(f"{name}: {each.told(root)}", "no fault", partial(str, faults or "no fault"))
    subprocess.run(["rm", "-rf", str(work)], check=True)


def _dd(source: Path, target: Path, *how: str) -> None:
    subprocess.run(["dd", f"if={source}", f"of={target}", "bs=1M", "status=none", *how], check=True)
