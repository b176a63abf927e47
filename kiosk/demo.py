"""The whole product on one machine: an embedded clinic and a terminal, each its own process, one address to open."""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.errors import KioskError

STOPS_WITHIN_S: Final = 10.0
READY: Final = "clinic ready at "

OWN_DEVICES: Final = """
[camera]
driver = "v4l2"
[microphone]
driver = "alsa"
[speaker]
driver = "alsa"
"""

TERMINAL: Final = """
[terminal]
serial = "demo"
assigned = true
[network]
driver = "simulated"
[appointments]
driver = "simulated"
[bench]
url = "{url}/bench/api/demo"
[[contact]]
name = "Poliklinikken"
phone = "22 33 44 55"
hours = "man–fre 08–15.30"
"""


class DemoFailed(KioskError):
    """One of the demo's two processes did not start, or ended by itself."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Starts both, waits for Ctrl-C or a signal, stops both."""

    port: int
    own_devices: bool
    configs: Sequence[Path]

    def run(self) -> int:
        """Until stopped. Raises DemoFailed when a part does not start or ends by itself."""
        # A service manager's SIGTERM is a Ctrl-C.
        signal.signal(signal.SIGTERM, lambda _number, _frame: (_ for _ in ()).throw(KeyboardInterrupt()))
        began_s = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="kiosk-demo-") as folder:
            processes: list[tuple[str, subprocess.Popen[str]]] = []
            try:
                clinic = _start("clinic", ["kiosk.clinic", "--port", str(self.port)], stdout=subprocess.PIPE)
                processes.append(("clinic", clinic))
                url = _address(clinic)
                configs = [self._terminal_config(Path(folder), url), *self.configs]
                chosen = [word for path in configs for word in ("--config", str(path))]
                processes.append(("terminal", _start("terminal", ["kiosk", "run", *chosen])))
                print(
                    f"\nOpen {url}/ in a browser (after {time.monotonic() - began_s:.1f} s). Ctrl-C stops the demo.\n"
                )
                sys.stdout.flush()
                return _wait(processes)
            except KeyboardInterrupt:
                return 0
            finally:
                _stop([process for _, process in processes])

    def _terminal_config(self, folder: Path, url: str) -> Path:
        path = folder / "terminal.toml"
        path.write_text(TERMINAL.format(url=url) + (OWN_DEVICES if self.own_devices else ""), encoding="utf-8")
        return path


def _start(name: str, module: list[str], stdout: int | None = None) -> subprocess.Popen[str]:
    try:
        # Its own process group: Ctrl-C reaches the demo alone, which then stops its parts in order.
        return subprocess.Popen(  # noqa: S603 (our own modules)
            [sys.executable, "-m", *module], stdout=stdout, text=True, start_new_session=True
        )
    except OSError as error:
        raise DemoFailed(f"the {name} could not be started: {error.strerror}") from error


def _address(clinic: "subprocess.Popen[str]") -> str:
    """The URL in the clinic's first line."""
    assert clinic.stdout is not None
    for line in clinic.stdout:
        if line.startswith(READY):
            return line.removeprefix(READY).strip()
    raise DemoFailed(f"the clinic ended with code {clinic.wait()} before it was ready; its message is above")


def _wait(processes: Sequence[tuple[str, "subprocess.Popen[str]"]]) -> int:
    while True:
        for name, process in processes:
            if process.poll() is not None:
                raise DemoFailed(f"the {name} ended by itself with code {process.returncode}; its message is above")
        time.sleep(0.2)


def _stop(processes: Sequence["subprocess.Popen[str]"]) -> None:
    """The terminal first, so that it can say good-bye to the clinic."""
    for process in reversed(processes):
        process.terminate()
        try:
            process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
