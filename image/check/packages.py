"""The system is small, and has nothing to build or to fetch programs with."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from image.check.accounts import walk

PACKAGES_AT_MOST: Final = 330
SIZE_AT_MOST_MB: Final = 1_000
FORBIDDEN: Final = (
    *("gcc", "g++", "make", "binutils", "python3-dev", "python3-pip", "swig"),
    *("openssh-server", "dropbear-bin", "telnetd", "sudo", "cups", "avahi-daemon", "bluez", "cloud-init"),
    *("udisks2", "usbmount", "modemmanager", "polkitd", "xserver-xorg-core", "nano", "vim-tiny"),
)


@dataclass(frozen=True, slots=True)
class Package:
    """One Debian package, as dpkg knows it."""

    name: str
    version: str
    architecture: str
    size_kb: int
    source: str = ""


def installed(root: Path) -> list[Package]:
    """By name."""
    found = []
    status = root / "var/lib/dpkg/status"
    for block in status.read_text(encoding="utf-8").split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith((" ", "\t"))
        )
        if fields.get("Status", "").endswith(" installed"):
            found.append(
                Package(
                    fields["Package"],
                    fields["Version"],
                    fields["Architecture"],
                    int(fields.get("Installed-Size", "0")),
                    fields.get("Source", fields["Package"]),
                )
            )
    return sorted(found, key=lambda each: each.name)


def size_mb(root: Path) -> float:
    """What the files take, each counted once."""
    seen: set[int] = set()
    total = 0
    for path in walk(root):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_ino not in seen:
            seen.add(status.st_ino)
            total += status.st_size
    return total / 1e6


def told(root: Path) -> str:
    """Of the budget, how much is used."""
    return f"{len(installed(root))} of {PACKAGES_AT_MOST} packages, {size_mb(root):.0f} of {SIZE_AT_MOST_MB:,} MB"


def faults(root: Path) -> Iterator[str]:
    """One line for each package that must not be there, and for a system that has grown."""
    packages = installed(root)
    names = {each.name for each in packages}
    yield from (f"package: {each}" for each in FORBIDDEN if each in names)
    # A compiler's parts come under numbered names too.
    yield from (
        f"package: {each}" for each in sorted(names) if each.startswith(("gcc-", "g++-", "cpp-")) and "base" not in each
    )
    if len(packages) > PACKAGES_AT_MOST:
        yield f"{len(packages)} packages; {PACKAGES_AT_MOST} were agreed on"
    if (size := size_mb(root)) > SIZE_AT_MOST_MB:
        yield f"{size:.0f} MB; {SIZE_AT_MOST_MB} were agreed on"
