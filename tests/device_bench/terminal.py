"""The terminal in the machine, as somebody stands before it: its button, its screen, its room, its journal."""

import base64
import json
import re
import shlex
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from PIL import Image

from tests.device_bench.machine import SHARED_AT, Machine
from tests.device_bench.transcript import until
from tests.whole.product import PATIENT, ROOM

MICROPHONE_HZ: Final = 440
BUTTON_PIN: Final = 17
LAMP_PIN: Final = 27
PYTHON: Final = "/opt/kiosk/bin/python"
HELD_S: Final = 0.15
SHOWN_WITHIN_S: Final = 40.0
_CHANGE: Final = re.compile(r"(\w+) -> (\w+) on (\w+)")
_FOLDER: Final = "/run/terminal-bench"

BOARD: Final = """
[camera]
# Threads of one process never run at the same time here, and every picture is drawn, coded and decoded in software.
width = 320
height = 240
[media]
width = 320
height = 240
[microphone]
device = "plughw:CARD=Loopback,DEV=0"
[speaker]
device = "plughw:CARD=Loopback,DEV=0"
[sound]
# A steady tone is what it takes out.
echo_cancellation = false
noise_suppression = false
max_gain_db = 0
[button]
pin = 17
[lamp]
pin = 27
# Dim light is made by switching fast, which costs a simulated pin half a processor.
dimmable = false
[rooms.pexip]
ca_file = "/run/terminal-bench/door.pem"
"""
"""How the image's settings differ for the virtual board."""


def appointments(host: str | None, in_minutes: float = 1) -> str:
    """The document with one consultation, which begins then; or with none."""
    starts_at = datetime.now(UTC) + timedelta(minutes=in_minutes)
    visit = {
        "id": "first",
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(minutes=30)).isoformat(),
        "room": {"provider": "pexip", "host": host, "alias": ROOM, "pin": None, "display_name": PATIENT},
    }
    return json.dumps({"appointments": [visit] if host else []})


class Terminal:
    """Asked and worked through the machine's own kernel."""

    every_s: float = 0.2
    """Between two looks for what is waited for."""

    def __init__(self, machine: Machine, shared: Path) -> None:
        self._machine = machine
        self._out = shared / "out"
        self._out.mkdir(exist_ok=True)

    def plug_in(self) -> None:
        """The room's sound is at its microphone. After each start of the machine."""
        self._machine.does(f"systemd-run --quiet --unit=bench-tone {PYTHON} {SHARED_AT}/sound.py tone {MICROPHONE_HZ}")

    def give_appointment(self, document: str) -> None:
        """Its diary says so from now on."""
        encoded = base64.b64encode(document.encode()).decode()
        self._machine.does(f"cd {_FOLDER}; echo {encoded} | base64 -d > new; chmod 644 new; mv new appointments.json")

    def ready(self, within_s: float) -> None:
        """Wait until it has told systemd so."""
        until("kiosk.service is ready", lambda: self.activity() == "active" or None, within_s, self.every_s)

    def activity(self) -> str:
        """What systemd says of it: "activating" until it is ready, then "active"."""
        return self._unit("ActiveState")

    def restart(self, within_s: float) -> None:
        """As a technician does; it is ready again when this returns."""
        self._machine.does("systemctl restart kiosk.service", within_s)

    def process(self) -> int:
        """The main process's number."""
        return int(self._unit("MainPID"))

    def press(self) -> None:
        """Push the button and let it go."""
        self._pull(BUTTON_PIN, "pull-down")
        time.sleep(HELD_S)
        self._pull(BUTTON_PIN, "pull-up")

    def lamp(self) -> int:
        """Is there voltage on the lamp's pin, 0 or 1?"""
        return int(self._machine.does(f"cat {self._pin(LAMP_PIN)}/value"))

    def state(self) -> str:
        """What its journal says it is doing; "" before it has said anything in this life."""
        said = self._machine.does(
            f"journalctl --no-pager -o cat _PID={self.process()} | grep -e '->' | tail -n 1 || true"
        )
        found = _CHANGE.search(said)
        return found[2] if found else ""

    def reaches(self, *states: str, within_s: float) -> str:
        """Wait for one of these states."""
        return until(
            f"the terminal is {' or '.join(states)}",
            lambda: state if (state := self.state()) in states else None,
            within_s,
            self.every_s,
        )

    def journal(self) -> str:
        """All that it and systemd said of it."""
        return self._machine.does("journalctl --no-pager -o short-monotonic -u kiosk.service")

    def screen(self, keep_as: str = "screen") -> Image.Image:
        """What its display shows, as soon as it shows anything; kept as a PNG of that name."""
        raw = self._out / f"{keep_as}.raw"

        def grab() -> list[str]:
            code, said = self._machine.tries(f"python3 -B {SHARED_AT}/grab.py {SHARED_AT}/out/{raw.name}")
            return [] if code else said.split()

        width, height = map(int, until("something is on the display", grab, SHOWN_WITHIN_S))
        image = Image.frombytes("RGB", (width, height), raw.read_bytes(), "raw", "BGRX")
        raw.unlink()
        image.save(raw.with_suffix(".png"))
        return image

    def plays(self, seconds: float = 1.0) -> bytes:
        """What its loudspeaker plays just now; s16le, mono, 48 kHz."""
        file = self._out / "played.raw"
        code, _ = self._machine.tries(f"{PYTHON} -B {SHARED_AT}/sound.py record {seconds} {SHARED_AT}/out/{file.name}")
        # The loop breaks off when nothing has been played into it for a while.
        return b"" if code else file.read_bytes()

    def _unit(self, name: str) -> str:
        return self._machine.does(f"systemctl show --value -p {name} kiosk.service").strip()

    def _pin(self, number: int) -> str:
        return f"/sys/devices/platform/gpio-sim.0/gpiochip*/sim_gpio{number}"

    def _pull(self, number: int, way: str) -> None:
        self._machine.does(f"for pin in {self._pin(number)}; do echo {shlex.quote(way)} > $pin/pull; done")
