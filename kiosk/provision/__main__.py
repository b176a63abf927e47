"""`kiosk provision`: 100 cards, or one. Nothing is written before everything is checked.

Exit codes: 0 all done, 1 a fault that the message names (nothing or not all was written), 2 wrong usage, 130 stopped by
Ctrl-C. After 1 and 130 the same command goes on where it stopped.
"""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.card import SETTINGS_FILE, Device, digest, settings_text
from kiosk.errors import KioskError
from kiosk.provision.fat import BootFiles
from kiosk.provision.labels import Label, print_labels
from kiosk.provision.manifest import Entry, Manifest
from kiosk.provision.table import COLUMNS, Fault, devices, read_table
from kiosk.provision.writing import Order, make_card, make_image

EXAMPLES: Final = """\
examples:
  kiosk provision terminals.csv --image kiosk.img --out cards --labels labels.pdf
  kiosk provision terminals.csv --card /dev/sdb --out cards     one card after another, in a reader
  kiosk provision --serial 0042 --contact-name Poliklinikken --contact-phone "22 33 44 55" \\
      --node https://join.example.org --card /dev/sdb --out cards

--out gets manifest.jsonl: which terminal was made when, and its public key; no secrets. Keep it: with it a second run
makes only what is missing, and `kiosk wipe --verify` checks receipts.
"""
CLOCK_SPAN: Final = timedelta(days=3650)


def main(arguments: Sequence[str] | None = None, ask: Callable[[str], str] = input) -> int:
    """The exit code. `ask` waits for the technician."""
    options = _parser().parse_args(arguments)
    try:
        return Provision(options, ask).run()
    except KioskError as error:
        print(f"kiosk provision: {error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        print("kiosk provision: stopped; the same command goes on from here", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kiosk provision",
        description="Put each terminal's settings and secrets onto its image or card. Needs no root for images.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "table", nargs="?", type=Path, metavar="TABLE.csv", help="one terminal a row; the first row names the columns"
    )
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--image", type=Path, metavar="FILE", help="copy this image for each terminal, into --out")
    target.add_argument(
        "--card", type=Path, metavar="DEVICE", help="a card that holds the image already, in this reader"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="for the images and manifest.jsonl")
    parser.add_argument(
        "--labels", type=Path, metavar="FILE.pdf", help="print labels (A4, 24 a sheet, 70 x 37 mm) of all that is made"
    )
    parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
    parser.add_argument(
        "--overwrite", action="store_true", help="make anew what was made before; the old keys are void then"
    )
    columns = parser.add_argument_group("columns", "each may stand in the table, or here for all terminals")
    for name, meaning in COLUMNS.items():
        columns.add_argument(f"--{name.replace('_', '-')}", metavar="TEXT", help=meaning)
    return parser


class Provision:
    """One run."""

    def __init__(self, options: argparse.Namespace, ask: Callable[[str], str]) -> None:
        self._options, self._ask = options, ask
        self._out: Path = options.out

    def run(self) -> int:
        """Check, write, print labels. Raises KioskError."""
        now = datetime.now(UTC).astimezone()
        ordered, faults = self._ordered()
        manifest = Manifest(self._out / "manifest.jsonl")
        due = [device for device in ordered if self._options.overwrite or not self._made(device, manifest)]
        faults += (
            self._clock_faults(now, manifest) + self._place_faults(len(due)) + self._twin_faults(ordered, manifest)
        )
        for fault in faults:
            print(fault, file=sys.stderr)
        if faults:
            print(f"{len(faults)} fault{'s' if len(faults) > 1 else ''}; nothing was written", file=sys.stderr)
            return 1
        if len(due) < len(ordered):
            print(f"{len(ordered) - len(due)} of {len(ordered)} are made already")
        if self._options.dry_run:
            print(f"good: {len(due)} terminals to make; nothing was written")
            return 0
        self._write(due, manifest)
        if self._options.labels:
            print_labels([_label(device, manifest.entries) for device in ordered], self._options.labels)
            print(f"labels: {self._options.labels}")
        return 0

    def _ordered(self) -> tuple[list[Device], list[Fault]]:
        for_all = {name: getattr(self._options, name) for name in COLUMNS if getattr(self._options, name) is not None}
        if self._options.table is None:
            return devices([(0, {})], for_all)
        return devices(read_table(self._options.table), for_all)

    def _clock_faults(self, now: datetime, manifest: Manifest) -> list[Fault]:
        """What is written bears this computer's time, and terminals without a network begin with it."""
        known = [manifest.newest] if manifest.newest else []
        if self._options.image and self._options.image.exists():
            known.append(datetime.fromtimestamp(self._options.image.stat().st_mtime, UTC))
        if not known:
            return []
        newest = max(known)
        if newest - timedelta(minutes=5) <= now <= newest + CLOCK_SPAN:
            return []
        wrong = (
            f"it says {now:%Y-%m-%d %H:%M}, but the image or the manifest is of {newest.astimezone():%Y-%m-%d %H:%M}"
        )
        return [Fault("this computer's clock", f"{wrong}; set the clock")]

    def _place_faults(self, count: int) -> list[Fault]:
        faults = []
        if shutil.which("mcopy") is None:
            faults.append(Fault("this computer", "mtools is missing: apt-get install mtools"))
        elif self._options.image:
            try:
                BootFiles(self._options.image).read(SETTINGS_FILE)
            except KioskError as error:
                faults.append(Fault(str(self._options.image), str(error)))
            else:
                faults += self._space_faults(count)
        if not self._out.is_dir():
            if not self._options.dry_run and not self._out.parent.is_dir():
                faults.append(Fault("--out", f"{self._out.parent} is no folder"))
        elif not os.access(self._out, os.W_OK):
            faults.append(Fault("--out", f"you may not write into {self._out}"))
        return faults

    def _space_faults(self, count: int) -> list[Fault]:
        # Blocks, not length: empty stretches are not copied.
        needed = self._options.image.stat().st_blocks * 512 * count
        folder = self._out if self._out.is_dir() else self._out.absolute().parent
        free = shutil.disk_usage(folder).free if folder.is_dir() else needed
        if needed <= free:
            return []
        told = f"{count} images need {needed / 1e9:.1f} GB, and only {free / 1e9:.1f} GB are free"
        return [Fault("--out", f"{told}; use another disk, or --card")]

    def _twin_faults(self, ordered: Sequence[Device], manifest: Manifest) -> list[Fault]:
        if self._options.overwrite:
            return []
        return [
            Fault(f"terminal {device.serial}", "was made before, with other settings; --overwrite makes it anew")
            for device in ordered
            if device.serial in manifest.entries
            and manifest.entries[device.serial].settings != digest(settings_text(device))
        ]

    def _made(self, device: Device, manifest: Manifest) -> bool:
        entry = manifest.entries.get(device.serial)
        return entry is not None and (entry.target == "card" or (self._out / entry.target).exists())

    def _write(self, due: Sequence[Device], manifest: Manifest) -> None:
        self._out.mkdir(exist_ok=True)
        began = time.monotonic()
        for number, device in enumerate(due, start=1):
            now = datetime.now(UTC).astimezone()
            if self._options.card:
                self._ask(f"{number}/{len(due)}: put in the card for terminal {device.serial}, then press Enter ")
                entry = self._card(device, now)
            else:
                image = self._out / f"{device.serial}.img"
                entry = make_image(Order(device, now), self._options.image, image)
            manifest.add(entry)
            print(f"{number}/{len(due)}  {device.serial}  {entry.target}  written and read back", flush=True)
        if due:
            print(f"{len(due)} terminals in {time.monotonic() - began:.1f} s")

    def _card(self, device: Device, now: datetime) -> Entry:
        """Tries until a card takes it: a wrong or broken card ends nothing."""
        while True:
            try:
                return make_card(Order(device, now), self._options.card, overwrite=self._options.overwrite)
            except KioskError as error:
                print(f"{device.serial}: {error}", file=sys.stderr)
                self._ask("press Enter to try again (Ctrl-C ends) ")


def _label(device: Device, made: Mapping[str, Entry]) -> Label:
    return Label(device.serial, made[device.serial].public_key, device.contact_name, device.contact_phone)


if __name__ == "__main__":
    sys.exit(main())
