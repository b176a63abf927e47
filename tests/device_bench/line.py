"""The cable between the terminal and the host: a network of its own, which nothing else on this machine sees."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn

from tests.device_bench.host import run

HOST: Final = "10.77.0.1"
TERMINAL_END: Final = "cable1"
HOST_END: Final = "cable0"
_INSIDE: Final = "DEVICE_BENCH_NETWORK"


def inside() -> bool:
    """Is this process in the bench's own network?"""
    return os.environ.get(_INSIDE) == "1"


def enter(program: str) -> NoReturn:
    """Become this program, a module's name, in a network of its own, which ends with it."""
    os.environ[_INSIDE] = "1"
    command = ["unshare", "--net", sys.executable, "-m", program, *sys.argv[1:]]
    os.execvp(command[0], command)


@contextmanager
def cable(folder: Path) -> Iterator[None]:
    """Both ends are there, and at the host's end a server that gives out addresses."""
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", HOST_END, "type", "veth", "peer", "name", TERMINAL_END)
    for end in (HOST_END, TERMINAL_END):
        # Packets reach the terminal as they would on a wire: with their checksums, none glued together.
        run("ethtool", "-K", end, "tso", "off", "gso", "off", "gro", "off", "tx", "off")
        run("ip", "link", "set", end, "up")
    run("ip", "address", "add", f"{HOST}/24", "dev", HOST_END)
    addresses = "10.77.0.10,10.77.0.99,255.255.255.0,1h"
    options = [f"--interface={HOST_END}", "--bind-interfaces", "--no-resolv", "--no-hosts", f"--dhcp-range={addresses}"]
    # The only names that this network knows are those of time servers, and they are the host.
    options.append(f"--address=/pool.ntp.org/{HOST}")
    server = subprocess.Popen(
        [
            "dnsmasq",
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--user=root",
            "--log-facility=-",
            *options,
            f"--dhcp-leasefile={folder}/leases",
            "--pid-file=",
        ],
        stdout=subprocess.DEVNULL,
        stderr=(folder / "dnsmasq.log").open("w"),
    )
    try:
        yield
    finally:
        server.terminate()
        server.wait(10)
        run("ip", "link", "delete", HOST_END)


def plug(*, connected: bool) -> None:
    """Put the cable in, or pull it out."""
    run("ip", "link", "set", HOST_END, "up" if connected else "down")
