"""What the terminal must do, from the first power-on to a power cut in the middle of a consultation."""

import json
import time
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from tests.device_bench import card
from tests.device_bench.clinician import COLOUR, TONE_HZ, Clinician, loudest_hz
from tests.device_bench.host import BenchFailed
from tests.device_bench.machine import SHARED_AT, Machine
from tests.device_bench.terminal import MICROPHONE_HZ, Terminal, appointments
from tests.device_bench.transcript import Transcript, until
from tests.whole.clinician import near

BOOT_LIMIT_S: Final = 180.0
FIRST_LIMIT_S: Final = 240.0
"""A first start waits up to half a minute for the network's time."""
CALL_LIMIT_S: Final = 90.0
HUNG_LIMIT_S: Final = 120.0
FRAMES: Final = 20
"""So many fresh pictures of the patient prove that they flow."""
SHARE: Final = 0.25
"""Of the screen is the clinician's colour, at least, while she is on it."""
HEARD_HZ: Final = 12.0
SHOWN_AGAIN: Final = "screen: shown again"
ANEW: Final = "starting it again"
"""So the log speaks of a screen that has died or does not answer."""


class Scenario:
    """Steps in their order; each raises BenchFailed when the terminal does not do what it must."""

    def __init__(
        self,
        machine: Machine,
        terminal: Terminal,
        *,
        clinic_url: str,
        host: str,
        shared: Path,
        disk: Path,
        transcript: Transcript,
    ) -> None:
        """`host`: where the terminal finds the clinic; `clinic_url`: where the clinician does. `shared`: the folder
        that the machine sees. `disk`: the terminal's card; the manifest of its making lies beside it."""
        self._machine = machine
        self._terminal = terminal
        self._clinic_url = clinic_url
        self._host = host
        self._shared = shared
        self._disk = disk
        self._step = transcript.step
        self._says = transcript.says

    def run(self) -> None:
        """All of it."""
        clinician = Clinician(self._clinic_url)
        try:
            self._first_start()
            self._lend()
            self._unseen()
            self._remind()
            self._join(clinician)
            self._call(clinician, "the call")
            self._hung(clinician)
            self._screen_killed(clinician)
            self._power_cut(clinician)
        finally:
            clinician.leave()
        self._return()

    def _first_start(self) -> None:
        self._switch_on("the machine boots")
        with self._step("the card is taken in, the terminal accepted, kiosk.service ready") as notes:
            self._terminal.ready(FIRST_LIMIT_S)
            notes.append(f"{self._up_s():.1f} s after the kernel began")
            code, said = self._machine.tries(
                "cat /persistent/kiosk/acceptance.json || cat /persistent/kiosk/findings.json"
            )
            if code or not json.loads(said)["good"]:
                raise BenchFailed(f"it is not accepted: {said}")
            notes.append(f"code {json.loads(said)['code']}")
            if not self._machine.does("ls /bootfs/kiosk.key 2>/dev/null || echo gone").startswith("gone"):
                raise BenchFailed("the card's secrets are on the boot partition still")
            notes.append(self._security())
        self._drawn("its code is on the display", "1-accepted")

    def _lend(self) -> None:
        (self._shared / "loan.toml").write_text(card.loan(self._host))
        with self._step("it is lent, by kiosk loan") as notes:
            said = self._machine.does(f"/opt/kiosk/bin/kiosk loan {SHARED_AT}/loan.toml")
            notes.append(said.partition(";")[0].strip())
            began_s = time.monotonic()
            self._terminal.restart(BOOT_LIMIT_S)
            notes.append(f"kiosk.service ready again {time.monotonic() - began_s:.1f} s after its restart")
            self._terminal.reaches("Idle", within_s=CALL_LIMIT_S)
        self._drawn("the resting screen is on the display", "1-idle")

    def _unseen(self) -> None:
        with self._step("nobody sees its pictures, so it is not ready; then they are seen, and it is") as notes:
            self._machine.does("systemctl stop kiosk.service")
            self._machine.does(f"systemd-run --quiet --unit=bench-hold python3 -B {SHARED_AT}/hold.py")
            self._machine.does("systemctl start --no-block kiosk.service")
            until("its screen cannot be seen", lambda: ANEW in self._terminal.journal(), CALL_LIMIT_S)
            if (state := self._terminal.activity()) != "activating":
                raise BenchFailed(f"systemd says that it is {state}")
            self._machine.does("systemctl stop bench-hold.service")
            began_s = time.monotonic()
            self._terminal.ready(BOOT_LIMIT_S)
            notes.append(f"ready {time.monotonic() - began_s:.1f} s later")
            self._terminal.reaches("Idle", within_s=CALL_LIMIT_S)

    def _remind(self) -> None:
        with self._step("the appointment is near") as notes:
            self._terminal.give_appointment(appointments(self._host))
            self._terminal.reaches("Remind", within_s=CALL_LIMIT_S)
            levels = {self._terminal.lamp() for _ in range(20)}
            notes.append(f"the lamp's pin was {sorted(levels)}")
            self._terminal.screen("2-remind")

    def _join(self, clinician: Clinician) -> None:
        with self._step("a press on the GPIO line joins the room") as notes:
            began_s = time.monotonic()
            self._terminal.press()
            self._terminal.reaches("Waiting", within_s=CALL_LIMIT_S)
            notes.append(f"waiting {time.monotonic() - began_s:.1f} s after it")
        self._terminal.screen("3-waiting")
        with self._step("the clinician comes and admits the patient"):
            clinician.join()
            until("somebody waits and is admitted", clinician.admit, CALL_LIMIT_S)
            self._terminal.reaches("InCall", within_s=CALL_LIMIT_S)

    def _call(self, clinician: Clinician, name: str) -> None:
        """Each sees and hears the other."""
        with self._step(f"{name}: the clinician sees and hears the patient") as notes:
            before, began_s = clinician.frames, time.monotonic()
            first = clinician.picture()
            until("fresh pictures of the patient", lambda: clinician.frames >= before + FRAMES, CALL_LIMIT_S)
            until("the pictures differ", lambda: _differs(first, clinician.picture()), CALL_LIMIT_S)
            rate = (clinician.frames - before) / (time.monotonic() - began_s)
            until(f"{MICROPHONE_HZ} Hz in her ear", lambda: clinician.hears(MICROPHONE_HZ), CALL_LIMIT_S)
            Image.fromarray(clinician.picture()).save(self._shared / f"out/{_file(name)}-clinician.png")
            notes.append(f"{rate:.0f} pictures a second, mean {clinician.picture().mean():.0f}; {MICROPHONE_HZ} Hz")
        with self._step(f"{name}: the patient sees and hears the clinician") as notes:
            share = until("the clinician on the display", lambda: self._share(_file(name)), CALL_LIMIT_S)
            hertz, level = until(f"{TONE_HZ} Hz on the loop", self._heard, CALL_LIMIT_S)
            notes.append(f"her colour fills {share:.0%} of the display; {hertz:.0f} Hz at {level:.0f} dBFS on the loop")

    def _hung(self, clinician: Clinician) -> None:
        with self._step("a hung terminal is shot by the watchdog and goes back into the call") as notes:
            hung = self._terminal.process()
            began_s = time.monotonic()
            self._machine.does(f"kill -STOP {hung}")
            until("another process", lambda: self._terminal.process() not in {0, hung}, HUNG_LIMIT_S)
            notes.append(f"a new process after {time.monotonic() - began_s:.1f} s")
            if "atchdog timeout" not in self._terminal.journal():
                raise BenchFailed("it was not the watchdog")
            self._terminal.ready(HUNG_LIMIT_S)
            self._back(clinician)
            notes.append(f"back in the call after {time.monotonic() - began_s:.1f} s, nobody pressed")
        self._call(clinician, "after the watchdog")

    def _screen_killed(self, clinician: Clinician) -> None:
        with self._step("a killed screen comes back, and the call goes on") as notes:
            process = self._terminal.process()
            screen = self._screens()[0]
            before = self._terminal.journal().count(SHOWN_AGAIN)
            began_s = time.monotonic()
            self._machine.does(f"kill -KILL {screen}")
            until("another screen", lambda: self._other_screen(screen), CALL_LIMIT_S)
            until("it is shown", lambda: self._terminal.journal().count(SHOWN_AGAIN) > before, CALL_LIMIT_S)
            until("the clinician on the display", lambda: self._share("5-screen"), CALL_LIMIT_S)
            notes.append(f"shown again after {time.monotonic() - began_s:.1f} s")
            if self._terminal.process() != process:
                raise BenchFailed("the terminal was started anew")
        self._call(clinician, "after the screen")

    def _power_cut(self, clinician: Clinician) -> None:
        (self._shared / "appointments.json").write_text(appointments(self._host))
        with self._step("the power is cut in the middle of the call"):
            self._machine.cut_power()
        self._switch_on("it boots again")
        with self._step("kiosk.service is ready again, and no camera opened by itself") as notes:
            self._terminal.ready(BOOT_LIMIT_S)
            notes.append(f"{self._up_s():.1f} s after the kernel began")
            self._tell_of_boot()
            self._terminal.reaches("Remind", within_s=CALL_LIMIT_S)
            # Nobody presses before the screen says so.
            until("it is drawn", lambda: _bright(self._terminal.screen("7-remind")), CALL_LIMIT_S)
        with self._step("one press, and it is back in the room"):
            self._terminal.press()
            self._back(clinician)
        self._call(clinician, "after the power cut")

    def _return(self) -> None:
        with self._step("it is back: kiosk wipe, with a receipt") as notes:
            said = self._machine.does("/opt/kiosk/bin/kiosk wipe")
            receipt = said.splitlines()[1]
            notes.append(card.receipt_is_genuine(receipt, self._disk.with_name("manifest.jsonl")))
            self._terminal.restart(BOOT_LIMIT_S)
        self._drawn("the receipt is on the display", "8-wiped")
        with self._step("the whole card is searched for the patient") as notes:
            (self._shared / "out/journal.txt").write_text(self._terminal.journal())
            self._machine.does("sync")
            self._machine.cut_power()
            if card.found(self._disk, [card.SERIAL]) != [card.SERIAL]:
                raise BenchFailed("the search does not find the serial number, which must be there")
            if left := card.found(self._disk, card.PLANTED):
                raise BenchFailed(f"still on the card: {', '.join(left)}")
            notes.append(f"none of {len(card.PLANTED)} names, rooms and PINs; the serial number is found")

    def _tell_of_boot(self) -> None:
        """What a start of every day waits for."""
        chain, slowest = (
            self._machine.does(f"systemd-analyze --no-pager {words}", BOOT_LIMIT_S)
            for words in ("critical-chain kiosk.service", "blame | head -n 20")
        )
        (self._shared / "out/boot.txt").write_text(f"{chain}\n{slowest}")
        for row in chain.splitlines():
            if row and not row.startswith("The time"):
                self._says(f"        {row}")

    def _drawn(self, name: str, keep_as: str) -> None:
        with self._step(name) as notes:
            picture = until("it is drawn", lambda: _bright(self._terminal.screen(keep_as)), CALL_LIMIT_S)
            notes.append(f"{picture.width} x {picture.height}, {self._now_s():.1f} s after the kernel began")

    def _back(self, clinician: Clinician) -> None:
        """Into the call; a clinician lets in whoever has to knock anew."""

        def look() -> bool:
            clinician.admit()
            return self._terminal.state() == "InCall"

        until("the terminal is in the call", look, CALL_LIMIT_S)

    def _switch_on(self, name: str) -> None:
        with self._step(name):
            self._machine.start()
        self._terminal.plug_in()

    def _up_s(self) -> float:
        """From the kernel's first moment to READY=1."""
        stamp = self._machine.does("systemctl show --value -p ActiveEnterTimestampMonotonic kiosk.service")
        return int(stamp) / 1e6

    def _now_s(self) -> float:
        """Since the kernel's first moment."""
        return float(self._machine.does("cat /proc/uptime").split()[0])

    def _security(self) -> str:
        said = self._machine.does("systemd-analyze security --no-pager kiosk.service | tail -n 1")
        return said.split("level for")[-1].strip(" ✔→\n")

    def _other_screen(self, before: int) -> bool:
        screens = self._screens()
        return bool(screens) and before not in screens

    def _screens(self) -> list[int]:
        """Numbers of the processes that draw."""
        said = self._machine.does("grep -slx kiosk-screen /proc/[0-9]*/comm || true")
        return [int(path.split("/")[2]) for path in said.split()]

    def _share(self, name: str) -> float:
        small = self._terminal.screen(name).resize((64, 48), Image.Resampling.NEAREST)
        pixels = np.asarray(small).reshape(-1, 3)
        share = sum(near((int(pixel[0]), int(pixel[1]), int(pixel[2])), COLOUR) for pixel in pixels) / len(pixels)
        return share if share >= SHARE else 0.0

    def _heard(self) -> tuple[float, float] | None:
        hertz, level = loudest_hz(self._terminal.plays())
        return (hertz, level) if abs(hertz - TONE_HZ) < HEARD_HZ and level > -60 else None


def _differs(before: object, now: object) -> bool:
    """Two decoded pictures that are not the same."""
    if not isinstance(before, np.ndarray) or not isinstance(now, np.ndarray):
        return isinstance(now, np.ndarray)
    return before.shape != now.shape or bool(np.abs(before.astype(int) - now.astype(int)).max() > 30)


def _file(name: str) -> str:
    return {"the call": "4-call", "after the watchdog": "5-watchdog", "after the screen": "6-screen"}.get(
        name, "7-power"
    )


def _bright(image: Image.Image) -> Image.Image | None:
    """The picture, when there is anything in it."""
    return image if np.asarray(image).max() > 100 else None
