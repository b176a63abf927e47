"""Inside the virtual machine: plugs in the simulated hardware, then runs what the host asks for on a serial line.

One JSON document a line. Asked: {"script": …, "timeout_s": …}; answered: {"code": …, "output": …}, in the same order.
Started by systemd as root before the terminal; the system's own Python, nothing else.
"""

import json
import os
import socket
import subprocess
import sys
import termios
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def main(port: str) -> None:
    subprocess.run([sys.executable, str(Path(__file__).with_name("hardware.py"))], check=True)
    _tell_systemd("READY=1")
    descriptor = os.open(port, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(descriptor, termios.TCSANOW)
    _write(descriptor, {"ready": True})
    for asked in _lines(descriptor):
        _write(descriptor, _run(asked["script"], asked["timeout_s"]))


def _run(script: str, timeout_s: float) -> dict[str, Any]:
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return {"code": 124, "output": (late.stdout or b"").decode(errors="replace")}
    return {"code": done.returncode, "output": done.stdout.decode(errors="replace")}


def _lines(descriptor: int) -> Iterator[dict[str, Any]]:
    begun = b""
    while True:
        begun += os.read(descriptor, 4096)
        while b"\n" in begun:
            whole, _, begun = begun.partition(b"\n")
            if whole.strip():
                yield json.loads(whole)


def _write(descriptor: int, answer: dict[str, Any]) -> None:
    left = json.dumps(answer).encode() + b"\n"
    while left:
        left = left[os.write(descriptor, left) :]


def _tell_systemd(message: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.connect(os.environ["NOTIFY_SOCKET"])
        door.sendall(message.encode())


if __name__ == "__main__":
    main(sys.argv[1])
