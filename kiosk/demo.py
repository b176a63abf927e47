"""The whole product on one machine: an embedded clinic and a terminal, each its own process, one address to open."""

import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from kiosk.errors import KioskError

USUAL_PORT: Final = 8080
READY_WITHIN_S: Final = 30.0
STOPS_WITHIN_S: Final = 10.0
ROOM: Final = "123456"
HOST_PIN: Final = "1234"
QUERY: Final = f"?room={ROOM}&pin={HOST_PIN}&name=Dr.+Berg"
"""Fills in the clinician's form."""
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
every_s = 1
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

    port: int | None
    """The clinic's, on loopback. None: USUAL_PORT, or any free one when that is taken."""
    own_devices: bool
    configs: Sequence[Path]

    def run(self) -> int:
        """Until stopped. Raises DemoFailed when a part does not start or ends by itself."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop_once)
        began_s = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="kiosk-demo-") as folder:
            processes: list[tuple[str, subprocess.Popen[str]]] = []
            try:
                clinic = _start(
                    "clinic",
                    [
                        "kiosk.clinic",
                        "--port",
                        str(_free(USUAL_PORT) if self.port is None else self.port),
                        "--room",
                        f"{ROOM}:{HOST_PIN}",
                    ],
                    stdout=subprocess.PIPE,
                )
                processes.append(("clinic", clinic))
                url = _address(clinic)
                configs = [self._terminal_config(Path(folder), url), *self.configs]
                chosen = [word for path in configs for word in ("--config", str(path))]
                processes.append(("terminal", _start("terminal", ["kiosk", "run", *chosen])))
                _give_appointment(url, processes)
                print(f"\nThe demo is up after {time.monotonic() - began_s:.1f} s. Open this address in a browser:\n")
                print(f"    {url}/{QUERY}\n")
                print("Press the terminal's button on the left; join and admit the patient on the right.")
                print("Ctrl-C ends the demo.\n", flush=True)
                return _wait(processes)
            except KeyboardInterrupt:
                return 0
            finally:
                _stop([process for _, process in processes])

    def _terminal_config(self, folder: Path, url: str) -> Path:
        path = folder / "terminal.toml"
        path.write_text(TERMINAL.format(url=url) + (OWN_DEVICES if self.own_devices else ""), encoding="utf-8")
        return path


def _free(port: int) -> int:
    """This port, or 0 (any) when something listens there already."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def _stop_once(_number: int, _frame: FrameType | None) -> None:
    """The first signal ends the demo; those that follow it, from make or an impatient hand, leave no orphan."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


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


def _give_appointment(url: str, processes: Sequence[tuple[str, "subprocess.Popen[str]"]]) -> None:
    """As the bench page does it, as soon as the terminal is there: the patient may press at once."""
    appointment = {
        "id": "demo",
        "starts_in_s": 300,
        "lasts_s": 3600,
        "host": url,
        "alias": ROOM,
        "pin": None,
        "display_name": "Kari Nordmann",
    }
    body = json.dumps({"event": "appointment", "data": appointment}).encode()
    request = urllib.request.Request(  # noqa: S310 (our own clinic)
        f"{url}/bench/api/demo/hand", body, {"Content-Type": "application/json"}
    )
    give_up_s = time.monotonic() + READY_WITHIN_S
    while not _accepted(request):
        _check(processes)
        if time.monotonic() > give_up_s:
            raise DemoFailed(f"the terminal did not come to the bench within {READY_WITHIN_S:.0f} s")
        time.sleep(0.1)


def _accepted(request: urllib.request.Request) -> bool:
    try:
        urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 (our own clinic)
    except OSError:
        return False
    return True


def _check(processes: Sequence[tuple[str, "subprocess.Popen[str]"]]) -> None:
    for name, process in processes:
        if process.poll() is not None:
            raise DemoFailed(f"the {name} ended by itself with code {process.returncode}; its message is above")


def _wait(processes: Sequence[tuple[str, "subprocess.Popen[str]"]]) -> int:
    while True:
        _check(processes)
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
