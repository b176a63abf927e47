"""One terminal with a card of its own, as somebody has it at home: it starts, restarts, and loses its power."""

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.card_bench import firmware
from tests.card_bench.server import UpdateServer
from tests.device_bench.host import BenchFailed
from tests.device_bench.machine import SHARED_AT, Machine
from tests.device_bench.terminal import appointments

GUEST: Final = Path(__file__).parents[1] / "device_bench/guest"
UP_S: Final = 300.0
UPDATE_S: Final = 900.0
TRIAL_S: Final = 600.0
QUICK_HEALTH: Final = "[Service]\nEnvironment=UP_FOR_S=15 WITHIN_S=240\n"
"""On the terminal three minutes and ten."""
PATIENCE: Final = "[Service]\nTimeoutStartSec=300\nWatchdogSec=120\n"
"""A bench on a crowded machine is slow, and that is no fault of the terminal's."""
RESTARTING: Final = ("reboot: Restarting system", "Initiating system reboot")
"""The kernel's words: somebody asked for it; the watchdog bit."""
UPDATE: Final = f"""\
systemctl start kiosk-update.service
journalctl -o cat --no-pager _SYSTEMD_INVOCATION_ID=$(systemctl show -P InvocationID kiosk-update.service) \
    + INVOCATION_ID=$(systemctl show -P InvocationID kiosk-update.service) >{SHARED_AT}/out/said.new
mv {SHARED_AT}/out/said.new {SHARED_AT}/out/said
"""
WORDS: Final = ("update: ", "not now: ")
PARTS: Final = ("camera", "microphone", "speaker", "button", "lamp", "keys", "screen")
DEVICE: Final = "".join(f'[{part}]\ndriver = "simulated"\n' for part in PARTS) + (
    '[terminal]\nserial = "bench"\nassigned = true\n'
    '[network]\ndriver = "linux"\n'
    '[appointments]\ndriver = "file"\npath = "/run/terminal-bench/appointments.json"\nevery_s = 1\n'
)


class Terminal:
    """`with` it; it may be started and lose its power as often as one likes, and its card stays until the end."""

    def __init__(
        self, kernel: Path, card: Path, folder: Path, server: UpdateServer, drop_ins: Mapping[str, str]
    ) -> None:
        """With a copy of the card; `folder` is new. `drop_ins`: for its units, by their names."""
        self.card = folder / "card.img"
        subprocess.run(["cp", "--sparse=always", str(card), str(self.card)], check=True)
        self._shared = folder / "shared"
        shutil.copytree(GUEST, self._shared)
        self._shared.chmod(0o755)
        self._out = self._shared / "out"
        self._out.mkdir()
        (self._shared / "appointments.json").write_text(appointments(None))
        (self._shared / "device.toml").write_text(DEVICE)
        (self._shared / "door.pem").write_bytes(server.certificate.read_bytes())
        credentials = [
            f"systemd.set_credential_binary=systemd.unit-dropin.{unit}:{base64.b64encode(text.encode()).decode()}"
            for unit, text in {"kiosk-health.service": QUICK_HEALTH, "kiosk.service": PATIENCE, **drop_ins}.items()
        ]
        # It was accepted on the day that it was made.
        arguments = ("rootfstype=erofs", "ro", "panic=1", "systemd.mask=kiosk-accept.service", *credentials)
        self._machine = Machine(kernel, self.card, self._shared, folder, arguments, writes=True)
        (folder / "console.log").touch()
        self._read_from = 0
        self._wants_trial = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut_power()
        self.card.unlink(missing_ok=True)

    def switch_on(self) -> str:
        """What the firmware chooses begins to start; "a" or "b"."""
        chosen = firmware.slot(firmware.read_autoboot(self.card), tryboot=self._wants_trial)
        # The firmware forgets it with the start.
        self._wants_trial = False
        self._read_from = len(self._machine.console())
        self._machine.switch_on(f"root=PARTLABEL=system_{chosen}")
        return chosen

    def boot(self) -> str:
        """The same, and it is so far up as to answer. Raises BenchFailed."""
        chosen = self.switch_on()
        self._machine.await_answer()
        return chosen

    def without_parts(self) -> None:
        """As a technician gets it: nobody has wired anything to it, or given it settings."""
        (self._shared / "hardware.py").write_text("")

    def does(self, script: str, timeout_s: float = 60.0) -> str:
        """In it, as root; what it printed. Raises BenchFailed."""
        return self._machine.does(script, timeout_s).strip()

    def ready(self) -> None:
        """The terminal in it is up, has told its busy hours, and has a network."""
        code, _ = self._machine.tries(
            "until systemctl -q is-active kiosk && [ -s /run/kiosk/busy.json ]; do sleep 1; done", UP_S
        )
        if code:
            journal = self.does("systemctl list-jobs --no-pager; journalctl --no-pager -o cat -u kiosk -n 12", 120)
            raise BenchFailed(f"the terminal was not up within {UP_S:.0f} s: {journal}")
        self.does("until [ -n \"$(awk '$2 == 0 && NR > 1' /proc/net/route)\" ]; do sleep 1; done", UP_S)

    def knows_server(self, url: str) -> None:
        """Where it looks for updates, and by which certificate it knows who answers."""
        text = f'url = "{url}"\nca = "/run/terminal-bench/door.pem"\n'
        self.does(f"cat >/persistent/kiosk/update.toml <<'END'\n{text}END")

    def knows_the_time(self) -> None:
        """As if a time server had answered."""
        self.does("mkdir -p /run/systemd/timesync; touch /run/systemd/timesync/synchronized")

    def has_appointment(self, in_minutes: float | None) -> None:
        """Its diary has this one, or none; the terminal has told so."""
        # Where it would lead to does not matter.
        document = appointments("https://10.77.0.1:1", in_minutes) if in_minutes is not None else appointments(None)
        encoded = base64.b64encode(document.encode()).decode()
        self.does(f"cd /run/terminal-bench; echo {encoded} | base64 -d >new; chmod 644 new; mv new appointments.json")
        wanted = 0 if in_minutes is None else 1
        told = "import json; print(len(json.load(open('/run/kiosk/busy.json'))['spans']))"
        self.does(f'until [ "$(python3 -c "{told}")" = {wanted} ]; do sleep 1; done', UP_S)

    def starts_update(self) -> None:
        """The unit, as its timer does; nobody waits for it."""
        (self._out / "said").unlink(missing_ok=True)
        encoded = base64.b64encode(UPDATE.encode()).decode()
        self.does(f"systemd-run --quiet --no-block --collect sh -c 'echo {encoded} | base64 -d | sh'")

    def looks_for_update(self) -> str:
        """Start the unit; what it said at last, "" when it had nothing to say: then it restarts the machine."""
        self.starts_update()
        return self.said()

    def said(self) -> str:
        """What the unit that was started said at last. Raises BenchFailed."""
        file = self._out / "said"
        self._wait(lambda: file.exists() or self._is_restarting(), UPDATE_S, "the update did not end")
        if not file.exists():
            return ""
        lines = [line for line in file.read_text().splitlines() if line.startswith(WORDS)]
        return lines[-1] if lines else ""

    def restarts(self, within_s: float = UPDATE_S) -> bool:
        """Wait until it restarts by itself, for good or ill, and catch it before it starts again; did it ask for a
        trial? Raises BenchFailed."""
        self._wait(self._is_restarting, within_s, "it did not restart")
        line = next(line for line in self._console().splitlines() if any(words in line for words in RESTARTING))
        self.cut_power()
        self._wants_trial = "tryboot" in line
        return self._wants_trial

    def is_tried(self) -> str:
        """Let it look for an update and restart into it; the system that the firmware begins to start. Raises
        BenchFailed when there was none."""
        self.ready()
        self.knows_the_time()
        if said := self.looks_for_update():
            raise BenchFailed(f"it took no update: {said}")
        self.restarts()
        return self.switch_on()

    def says(self, words: str, within_s: float) -> None:
        """Its kernel. Raises BenchFailed."""
        self._wait(lambda: words in self._console(), within_s, f"its kernel did not say {words!r}")

    def await_answer(self) -> None:
        """After `switch_on`. Raises BenchFailed."""
        self._machine.await_answer()

    def judged(self) -> str:
        """Wait for the judgement on a trial; which version failed, "" for none. Raises BenchFailed."""
        self.does("while [ -e /persistent/rauc/trying ]; do sleep 1; done", TRIAL_S)
        return self.does("tail -n 1 /persistent/rauc/failed 2>/dev/null || true")

    def version(self) -> str:
        """Of the system that runs."""
        return self.does("sed -n 's/^IMAGE_VERSION=//p' /etc/os-release")

    def left_behind(self) -> list[str]:
        """Files where bundles are put."""
        return self.does("ls -A /persistent/update").split()

    def digest(self, name: str) -> str:
        """Of a partition, as it stands on the card."""
        return self.does(f"dd if=/dev/disk/by-partlabel/{name} bs=1M count=64 status=none | sha256sum", 120)[:16]

    def cut_power(self) -> None:
        """Off, at once. Twice is safe."""
        self._machine.cut_power()

    def _is_restarting(self) -> bool:
        return any(words in self._console() for words in RESTARTING)

    def _console(self) -> str:
        return self._machine.console()[self._read_from :]

    def _wait(self, there: Callable[[], bool], within_s: float, otherwise: str) -> None:
        deadline_s = time.monotonic() + within_s
        while not there():
            if time.monotonic() > deadline_s:
                raise BenchFailed(f"{otherwise} within {within_s:.0f} s: {self._console()[-1000:]}")
            time.sleep(0.05)


def json_of(version: str, bundle: str) -> bytes:
    """stable.json."""
    return json.dumps({"version": version, "bundle": bundle}).encode()
