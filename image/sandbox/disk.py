"""Makes a root folder a card: a read-only system twice, a boot partition for each, the firmware's, and one for data."""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

CONFIG: Final = Path(__file__).with_name("genimage.cfg")
AUTOBOOT: Final = "[all]\ntryboot_a_b=1\nboot_partition=2\n[tryboot]\nboot_partition=3\n"
"""What the firmware reads first: the boot partition to take, and the one to try when it is told to."""
SYSTEM_SIZE: Final = "1200M"
DATA_SIZE: Final = "512M"


def erofs(root: Path, out: Path, *, packing: str = "lz4hc") -> Path:
    """The read-only system of a root folder, without what other partitions hold. `packing`: lz4 is three times as quick
    to make, and a tenth larger."""
    target = out / "system.erofs"
    target.unlink(missing_ok=True)
    left_out = [
        f"--exclude-regex=^{each}/.+" for each in ("var", "bootfs", "boot/firmware", "persistent", "tmp", "run")
    ]
    command = ["mkfs.erofs", f"-z{packing}", "-T0", "--quiet", *left_out, str(target), str(root)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return target


def make(
    root: Path,
    out: Path,
    *,
    system_size: str = SYSTEM_SIZE,
    data_size: str = DATA_SIZE,
    data: Mapping[str, str] = MappingProxyType({}),
) -> Path:
    """disk.img in `out`, and its parts beside it. `data`: texts to begin with on the data partition, by their paths
    there. Raises CalledProcessError."""
    out.mkdir(parents=True, exist_ok=True)
    system = erofs(root, out)
    with tempfile.TemporaryDirectory(prefix="card-", dir=out) as folder:
        work = Path(folder)
        tree = work / "tree"
        _other_partitions(root, tree)
        for name, text in data.items():
            (tree / "persistent" / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / "persistent" / name).write_text(text, encoding="utf-8")
        config = work / "genimage.cfg"
        text = CONFIG.read_text(encoding="utf-8")
        config.write_text(text.replace("@SYSTEM@", system_size).replace("@DATA@", data_size), encoding="utf-8")
        given = work / "given"
        given.mkdir()
        (given / system.name).symlink_to(system.resolve())
        subprocess.run(
            [
                "genimage",
                *("--config", str(config), "--rootpath", str(tree), "--inputpath", str(given)),
                *("--outputpath", str(out), "--tmppath", str(work / "tmp")),
            ],
            check=True,
            # It tells each command that it runs; of interest only when one fails.
            capture_output=True,
        )
    return out / "disk.img"


def _other_partitions(root: Path, tree: Path) -> None:
    """/var of each system, an empty data partition, the firmware's file, and a boot partition."""
    for slot in ("system_a", "system_b"):
        slots = tree / "persistent/slots" / slot
        slots.mkdir(parents=True)
        subprocess.run(["cp", "-a", str(root / "var"), str(slots)], check=True)
    (tree / "bootfs").mkdir()
    (tree / "bootfs/autoboot.txt").write_text(AUTOBOOT, encoding="ascii")
    boot = tree / "boot/firmware"
    boot.mkdir(parents=True)
    for each in (root / "boot/firmware").glob("*"):
        shutil.copy2(each, boot)
    version = next(
        line for line in (root / "usr/lib/os-release").read_text().splitlines() if line.startswith("IMAGE_VERSION=")
    )
    # The firmware shows it where nothing else comes up.
    (boot / "version.txt").write_text(version + "\n", encoding="ascii")
