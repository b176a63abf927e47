"""What a Raspberry Pi's firmware does before any system runs, as far as updates go: it reads autoboot.txt.

A virtual machine has no such firmware: the bench asks here which system to start. That the real one keeps to it is on
the list of the first day with hardware.
"""

import configparser
import json
import subprocess
from pathlib import Path
from typing import Final

SECTOR_BYTES: Final = 512
SLOTS: Final = {2: "a", 3: "b"}


class NotBootable(Exception):
    """The firmware would show its rainbow and stop."""


def slot(autoboot: str, *, tryboot: bool) -> str:
    """ "a" or "b". `tryboot`: the reboot asked for a trial, which counts once. Raises NotBootable."""
    parser = configparser.ConfigParser(strict=False)
    try:
        parser.read_string(autoboot)
        section = "tryboot" if tryboot and parser.getboolean("all", "tryboot_a_b") else "all"
        return SLOTS[parser.getint(section, "boot_partition")]
    except (configparser.Error, ValueError, KeyError) as error:
        raise NotBootable(f"autoboot.txt: {type(error).__name__}") from error


def partition(disk: Path, name: str) -> tuple[int, int]:
    """Bytes from the disk's begin to the partition of this name, and its size. Raises NotBootable."""
    told = subprocess.run(["sfdisk", "--json", str(disk)], capture_output=True, text=True, check=True).stdout
    for each in json.loads(told)["partitiontable"]["partitions"]:
        if each["name"] == name:
            return int(each["start"]) * SECTOR_BYTES, int(each["size"]) * SECTOR_BYTES
    raise NotBootable(f"there is no partition {name}")


def read_autoboot(disk: Path) -> str:
    """From the disk's file, without mounting it. Raises NotBootable."""
    where = f"{disk}@@{partition(disk, 'bootconfig')[0]}"
    told = subprocess.run(
        ["mcopy", "-n", "-i", where, "::autoboot.txt", "-"], capture_output=True, text=True, check=False
    )
    if told.returncode:
        raise NotBootable("autoboot.txt cannot be read")
    return told.stdout
