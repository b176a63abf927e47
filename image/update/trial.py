"""Tries updates out on a virtual terminal and prints a table:  python3 -m image.update.trial --image DIR

DIR is what image.sandbox.build left. Each row starts from a fresh copy of the card. The system is the built one, with
its units, RAUC and the scripts in /usr/lib/kiosk; simulated are the devices and the firmware.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from image.sandbox import disk
from image.update import bundle, keys
from image.update.machine import Machine

KEPT: Final = Path.home() / ".cache/terminal-bench"
KIND: Final = "plain"
"""Of the trial's bundles. RAUC 1.13 does not understand what kernels since 7.0 say of dm-verity, and User-Mode Linux of
two processors needs such a one; a Raspberry Pi's kernel is 6.12."""
UP_S: Final = 120.0
INSTALL_S: Final = 300.0
DEVICE: Final = """\
[camera]
driver = "simulated"
[microphone]
driver = "simulated"
[speaker]
driver = "simulated"
[button]
driver = "simulated"
[lamp]
driver = "simulated"
[keys]
driver = "simulated"
[network]
driver = "simulated"
[screen]
driver = "simulated"
"""
INSTALL: Final = """\
export PATH=/run/trial/bin:$PATH
mkdir -p /persistent/update
cp /run/trial/{bundle} /persistent/update/update.raucb
while [ ! -s /run/kiosk/busy.json ]; do sleep 1; done
echo installing
exec python3 -c '
import runpy, sys
from pathlib import Path
update = runpy.run_path("/usr/lib/kiosk/update")
sys.exit(update["install"](Path("/persistent/update/update.raucb")))'
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    expected: str
    found: str
    took_s: float

    @property
    def good(self) -> bool:
        return self.expected == self.found


class Trial:
    """The bundles, and the fresh card that every row starts from."""

    def __init__(self, kernel: Path, image: Path, folder: Path) -> None:
        """Makes the bundles; takes a minute or two. Raises CalledProcessError."""
        self._kernel = kernel
        self._folder = folder
        self._fresh = folder / "fresh.img"
        # cp knows what to do with the nodes in /dev.
        subprocess.run(["cp", "-a", str(image / "root"), str(folder)], check=True)
        root = folder / "root"
        config = root / "etc/rauc/system.conf"
        config.write_text(config.read_text().replace("bundle-formats=verity", f"bundle-formats=verity {KIND}"))
        self._boot = image / "boot.vfat"
        self._signer = keys.kept(image / "test-keys")
        disk.make(root, folder / "card", data_size="1G", data={"kiosk/device.toml": DEVICE})
        (folder / "card/disk.img").rename(self._fresh)
        self.good = self._bundle(root, "good", "9.0.0")
        self.older = self._bundle(root, "older", "0.0.1")
        unit = root / "usr/lib/systemd/system/kiosk.service"
        whole = unit.read_text()
        unit.write_text(whole.replace("/opt/kiosk/bin/kiosk run", "/bin/false run"))
        self.dies = self._bundle(root, "dies", "9.0.0")
        unit.write_text(whole)
        (root / "sbin/init").unlink()
        self.hangs = self._bundle(root, "hangs", "9.0.0")
        self.tampered = folder / "tampered.raucb"
        content = bytearray(self.good.read_bytes())
        content[len(content) // 2] ^= 0x01
        self.tampered.write_bytes(content)
        stranger = keys.pair(folder / "stranger")
        self.foreign = bundle.make(
            *(folder / "system.erofs", self._boot, folder / "foreign.raucb"),
            version="9.0.0",
            architecture="amd64",
            signer=stranger,
            kind=KIND,
        )
        shutil.rmtree(root)

    def machine(self) -> Machine:
        """With a fresh card."""
        folder = Path(tempfile.mkdtemp(prefix="row-", dir=self._folder))
        card = folder / "card.img"
        subprocess.run(["cp", "--sparse=always", str(self._fresh), str(card)], check=True)
        for each in self._folder.glob("*.raucb"):
            (folder / each.name).hardlink_to(each)
        _lend(folder, "unsquashfs")
        return Machine(self._kernel, card, folder)

    def _bundle(self, root: Path, name: str, version: str) -> Path:
        release = root / "usr/lib/os-release"
        before = release.read_text()
        lines = [line for line in before.splitlines() if not line.startswith("IMAGE_VERSION=")]
        release.write_text("\n".join([*lines, f"IMAGE_VERSION={version}"]) + "\n")
        system = disk.erofs(root, self._folder, packing="lz4")
        release.write_text(before)
        target = self._folder / f"{name}.raucb"
        return bundle.make(
            system, self._boot, target, version=version, architecture="amd64", signer=self._signer, kind=KIND
        )


def _lend(folder: Path, program: str) -> None:
    """A program of this machine for the virtual one, with its libraries but the C library's, which are newer there.
    RAUC wants unsquashfs for the kind of bundle that only the trial has."""
    (folder / "bin").mkdir()
    (folder / "lib").mkdir()
    found = shutil.which(program)
    assert found is not None, f"{program} is missing here"
    shutil.copy2(found, folder / "lib" / program)
    told = subprocess.run(["ldd", found], capture_output=True, text=True, check=True).stdout
    for library in re.findall(r"=> (/\S+)", told):
        if not re.match(r"lib(c|m|pthread)\.so", Path(library).name):
            shutil.copy2(library, folder / "lib")
    wrapper = folder / "bin" / program
    wrapper.write_text(f'#!/bin/sh\nLD_LIBRARY_PATH=/run/trial/lib exec /run/trial/lib/{program} "$@"\n')
    wrapper.chmod(0o755)


def good(trial: Trial) -> str:
    """A good update is tried, judged, and stays."""
    machine = trial.machine()
    try:
        machine.boot(INSTALL.format(bundle=trial.good.name))
        tried = machine.restarted(UP_S + INSTALL_S)
        first = machine.boot("while [ -e /persistent/rauc/trying ]; do sleep 1; done; grep IMAGE_VER /etc/os-release")
        version = machine.step_done(UP_S + 60).strip()
        machine.cut_power()
        return f"{'tried' if tried else 'not tried'} in {first}, {version}, then {machine.boot()}"
    finally:
        machine.cut_power()


def refused(name: str) -> Callable[[Trial], str]:
    """A bundle that must not get in."""

    def row(trial: Trial) -> str:
        machine = trial.machine()
        try:
            machine.boot(INSTALL.format(bundle=name))
            said = machine.step_done(UP_S + INSTALL_S).strip().splitlines()[-1]
            machine.cut_power()
            return f"{said}; then {machine.boot()}"
        finally:
            machine.cut_power()

    return row


def dies(trial: Trial) -> str:
    """The new system comes up, and the terminal in it does not: judged, and back."""
    machine = trial.machine()
    try:
        machine.boot(INSTALL.format(bundle=trial.dies.name))
        machine.restarted(UP_S + INSTALL_S)
        first = machine.boot()
        machine.restarted(UP_S + 120)
        back = machine.boot("cat /persistent/rauc/failed; systemctl is-active kiosk")
        told = machine.step_done(UP_S).split()
        return f"tried in {first}, then {back}, failed {told[0]}, {told[-1]}"
    finally:
        machine.cut_power()


def hangs(trial: Trial) -> str:
    """The new system does not even start: the next start is the old one."""
    machine = trial.machine()
    try:
        machine.boot(INSTALL.format(bundle=trial.hangs.name))
        machine.restarted(UP_S + INSTALL_S)
        first = machine.boot()
        machine.panicked(UP_S)
        back = machine.boot("while [ -e /persistent/rauc/trying ]; do sleep 1; done; cat /persistent/rauc/failed")
        told = machine.step_done(UP_S).split()
        return f"tried in {first}, then {back}, failed {told[-1]}"
    finally:
        machine.cut_power()


def cut_while_installing(trial: Trial) -> str:
    """The plug is pulled again and again, ever later; at last it is left in."""
    machine = trial.machine()
    try:
        started = []
        for after_s in (0.5, 2.0, 4.0, 8.0):
            started.append(machine.boot(INSTALL.format(bundle=trial.good.name)))
            machine.wait_for("installing", UP_S)
            time.sleep(after_s)
            machine.cut_power()
        started.append(machine.boot(INSTALL.format(bundle=trial.good.name)))
        machine.restarted(UP_S + INSTALL_S)
        return f"{' '.join(started)}, then {machine.boot()}"
    finally:
        machine.cut_power()


def cut_while_tried(trial: Trial) -> str:
    """The plug is pulled while the new system is on trial: the old one, and the new one gets another night."""
    machine = trial.machine()
    try:
        machine.boot(INSTALL.format(bundle=trial.good.name))
        machine.restarted(UP_S + INSTALL_S)
        first = machine.boot("echo up")
        machine.wait_for("up", UP_S)
        machine.cut_power()
        wait = "while [ -e /persistent/rauc/trying ]; do sleep 1; done\n"
        back = machine.boot(wait + INSTALL.format(bundle=trial.good.name))
        again = machine.restarted(UP_S + INSTALL_S)
        return f"tried in {first}, then {back}, {'tried again' if again else 'given up'} in {machine.boot()}"
    finally:
        machine.cut_power()


ROWS: Final[tuple[tuple[str, Callable[[Trial], str], str], ...]] = (
    ("a good update", good, "tried in b, IMAGE_VERSION=9.0.0, then b"),
    (
        "one bit changed",
        refused("tampered.raucb"),
        "update: the bundle is not ours, or was altered; then a",
    ),
    ("signed by a stranger", refused("foreign.raucb"), "update: the bundle is not ours, or was altered; then a"),
    (
        "an older version",
        refused("older.raucb"),
        "update: the bundle is version 0.0.1, not newer than this one, or failed before; then a",
    ),
    ("its terminal does not come up", dies, "tried in b, then a, failed 9.0.0, active"),
    ("it does not start at all", hangs, "tried in b, then a, failed 9.0.0"),
    ("power cut 4 times while installing", cut_while_installing, "a a a a a, then b"),
    ("power cut during the trial", cut_while_tried, "tried in b, then a, tried again in b"),
)


def main() -> int:
    """The command. Exit code 1 when a row is not as it must be."""
    parser = argparse.ArgumentParser(prog="python3 -m image.update.trial", description="Try updates out.")
    parser.add_argument("--kernel", type=Path, help="User-Mode Linux (default: what make bench-device has kept)")
    parser.add_argument("--image", type=Path, default=Path("build/image"), help="what make image left (%(default)s)")
    parser.add_argument("--only", metavar="WORDS", default="", help="rows that have these words in their name")
    options = parser.parse_args()
    kernel = options.kernel or max(KEPT.glob("kernel-*/linux"), key=lambda each: each.stat().st_mtime, default=None)
    if kernel is None:
        print("trial: there is no kernel yet: make bench-device ARGS=--build-only", file=sys.stderr)
        return 2
    found = []
    with tempfile.TemporaryDirectory(prefix="trial-", dir=options.image) as folder:
        trial = Trial(kernel, options.image, Path(folder))
        for what, act, expected in ROWS:
            if options.only not in what:
                continue
            began_s = time.monotonic()
            try:
                told = act(trial)
            except TimeoutError as error:
                told = f"stuck: {error}"
            row = Row(what, expected, told, time.monotonic() - began_s)
            found.append(row)
            print(f"{'good ' if row.good else 'WRONG'} {row.what:<36} {row.found}  ({row.took_s:.0f} s)", flush=True)
    return 0 if all(row.good for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
