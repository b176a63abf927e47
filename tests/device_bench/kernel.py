"""User-Mode Linux from Debian's own kernel source: a Linux that is a program, with the terminal's devices simulated."""

import os
import platform
from pathlib import Path
from typing import Final

from tests.device_bench.cache import key_of
from tests.device_bench.host import BenchFailed, run
from tests.device_bench.packages import Packages

FRAGMENT: Final = Path(__file__).with_name("uml.config")
SUITE: Final = "trixie-backports"
"""Stable's own kernel cannot run on two processors in user mode."""
VERITY: Final = "drivers/md/dm-verity-target.c"
VERITY_SAYS: Final = """
		if (verity_fec_is_enabled(v))
			DMEMIT(" %lld", atomic64_read(&v->fec->corrected));
		else
			DMEMIT(" -");
"""
"""Since Linux 7.0 dm-verity's state has a second word, and RAUC before 1.15.1 takes none but the single "V" of a
Raspberry Pi's 6.12. It is left out, so that updates are tried with the very bundles that terminals get."""


def key() -> str:
    """Of all that makes the kernel what it is; its program needs this machine's C library."""
    return key_of([FRAGMENT, Path(__file__)], SUITE, *platform.libc_ver())


def build(folder: Path, mirror: str) -> None:
    """Leave `folder/linux`. Takes some ten minutes of two processors. Raises BenchFailed."""
    log, work = folder / "build.log", folder / "work"
    source = _source(work, mirror, log)
    _speak_plainly(source / VERITY)
    run("make", "ARCH=um", "x86_64_defconfig", cwd=source, log=log)
    run("scripts/kconfig/merge_config.sh", "-m", ".config", str(FRAGMENT), cwd=source, log=log)
    run("make", "ARCH=um", "olddefconfig", cwd=source, log=log)
    _check((source / ".config").read_text())
    run("nice", "-n", "5", "make", "ARCH=um", f"-j{os.cpu_count()}", "linux", cwd=source, log=log)
    (source / "linux").rename(folder / "linux")
    (source / ".config").rename(folder / "config")
    run("strip", str(folder / "linux"))
    run("rm", "-rf", str(work))


def _source(work: Path, mirror: str, log: Path) -> Path:
    """Unpacked; by an apt of its own, for this machine's may be of another release."""
    tree = work / "tree"
    tree.mkdir(parents=True)
    packages = Packages(work, [f"deb {mirror} {SUITE} main"], log)
    packages.unpack(packages.wanted_by("linux-source", "linux-source-"), work / "package")
    archive = next((work / "package/usr/src").glob("linux-source-*.tar.xz"))
    run("tar", "--extract", "--strip-components=1", "--file", str(archive), "--directory", str(tree), log=log)
    return tree


def _speak_plainly(file: Path) -> None:
    """Take the second word away; a kernel that has none is left as it is."""
    file.write_text(file.read_text().replace(VERITY_SAYS, "\n"))


def _check(config: str) -> None:
    """Kconfig drops without a word what another switch forbids."""
    lines = set(config.splitlines())
    wanted = [line for line in FRAGMENT.read_text().splitlines() if line.startswith("CONFIG_")]
    lost = [line for line in wanted if line not in lines]
    if lost:
        raise BenchFailed(f"this kernel does not take {', '.join(lost)}")
