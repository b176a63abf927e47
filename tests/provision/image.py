"""Small images with a real partition table and a real FAT file system."""

import struct
import subprocess
from pathlib import Path

START = 1 << 20
SIZE = 4 << 20


def make_gpt(path: Path, *, name: str = "BOOTCONFIG", fat: bool = True) -> Path:
    """4 MB of FAT behind another partition, as the terminal's image has them; the GPT's checksums are not filled in."""
    first = struct.pack("<16s16sQQQ72s", b"a" * 16, b"b" * 16, 64, 127, 0, "other".encode("utf-16-le"))
    ours = struct.pack(
        "<16s16sQQQ72s", b"c" * 16, b"d" * 16, START // 512, (START + SIZE) // 512 - 1, 0, name.encode("utf-16-le")
    )
    protective = struct.pack("<B3sB3sII", 0, b"", 0xEE, b"", 1, 0xFFFFFFFF)
    header = struct.pack("<8sIIIIQQQQ16sQIII", b"EFI PART", 0x10000, 92, 0, 0, 1, 0, 34, 9000, b"", 2, 128, 128, 0)
    with path.open("wb") as disk:
        disk.truncate(START + SIZE + (2 << 20))
        disk.seek(446)
        disk.write(protective)
        disk.seek(510)
        disk.write(b"\x55\xaa" + header)
        disk.seek(1024)
        disk.write(first + ours)
    if fat:
        format_fat(path)
    return path


def make_mbr(path: Path) -> Path:
    """The same as an older table tells it."""
    with path.open("wb") as disk:
        disk.truncate(START + SIZE)
        disk.seek(446)
        disk.write(struct.pack("<B3sB3sII", 0, b"", 0x83, b"", 64, 64))
        disk.write(struct.pack("<B3sB3sII", 0, b"", 0x0C, b"", START // 512, SIZE // 512))
        disk.seek(510)
        disk.write(b"\x55\xaa")
    format_fat(path)
    return path


def format_fat(path: Path) -> None:
    """An empty FAT file system in the partition."""
    command = ["mformat", "-i", f"{path}@@{START}", "-T", str(SIZE // 512), "-h", "16", "-s", "32", "::"]
    subprocess.run(command, check=True, capture_output=True, timeout=20)


def fill(path: Path) -> None:
    """Let nothing more fit into the FAT file system."""
    command = ["mcopy", "-i", f"{path}@@{START}", "-", "::full"]
    stuffing = path.with_suffix(".stuffing")
    stuffing.write_bytes(bytes(3 << 20))
    for number in range(400):
        done = subprocess.run(
            [*command[:3], str(stuffing), f"::full{number}"], capture_output=True, timeout=20, check=False
        )
        if done.returncode:
            size = stuffing.stat().st_size // 2
            if size < 512:
                return
            stuffing.write_bytes(bytes(size))
