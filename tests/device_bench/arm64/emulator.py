"""QEMU with the card in it: a machine of the boards' processor, whose pins and panel are worked from outside."""

import json
import os
import socket
import subprocess
from pathlib import Path
from typing import Any, Final

from PIL import Image

from tests.device_bench.host import BenchFailed
from tests.device_bench.machine import SHARED_AT, Machine
from tests.device_bench.transcript import until

PANEL: Final = (1024, 600)
MEMORY: Final = "2G"
BOOT_LIMIT_S: Final = 1800.0
SOCKET_LIMIT_S: Final = 30.0
AGENT_UNIT: Final = f"""[Unit]
DefaultDependencies=no
After=systemd-udevd.service systemd-tmpfiles-setup-dev.service local-fs.target
Before=kiosk-devices.service kiosk.service
[Service]
Type=notify
NotifyAccess=all
ExecStart=/usr/bin/python3 -B {SHARED_AT}/agent.py /dev/ttyS0
"""
PINS: Final = 8
_PARENT: Final = "/machine/unattached"


class Emulator(Machine):
    """Machine, with another processor. Its time is told by the instructions that it has done, a thousand million to the
    second: however slow this machine is, nothing in that one is late."""

    def __init__(self, kernel: Path, disk: Path, shared: Path, folder: Path, arguments: tuple[str, ...]) -> None:
        """`kernel`: the folder of vmlinuz and initrd. The rest as Machine's."""
        super().__init__(kernel, disk, shared, folder, arguments)
        self._folder = folder
        self._card = disk
        self._monitor: Monitor | None = None
        self._pins = ""
        self._wires: Wires | None = None
        (shared / "units").mkdir(exist_ok=True)
        (shared / "units/bench.service").write_text(AGENT_UNIT)

    def start(self) -> None:
        """Switch it on; it has booted so far as to answer when this returns. Raises BenchFailed."""
        doors = {name: self._folder / name for name in ("agent", "monitor", "pins")}
        for door in doors.values():
            door.unlink(missing_ok=True)
        # A kernel that gives up, or a machine that starts anew, is off.
        words = [
            "console=ttyAMA0",
            "panic=-1",
            "systemd.getty_auto=no",
            "systemd.wants=bench.service",
            *self._arguments,
        ]
        command = [
            *("nice", "-n", "5", "qemu-system-aarch64", "-nodefaults", "-no-reboot", "-display", "none"),
            *("-machine", "virt", "-cpu", "cortex-a72", "-m", MEMORY, "-icount", "shift=0"),
            *("-kernel", f"{self._kernel}/vmlinuz", "-initrd", f"{self._kernel}/initrd", "-append", " ".join(words)),
            *(
                "-drive",
                f"file={self._card},format=raw,if=none,id=card,snapshot=on",
                "-device",
                "virtio-blk,drive=card",
            ),
            *("-device", f"virtio-gpu-pci,xres={PANEL[0]},yres={PANEL[1]}"),
            *("-netdev", "user,id=line,restrict=on", "-device", "virtio-net-pci,netdev=line,romfile="),
            *("-virtfs", f"local,path={self._shared},mount_tag=bench,security_model=none,readonly=on"),
            *("-serial", f"file:{self._console}"),
            *("-chardev", f"socket,id=agent,path={doors['agent']},server=on,wait=off"),
            *("-device", "pci-serial,chardev=agent"),
            *("-qmp", f"unix:{doors['monitor']},server=on,wait=off"),
            *("-qtest", f"unix:{doors['pins']},server=on,wait=off", "-qtest-log", os.devnull),
            *("-accel", "tcg"),
        ]
        with (self._folder / "emulator.log").open("ab") as said:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, process_group=0
            )
        agent = self._open(doors["agent"])
        self._to, self._from = os.dup(agent.fileno()), agent.detach()
        self._begun = b""
        self._monitor = Monitor(self._open(doors["monitor"]))
        self._wires = Wires(self._open(doors["pins"]), self._monitor.path_of("pl061"))
        # Nobody holds the button: its pull-up has it high.
        for number in range(PINS):
            self._wires.put(number, high=True)
        if not self._answer(BOOT_LIMIT_S).get("ready"):
            raise BenchFailed("the machine's agent spoke before it was asked")

    @property
    def wires(self) -> "Wires":
        """The pins, from outside. While it is on."""
        assert self._wires
        return self._wires

    def panel(self) -> Image.Image:
        """What the panel shows. While it is on."""
        assert self._monitor
        file = self._folder / "panel.ppm"
        self._monitor.does("screendump", filename=str(file))
        with Image.open(file) as picture:
            return picture.convert("RGB")

    def _open(self, door: Path) -> socket.socket:
        def look() -> socket.socket | None:
            if self._process is None or self._process.poll() is not None:
                raise BenchFailed(f"the emulator ended: {(self._folder / 'emulator.log').read_text()[-1500:]}")
            connected = socket.socket(socket.AF_UNIX)
            try:
                connected.connect(str(door))
            except OSError:
                connected.close()
                return None
            return connected

        return until(f"the emulator's {door.name}", look, SOCKET_LIMIT_S)


class Monitor:
    """QEMU's machine protocol: one JSON document a line."""

    def __init__(self, connected: socket.socket) -> None:
        connected.settimeout(SOCKET_LIMIT_S)
        self._lines = connected.makefile("rw", encoding="utf-8")
        self._lines.readline()
        self.does("qmp_capabilities")

    def does(self, command: str, **arguments: str) -> Any:
        """What is answered. Raises BenchFailed when it is refused."""
        self._lines.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._lines.flush()
        while True:
            answer = json.loads(self._lines.readline())
            if "error" in answer:
                raise BenchFailed(f"the emulator refuses {command}: {answer['error']}")
            if "return" in answer:
                return answer["return"]

    def path_of(self, kind: str) -> str:
        """Where that device stands among the machine's parts. Raises BenchFailed."""
        for each in self.does("qom-list", path=_PARENT):
            if each["type"] == f"child<{kind}>":
                return f"{_PARENT}/{each['name']}"
        raise BenchFailed(f"the emulated machine has no {kind}")


class Wires:
    """Both ways of the wires at a pin controller, by QEMU's protocol for its own tests: one line of words each."""

    def __init__(self, connected: socket.socket, controller: str) -> None:
        connected.settimeout(SOCKET_LIMIT_S)
        self._lines = connected.makefile("rw", encoding="ascii")
        self._controller = controller
        self._driven: dict[int, bool] = {}
        self._does(f"irq_intercept_out {controller}")

    def put(self, number: int, *, high: bool) -> None:
        """Volts, or none, on that pin."""
        self._does(f"set_irq_in {self._controller} unnamed-gpio-in {number} {int(high)}")

    def driven(self, number: int) -> bool:
        """Does the machine put volts on that pin just now?"""
        # News of it comes before the next answer.
        self._does("readb 0x0")
        return self._driven.get(number, False)

    def _does(self, words: str) -> None:
        self._lines.write(words + "\n")
        self._lines.flush()
        while True:
            said = self._lines.readline().split()
            if said[:1] == ["IRQ"]:
                self._driven[int(said[2])] = said[1] == "raise"
            elif said[:1] == ["OK"]:
                return
            else:
                raise BenchFailed(f"the emulator refuses {words!r}: {said}")
