"""A virtual terminal for trials of updates: User-Mode Linux on a copy of the card, started as the firmware would."""

import base64
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from image.update import firmware

MEMORY: Final = "1G"
STEP_UNIT: Final = """\
[Unit]
After=basic.target dbus.socket
[Service]
Type=oneshot
ExecStartPre=/bin/mkdir -p /run/trial
ExecStartPre=/bin/mount -t hostfs -o hostfs={shared} none /run/trial
ExecStart=/bin/sh -c 'exec /bin/sh /run/trial/step.sh >/run/trial/output 2>&1'
ExecStopPost=/bin/touch /run/trial/done
"""
QUICK_HEALTH: Final = "[Service]\nEnvironment=UP_FOR_S=15 WITHIN_S=60 ROUTES=/run/trial/route\n"
"""On the terminal three minutes and ten; and the trial has no network but says that it has."""
ROUTE_TABLE: Final = "Iface Destination Gateway\neth0 00000000 0100000A\n"


class Machine:
    """One card in one terminal. `boot` and `cut_power`, as often as one likes; the card stays."""

    def __init__(self, kernel: Path, disk: Path, folder: Path) -> None:
        """`disk` is written to. `folder` is seen by the machine as /run/trial."""
        self._kernel = kernel
        self._disk = disk
        self._folder = folder
        self._console = folder / "console.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._read_from = 0
        self.asked_for_trial = False
        """The last reboot said "tryboot"; the firmware forgets it at the next start."""

    def boot(self, step: str = "true") -> str:
        """Start what the firmware chooses; `step` (sh) runs in it, as root, once it is up. "a" or "b"."""
        chosen = firmware.slot(firmware.read_autoboot(self._disk), tryboot=self.asked_for_trial)
        self.asked_for_trial = False
        (self._folder / "step.sh").write_text(step)
        (self._folder / "route").write_text(ROUTE_TABLE)
        for old in ("done", "output"):
            (self._folder / old).unlink(missing_ok=True)
        self._read_from = self._console.stat().st_size if self._console.exists() else 0
        credentials = {
            "systemd.extra-unit.trial.service": STEP_UNIT.format(shared=self._folder),
            "systemd.unit-dropin.kiosk-health.service": QUICK_HEALTH,
        }
        command = [
            *(str(self._kernel), f"mem={MEMORY}", "ncpus=2", "seccomp=on", f"ubd0={self._disk}"),
            *("con=null", "ssl=null", "ssl0=null,fd:1", "console=ttyS0", "systemd.getty_auto=no"),
            *(f"root=PARTLABEL=system_{chosen}", "rootfstype=erofs", "ro", "panic=1"),
            "systemd.wants=trial.service",
            *(f"systemd.set_credential_binary={name}:{_encoded(text)}" for name, text in credentials.items()),
        ]
        with self._console.open("ab") as console:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                process_group=0,
                # Its memory is a file, which is best kept in memory.
                env={**os.environ, "TMPDIR": "/dev/shm"},  # noqa: S108
            )
        return chosen

    def step_done(self, within_s: float) -> str:
        """What the step printed. Raises TimeoutError, with the console's end."""
        self._wait((self._folder / "done").exists, within_s, "its step was not done")
        return self._said()

    def panicked(self, within_s: float) -> None:
        """Wait until its kernel gives up, and switch it off there: it would restart, plainly. Raises TimeoutError."""
        self._wait(lambda: "Kernel panic" in self._new_console(), within_s, "its kernel did not give up")
        self.cut_power()

    def restarted(self, within_s: float) -> bool:
        """Wait until it restarts by itself, for good or ill, and switch it off there; whether it asked for a trial.
        Raises TimeoutError."""
        self._wait(lambda: "reboot: Restarting system" in self._new_console(), within_s, "it did not restart")
        line = self._new_console().split("reboot: Restarting system", 1)[1].splitlines()[0]
        self.cut_power()
        self.asked_for_trial = "tryboot" in line
        return self.asked_for_trial

    def wait_for(self, words: str, within_s: float) -> None:
        """Until the step has printed these. Raises TimeoutError."""
        self._wait(lambda: words in self._said(), within_s, f"it did not say {words!r}")

    def cut_power(self) -> None:
        """Off, at once. Twice is safe."""
        process, self._process = self._process, None
        if process is not None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _said(self) -> str:
        output = self._folder / "output"
        return output.read_text(errors="replace") if output.exists() else ""

    def _new_console(self) -> str:
        return self._console.read_bytes()[self._read_from :].decode(errors="replace")

    def _wait(self, there: Callable[[], bool], within_s: float, otherwise: str) -> None:
        deadline_s = time.monotonic() + within_s
        while not there():
            if time.monotonic() > deadline_s:
                told = f"{self._said()[-800:]} {self._new_console()[-800:]}"
                raise TimeoutError(f"{otherwise} within {within_s:.0f} s: {told}")
            time.sleep(0.2)


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
