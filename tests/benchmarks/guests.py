"""Who visits the doctor: the terminal, Chromium in its place, or aiortc as it comes. Each is a set of processes."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import psutil
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Playwright

from tests.benchmarks.meeting import ALIAS, MeetingThread
from tests.benchmarks.patient import Patient
from tests.benchmarks.records import Recording, Records, load
from tests.whole.clinician import CHROMIUM, QUIET_FLAGS
from tests.whole.product import Clinic, until

JOIN_LIMIT_S: Final = 30.0
UNTOUCHED: Final = "[sound]\necho_cancellation = false\nnoise_suppression = false\nmax_gain_db = 0\n"
"""Of the terminal's configuration: the microphone's sound goes out as it is."""
SCREEN: Final = {"width": 1024, "height": 600}


@dataclass(frozen=True, slots=True)
class Setting:
    """What all who take part have in common."""

    folder: Path
    film: Path
    sound: Path
    """The guests';"""
    doctors_sound: Path
    """and the doctor's, unlike it."""
    codec: str
    width: int
    height: int
    meeting: MeetingThread
    clinic: Clinic
    """Where the terminal's button is pressed; it carries no media."""


class Guest(Protocol):
    """Who visits. Made for one call."""

    def join(self) -> float:
        """Enter and wait for the first picture; milliseconds from press or click until it was drawn (aiortc: given)."""

    def records(self) -> Records:
        """What was seen and heard here; only of a guest with probes."""

    def forget(self) -> None:
        """What was seen and heard so far is no more among the records."""

    def figures(self) -> list[dict[str, Any]]:
        """What the guest counts itself, once a second or at the end; may be empty."""

    @property
    def process(self) -> psutil.Process:
        """The root of its processes."""

    def leave(self) -> None:
        """Go; nothing of this visit is left."""


class TerminalGuest:
    """The terminal: its real processes, the screen among them."""

    def __init__(self, setting: Setting, probes: bool, *, works_on_sound: bool = True) -> None:
        self._setting = setting
        self._folder = _fresh(setting.folder, "terminal")
        self._recording = Recording(self._folder)
        program = ("tests.benchmarks.probe_terminal", str(self._folder)) if probes else ("kiosk",)
        self._patient = _patient(setting, self._folder, program, "" if works_on_sound else UNTOUCHED)
        self._patient.get_ready()

    def join(self) -> float:
        return self._patient.press().drawn_ms

    def records(self) -> Records:
        return self._recording.read()

    def forget(self) -> None:
        self._recording.forget()

    def figures(self) -> list[dict[str, Any]]:
        path = self._folder / "figures"
        # The last line may be half written.
        lines = path.read_text().split("\n")[:-1] if path.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def process(self) -> psutil.Process:
        return self._patient.process

    def leave(self) -> None:
        self._patient.close()


class Visits:
    """A terminal that comes and goes, time and again, and lives on between."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._patient = _patient(setting, _fresh(setting.folder, "terminal"), ("kiosk",))

    def come_and_go(self, stay_s: float) -> None:
        """One visit; at its end the doctor puts the terminal out. It shows that the consultation is over."""
        self._patient.get_ready()
        self._patient.press()
        time.sleep(stay_s)
        self._setting.meeting.end_guest()
        self._patient.has_ended()

    @property
    def process(self) -> psutil.Process:
        """The root of the terminal's processes."""
        return self._patient.process

    def close(self) -> None:
        """Stop the terminal."""
        self._patient.close()


def _patient(setting: Setting, folder: Path, program: Sequence[str], more: str = "") -> Patient:
    media = f'video_codec = "{setting.codec}"\nwidth = {setting.width}\nheight = {setting.height}'
    return Patient(
        folder,
        setting.clinic,
        setting.film,
        host=setting.meeting.url,
        alias=ALIAS,
        program=program,
        extra=f"[media]\n{media}\n{more}",
    )


class StockGuest:
    """aiortc as it comes. Draws nothing."""

    def __init__(self, setting: Setting, probes: bool) -> None:
        self._folder = _fresh(setting.folder, "stock")
        self._recording = Recording(self._folder)
        self._command = [
            *(sys.executable, "-m", "tests.benchmarks.stock_guest"),
            *(setting.meeting.url, str(self._folder), str(setting.film), setting.codec),
        ]
        self._process: subprocess.Popen[str] | None = None

    def join(self) -> float:
        log = (self._folder / "log").open("w")
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert self._process.stdout is not None
        # A guest that sees nothing says nothing: it is ended, and its line is empty.
        limit = threading.Timer(JOIN_LIMIT_S, self._process.kill)
        limit.start()
        line = self._process.stdout.readline()
        limit.cancel()
        assert line.startswith("picture "), (line, (self._folder / "log").read_text())
        return float(line.split()[1])

    def records(self) -> Records:
        return self._recording.read()

    def forget(self) -> None:
        self._recording.forget()

    def figures(self) -> list[dict[str, Any]]:
        return []

    @property
    def process(self) -> psutil.Process:
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def leave(self) -> None:
        if self._process is None:
            return
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


class ChromiumEnd:
    """A Chromium of its own on the meeting's page: as doctor, or as guest."""

    def __init__(self, playwright: Playwright, setting: Setting, *, doctor: bool, draws: bool, probes: bool) -> None:
        self._setting = setting
        self._name = "doctor" if doctor else "guest"
        self._query = (
            f"role={self._name}&codec={setting.codec}&width={setting.width}&height={setting.height}"
            f"&draw={int(draws)}&probe={int(probes)}"
        )
        before = set(_roots())
        self._chromium: Chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            headless=True,
            args=[
                *QUIET_FLAGS,
                f"--use-file-for-fake-video-capture={setting.film}",
                f"--use-file-for-fake-audio-capture={setting.doctors_sound if doctor else setting.sound}",
            ],
        )
        self._process = until("the browser's process", lambda: next(iter(set(_roots()) - before), None))
        context = self._chromium.new_context(viewport={"width": SCREEN["width"], "height": SCREEN["height"]})
        context.grant_permissions(["camera", "microphone"])
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: print(f"{self._name}: {message.text}", file=sys.stderr))
        self.open()

    def open(self) -> None:
        """Load the page anew."""
        self.page.goto(f"{self._setting.meeting.url}/page?{self._query}")
        self.page.wait_for_function("() => window.isReady")

    def join(self) -> float:
        return float(self.page.evaluate("() => window.join()"))

    def records(self) -> Records:
        """What the page has noted since the call began, or since it was asked last."""
        self.forget()
        given = self._setting.meeting.meeting.records
        return load(lambda name: given[f"{self._name}/{name}"])

    def forget(self) -> None:
        self.page.evaluate("(name) => window.handOver(name)", self._name)

    def figures(self) -> list[dict[str, Any]]:
        """The browser's own statistics now."""
        figures: dict[str, Any] = self.page.evaluate("() => window.figures()")
        return [figures]

    @property
    def process(self) -> psutil.Process:
        return self._process

    def leave(self) -> None:
        self.page.evaluate("() => window.leave()")

    def close(self) -> None:
        """End the browser."""
        self._chromium.close()


class ChromiumGuest(ChromiumEnd):
    """Chromium in the terminal's place."""

    def __init__(self, playwright: Playwright, setting: Setting, *, draws: bool, probes: bool) -> None:
        super().__init__(playwright, setting, doctor=False, draws=draws, probes=probes)

    def leave(self) -> None:
        super().leave()
        self.close()


def _roots() -> list[psutil.Process]:
    """Every browser that we have started: the process that is nobody's renderer or helper."""
    roots = []
    for process in psutil.Process().children(recursive=True):
        try:
            words = process.cmdline()
        except psutil.Error:
            continue
        if words and "chromium" in words[0] and not any(word.startswith("--type=") for word in words):
            roots.append(process)
    return roots


def _fresh(folder: Path, name: str) -> Path:
    made = folder / f"{name}-{time.monotonic_ns()}"
    made.mkdir()
    return made
