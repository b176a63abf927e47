"""Lets this machine run programs of the image's processor, where that is another one: by QEMU and binfmt_misc."""

import platform
import shutil
import subprocess
from pathlib import Path
from typing import Final

MACHINES: Final = {"amd64": "x86_64", "arm64": "aarch64"}
HANDLERS: Final = Path("/proc/sys/fs/binfmt_misc")
KNOWN: Final = Path("/usr/lib/binfmt.d")
TOOLS: Final = {"qemu-{}-static": "qemu-user-static", "arch-test": "arch-test"}
"""A program, and the package that has it. mmdebstrap asks arch-test."""


def begin(architecture: str, *, handlers: Path = HANDLERS, known: Path = KNOWN) -> None:
    """After this such programs run, until this machine is started anew. Needs root. Raises ValueError with the command
    that brings what is missing."""
    machine = MACHINES[architecture]
    if machine == platform.machine():
        return
    missing = [package for program, package in TOOLS.items() if shutil.which(program.format(machine)) is None]
    described = known / f"qemu-{machine}.conf"
    if missing or not described.is_file():
        raise ValueError(f"missing here: apt-get install {' '.join(missing or TOOLS.values())}")
    if not (handlers / "register").exists():
        # Where systemd does not run nobody has mounted it.
        subprocess.run(["mount", "-t", "binfmt_misc", "none", str(handlers)], check=True)
    if not (handlers / described.stem).exists():
        (handlers / "register").write_bytes(described.read_bytes().rstrip(b"\n"))
