"""The whole product as its users have it: a clinic and a terminal, each its own process, worked from outside."""

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import psutil
import requests
from PIL import Image

T = TypeVar("T")

ROOM: Final = "123456"
HOST_PIN: Final = "1234"
PATIENT: Final = "Kari Nordmann"
PATIENT_HZ: Final = 440
TREMOR_S: Final = 0.6
"""A little more than the guard against tremor."""
POOLS: Final = ("worker", "asyncio_")

CONFIG: Final = """
[terminal]
serial = "test"
assigned = true
memory = "{folder}/visit.json"
[microphone]
tone_hz = {tone_hz}
[network]
driver = "simulated"
[appointments]
driver = "file"
path = "{folder}/appointments.json"
every_s = 1
[screen]
width = 1024
height = 600
offscreen = true
[speech]
spoken = false
[policy]
reconnect_for_s = {reconnect_for_s}
[bench]
url = "{url}/bench/api/test"
[[contact]]
name = "Poliklinikken"
phone = "22 33 44 55"
"""


def until(what: str, look: Callable[[], T | None], within_s: float = 15.0) -> T:
    """The first value of `look` that is true, asked 30 times a second; fails with what was hoped for."""
    deadline_s = time.monotonic() + within_s
    while True:
        value = look()
        if value:
            return value
        if time.monotonic() > deadline_s:
            raise AssertionError(f"not within {within_s} s: {what}")
        time.sleep(1 / 30)


class Clinic:
    """`python -m kiosk.clinic` on a port of its own."""

    def __init__(self, folder: Path, *options: str, port: int = 0) -> None:
        self._folder = folder
        self._options = options
        self.process = self._start(port)

    def _start(self, port: int) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "kiosk.clinic", "--port", str(port), *self._options],
            stdout=subprocess.PIPE,
            stderr=(self._folder / "clinic.log").open("a"),
            text=True,
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("clinic ready at "), (line, (self._folder / "clinic.log").read_text())
        self.url = line.removeprefix("clinic ready at ").strip()
        return process

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait()

    def start_again(self) -> None:
        """At the same address."""
        self.process = self._start(int(self.url.rsplit(":", 1)[1]))

    def freeze(self) -> None:
        """Everything of it falls silent, as behind a cut cable: no packet is sent, answered or refused."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """The cable is back."""
        os.kill(self.process.pid, signal.SIGCONT)

    def health(self) -> dict[str, Any]:
        """What the server holds."""
        answer: dict[str, Any] = requests.get(f"{self.url}/clinic/api/health", timeout=10).json()
        return answer

    def people(self) -> list[dict[str, Any]]:
        """Everybody in the room, waiting or not."""
        people: list[dict[str, Any]] = self.health()["rooms"][ROOM]
        return people

    def last_media_of(self, role: str) -> float:
        """When the server last had a picture or sound from the one person of this role, in seconds since 1970."""
        (person,) = (person for person in self.people() if person["role"] == role)
        return time.time() - float(person["media_age_s"])

    def fault(self, **switches: bool) -> None:
        """Cut or stall everything but the clinician's page."""
        requests.post(f"{self.url}/clinic/api/faults", json=switches, timeout=10).raise_for_status()

    def close(self) -> str:
        """Stop; what it wrote."""
        if self.process.poll() is None:
            self.thaw()
            self.process.terminate()
            assert self.process.wait(15) == 0
        assert self.process.stdout is not None
        self.process.stdout.close()
        return (self._folder / "clinic.log").read_text()


class Terminal:
    """`python -m kiosk run` with simulated hardware, worked over the bench."""

    def __init__(
        self,
        folder: Path,
        clinic: Clinic,
        *,
        reconnect_for_s: float = 120,
        extra: str = "",
        program: Sequence[str] = ("kiosk",),
        tone_hz: int = PATIENT_HZ,
        within: Sequence[str] = (),
    ) -> None:
        """`extra` overrides the configuration of all tests. `program`: the module that is the terminal, and words
        before its own ones. `tone_hz`: what it hears; 0: something like speech. `within`: a command that runs
        another one in its place."""
        self._clinic = clinic
        self._program = program
        self._within = within
        self._log = folder / "terminal.log"
        self._folder = folder
        self._pressed_s = 0.0
        self._appointments: list[dict[str, Any]] = []
        self._write_appointments()
        config = CONFIG.format(url=clinic.url, folder=folder, reconnect_for_s=reconnect_for_s, tone_hz=tone_hz)
        (folder / "terminal.toml").write_text(config)
        (folder / "loan.toml").write_text(extra)
        self.process = self._start()
        until("the terminal is on the bench", self.connected, 20)

    def _start(self) -> "subprocess.Popen[bytes]":
        files = [str(self._folder / name) for name in ("terminal.toml", "loan.toml")]
        program = [*self._within, sys.executable, "-m", *self._program, "run"]
        command = [*program, "--config", files[0], "--config", files[1], "--verbose"]
        return subprocess.Popen(command, stderr=self._log.open("a"))

    def kill(self) -> None:
        """As if it had crashed: at once, and its screen with it."""
        screen = self.screen_process()
        self.process.kill()
        self.process.wait()
        if screen is not None:
            screen.wait(10)

    def start_again(self) -> None:
        """As systemd would after a crash."""
        self.process = self._start()

    @property
    def _base(self) -> str:
        return f"{self._clinic.url}/bench/api/test"

    def _bench(self) -> dict[str, Any]:
        assert self.process.poll() is None, self.log()
        answer: dict[str, Any] = requests.get(self._base, timeout=10).json()
        return answer

    def state(self) -> str:
        """What it says it is doing, such as "in_call"."""
        return str(self._bench().get("state"))

    def press_means(self) -> str:
        """What a press does now."""
        return str(self._bench().get("press"))

    def hears(self) -> tuple[float, float]:
        """The loudest frequency in Hz that its loudspeaker plays, and the level in dBFS."""
        sound = self._bench().get("sound") or {"hz": 0.0, "dbfs": -100.0}
        return float(sound["hz"]), float(sound["dbfs"])

    def lamp(self) -> str:
        """The pattern of the lamp in its button; empty while nothing is known of it."""
        return str((self._bench().get("lamp") or {}).get("pattern", ""))

    def connected(self) -> bool:
        """It is on the bench."""
        return bool(self._bench().get("connected"))

    def silent_blocks(self) -> int:
        """How many blocks without any sound its loudspeaker has played."""
        return int((self._bench().get("sound") or {}).get("silent_blocks", 0))

    def reaches(self, *states: str, within_s: float = 15.0) -> str:
        """Wait for one of these states."""
        return until(
            f"the terminal is {' or '.join(states)}",
            lambda: state if (state := self.state()) in states else None,
            within_s,
        )

    def hand(self, event: str, data: dict[str, Any] | None = None) -> None:
        """Do something to its simulated hardware."""
        requests.post(f"{self._base}/hand", json={"event": event, "data": data}, timeout=10).raise_for_status()

    def press(self) -> None:
        """The button; never so soon after the last press that it would count as a tremor."""
        time.sleep(max(0.0, self._pressed_s + TREMOR_S - time.monotonic()))
        self.hand("press")
        self._pressed_s = time.monotonic()

    def give_appointment(self, name: str = "first", alias: str = ROOM, pin: str | None = None, host: str = "") -> None:
        """One more appointment, which starts in a minute."""
        starts_at = datetime.now(UTC) + timedelta(minutes=1)
        self._appointments.append(
            {
                "id": name,
                "starts_at": starts_at.isoformat(),
                "ends_at": (starts_at + timedelta(minutes=30)).isoformat(),
                "room": {
                    "provider": "pexip",
                    "host": host or self._clinic.url,
                    "alias": alias,
                    "pin": pin,
                    "display_name": PATIENT,
                },
            }
        )
        self._write_appointments()

    def _write_appointments(self) -> None:
        fresh = self._folder / "appointments.new"
        fresh.write_text(json.dumps({"appointments": self._appointments}))
        fresh.replace(self._folder / "appointments.json")

    def screen(self) -> Image.Image | None:
        """The newest picture of its screen."""
        answer = requests.get(f"{self._base}/screen.png", timeout=10)
        if answer.status_code != 200:
            return None
        return Image.open(io.BytesIO(answer.content)).convert("RGB")

    def screen_process(self) -> psutil.Process | None:
        """The process that draws."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        for child in children:
            # One may end while it is looked at: screens come and go.
            with contextlib.suppress(psutil.NoSuchProcess):
                if child.name() == "kiosk-screen":
                    return child
        return None

    def has_been(self, state: str, within_s: float = 15.0) -> None:
        """Wait until its log tells of this state: for when the bench is away too."""
        until(f"the log tells of {state}", lambda: f"-> {state} on" in self.log(), within_s)

    def holds(self) -> "Counter[str]":
        """Its threads and asyncio tasks by name (numbers left out), and how many files and sockets it has open.

        The idle workers of the pools are not counted: they stay.
        """
        bench = self._bench()
        threads = [f"thread {name}" for name in bench["threads"] or () if not name.startswith(POOLS)]
        tasks = [f"task {name}" for name in bench["tasks"] or ()]
        files = {"open files": psutil.Process(self.process.pid).num_fds()}
        return Counter(re.sub(r"\d+", "N", name) for name in (*threads, *tasks)) + Counter(files)

    def udp_ports(self) -> set[int]:
        """The ports of its sockets for media."""
        return {each.laddr.port for each in psutil.Process(self.process.pid).net_connections("udp") if each.laddr}

    def logged_at_s(self, text: str) -> float:
        """When the newest line with this text was logged, in seconds since 1970."""
        line = next(line for line in reversed(self.log().splitlines()) if text in line)
        return datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S,%f").astimezone().timestamp()

    def log(self) -> str:
        """All that it has logged."""
        return self._log.read_text()

    def close(self) -> str:
        """Stop it; what it has logged."""
        if self.process.poll() is None:
            self.process.terminate()
            code = self.process.wait(20)
            assert code == 0, (code, self.log())
        return self.log()


def no_secrets(text: str) -> None:
    """Nothing in a log tells who, where or how."""
    for secret in (PATIENT, "Kari", HOST_PIN, ROOM, "candidate:", "a=fingerprint", "ice-ufrag", json.dumps("token")):
        assert secret not in text, f"{secret!r} is in a log"
