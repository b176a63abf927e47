"""The virtual machine: User-Mode Linux on the terminal's disk, and a line on which it is asked to do things."""

import base64
import json
import os
import select
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from tests.device_bench.host import BenchFailed
from tests.device_bench.line import TERMINAL_END

SHARED_AT: Final = "/run/bench"
"""Where the machine sees the host's folder."""
MEMORY: Final = "2G"
PROCESSORS: Final = 2
BOOT_LIMIT_S: Final = 180.0
AGENT_UNIT: Final = """[Unit]
DefaultDependencies=no
Requires=systemd-udevd.service
After=systemd-udevd.service systemd-tmpfiles-setup-dev.service local-fs.target
Before=kiosk-devices.service kiosk-firstboot.service kiosk-loan.service kiosk-accept.service kiosk.service
[Service]
Type=notify
NotifyAccess=all
ExecStartPre=mkdir -p {at}
ExecStartPre=mount -t hostfs -o hostfs={shared} none {at}
ExecStart=/usr/bin/python3 -B {at}/agent.py /dev/ttyS0
"""


class Machine:
    """On from `start` to `power_off` or `cut_power`; then it may be started again."""

    def __init__(
        self, kernel: Path, disk: Path, shared: Path, folder: Path, arguments: tuple[str, ...], *, writes: bool = False
    ) -> None:
        """`disk` is not written to unless it `writes`: what changes is kept beside it, in `folder`. `shared` is seen by
        the machine. `arguments`: the kernel's, which say where its root is."""
        self._kernel = kernel
        self._disk = str(disk) if writes else f"{folder / 'disk.cow'},{disk}"
        self._shared = shared
        self._console = folder / "console.log"
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None
        self._to = self._from = -1
        self._begun = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut_power()

    def start(self) -> None:
        """Switch it on; it has booted so far as to answer when this returns. Raises BenchFailed."""
        self.switch_on()
        self.await_answer()

    def switch_on(self, *more: str) -> None:
        """No more than that. `more`: arguments of the kernel for this time."""
        theirs_in, self._to = os.pipe()
        self._from, theirs_out = os.pipe()
        unit = AGENT_UNIT.format(at=SHARED_AT, shared=self._shared)
        # systemd takes units from the command line: the disk needs no trace of the bench.
        credential = f"systemd.extra-unit.bench.service:{base64.b64encode(unit.encode()).decode()}"
        command = [
            *(str(self._kernel), f"mem={MEMORY}", f"ncpus={PROCESSORS}", "seccomp=on"),
            f"ubd0={self._disk}",
            *("con=null", "ssl=null", f"ssl0=fd:{theirs_in},fd:{theirs_out}", "ssl1=null,fd:1"),
            *("console=ttyS1", "systemd.getty_auto=no"),
            f"vec0:transport=raw,ifname={TERMINAL_END},depth=64",
            f"systemd.set_credential_binary={credential}",
            "systemd.wants=bench.service",
            *self._arguments,
            *more,
        ]
        with self._console.open("ab") as console:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                pass_fds=(theirs_in, theirs_out),
                process_group=0,
                # Its memory is a file, which is best kept in memory.
                env={**os.environ, "TMPDIR": "/dev/shm"},
            )
        os.close(theirs_in)
        os.close(theirs_out)
        self._begun = b""

    def await_answer(self) -> None:
        """It has booted so far as to answer. Raises BenchFailed."""
        if not self._answer(BOOT_LIMIT_S).get("ready"):
            raise BenchFailed("the machine's agent spoke before it was asked")

    def does(self, script: str, timeout_s: float = 30.0) -> str:
        """Run a shell script in it, as root; what it printed. Raises BenchFailed when it fails."""
        code, output = self.tries(script, timeout_s)
        if code:
            raise BenchFailed(f"in the machine: {script!r} ended with {code}: {output.strip()[-2000:]}")
        return output

    def tries(self, script: str, timeout_s: float = 30.0) -> tuple[int, str]:
        """The same, with its exit code."""
        os.write(self._to, json.dumps({"script": script, "timeout_s": timeout_s}).encode() + b"\n")
        answer = self._answer(timeout_s + 20)
        return answer["code"], answer["output"]

    def cut_power(self) -> None:
        """Off, at once, without a word to it. Twice is safe."""
        process, self._process = self._process, None
        if process is None:
            return
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(self._to)
        os.close(self._from)

    def console(self) -> str:
        """What its kernel said."""
        return self._console.read_text(errors="replace")

    def _answer(self, within_s: float) -> dict[str, Any]:
        deadline_s = time.monotonic() + within_s
        while b"\n" not in self._begun:
            left_s = deadline_s - time.monotonic()
            if left_s <= 0 or not select.select([self._from], [], [], left_s)[0]:
                raise BenchFailed(f"the machine did not answer within {within_s:.0f} s: {self.console()[-1500:]}")
            piece = os.read(self._from, 65536)
            if not piece:
                raise BenchFailed(f"the machine is off: {self.console()[-1500:]}")
            self._begun += piece
        line, _, self._begun = self._begun.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer
