"""Where the boot partition of an image or a card lies: GPT (UEFI 5.3) by name, MBR by kind. Writes nothing."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from kiosk.errors import KioskError

SECTOR: Final = 512
BOOT_NAME: Final = "BOOTCONFIG"
"""GPT: the partition's name in our images."""
_FAT_KINDS: Final = {0x01, 0x04, 0x06, 0x0B, 0x0C, 0x0E}
_PROTECTIVE: Final = 0xEE
_MOST_ENTRIES: Final = 128


class NotOurImage(KioskError):
    """It has no boot partition of a terminal."""


@dataclass(frozen=True, slots=True)
class Partition:
    """In bytes from the beginning."""

    start: int
    size: int


def boot_partition(path: Path, name: str = BOOT_NAME) -> Partition:
    """Raises NotOurImage, or OSError when it cannot be read."""
    with path.open("rb") as disk:
        mbr = disk.read(SECTOR)
        if len(mbr) < SECTOR or mbr[510:512] != b"\x55\xaa":
            raise NotOurImage("it has no partition table: is it an unpacked image of a whole card?")
        entries = [mbr[446 + 16 * number : 462 + 16 * number] for number in range(4)]
        if any(entry[4] == _PROTECTIVE for entry in entries):
            found = _of_gpt(disk, name)
        else:
            found = next((_of_mbr(entry) for entry in entries if entry[4] in _FAT_KINDS), None)
        if found is None:
            raise NotOurImage(f"it has no boot partition ({name}): this is no image of a terminal")
        disk.seek(0, 2)
        if found.start + found.size > disk.tell():
            raise NotOurImage("it is shorter than its own partitions: it was copied or unpacked only in part")
    return found


def _of_mbr(entry: bytes) -> Partition:
    start, sectors = struct.unpack_from("<II", entry, 8)
    return Partition(start * SECTOR, sectors * SECTOR)


def _of_gpt(disk: BinaryIO, name: str) -> Partition | None:
    header = disk.read(SECTOR)
    if header[:8] != b"EFI PART":
        raise NotOurImage("its partition table (GPT) is damaged")
    first_lba, count, size = struct.unpack_from("<QII", header, 72)
    if not 128 <= size <= 4096:
        raise NotOurImage("its partition table (GPT) is damaged")
    disk.seek(first_lba * SECTOR)
    for _ in range(min(count, _MOST_ENTRIES)):
        entry = disk.read(size)
        if len(entry) < size:
            break
        begins, ends = struct.unpack_from("<QQ", entry, 32)
        called = entry[56:128].decode("utf-16-le", errors="replace").split("\0")[0]
        if begins and called.upper() == name.upper():
            return Partition(begins * SECTOR, (ends + 1 - begins) * SECTOR)
    return None
