"""Network namespaces of Linux, for tests that need a network of their own. Made and taken down by root."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_NEW_NETWORK: Final = 0x40000000
_HERE: Final = Path("/proc/thread-self/ns/net")


def missing(*programs: tuple[str, str]) -> str | None:
    """Why there can be none here, `programs` being what is needed besides (name, Debian package); None when there
    can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    for program, package in (("ip", "iproute2"), ("nft", "nftables"), *programs):
        if shutil.which(program) is None:
            return f"{program} is not installed (Debian package {package})"
    trial = ["unshare", "--net", "sh", "-c", "ip link add name one type veth peer name two && nft list ruleset"]
    probe = subprocess.run(trial, capture_output=True, text=True, check=False)
    return f"no network namespaces here: {probe.stderr.strip()}" if probe.returncode else None


def run(*command: str, stdin: str | None = None) -> None:
    """A command that must succeed."""
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr.strip()}"


def enter(namespace: str) -> None:
    """This thread, and whatever it starts from now on, is in that namespace; other threads stay where they are."""
    _enter(Path("/run/netns", namespace))


@contextmanager
def inside(namespace: str) -> Iterator[None]:
    """This thread is there, and afterwards where it was."""
    before = os.open(_HERE, os.O_RDONLY)
    try:
        enter(namespace)
        yield
    finally:
        _enter(Path(f"/proc/self/fd/{before}"))
        os.close(before)


def _enter(path: Path) -> None:
    with path.open() as file:
        if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), _NEW_NETWORK) != 0:
            raise OSError(ctypes.get_errno(), "setns")
