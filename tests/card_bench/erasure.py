"""What a technician puts onto a card, and what is left of it where anybody could read it: the card's raw bytes."""

import json
import mmap
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kiosk.card import SECRETS_FILE
from kiosk.provision.__main__ import main as provision
from tests.card_bench import firmware
from tests.card_bench.table import Table
from tests.card_bench.terminal import Terminal
from tests.card_bench.updates import NONE, NewTerminal
from tests.device_bench.host import BenchFailed

PASSWORD: Final = "blomkaal-og-graut-17"
CALENDAR: Final = "kalender-7f3a9c51e0"
PARTITIONS: Final = ("bootconfig", "boot_a", "boot_b", "system_a", "system_b", "persistent")


class Erasure:
    """One story."""

    def __init__(self, terminal: NewTerminal, table: Table) -> None:
        self._terminal = terminal
        self._row = table.row

    def first_start(self) -> None:
        """Settings and secrets onto the card; the terminal takes them in; the plug is pulled at that very moment."""
        with self._terminal(NONE) as terminal:
            terminal.without_parts()
            secrets = _provisioned(terminal)
            self._row("secrets on the new card", "3 in bootconfig", lambda: _where(terminal.card, secrets))

            def taken_in() -> str:
                terminal.boot()
                terminal.does("until systemctl -q is-active kiosk-firstboot; do sleep 0.2; done", 120)
                terminal.cut_power()
                return _where(terminal.card, secrets)

            # Where only root reads them; the loan lies there too, and is sealed.
            self._row("after its first start", "3 in persistent", taken_in)


def _provisioned(terminal: Terminal) -> Sequence[bytes]:
    """By the technician's own command; the secrets, as they stand on the card."""
    out = terminal.card.parent / "cards"
    words = ["--serial", "0042", "--contact-name", "Poliklinikken", "--contact-phone", "22 33 44 55"]
    words += ["--node", "https://join.example.org", "--image", str(terminal.card), "--out", str(out)]
    words += ["--wifi-name", "Post 3", "--wifi-password", PASSWORD]
    words += ["--calendar-url", f"https://kalender.example.org/{CALENDAR}.ics"]
    if provision(words):
        raise BenchFailed("kiosk provision refused its order")
    next(out.glob("*.img")).replace(terminal.card)
    begin, _ = firmware.partition(terminal.card, "bootconfig")
    command = ["mtype", "-i", f"{terminal.card}@@{begin}", f"::{SECRETS_FILE}"]
    written = subprocess.run(command, capture_output=True, check=True).stdout
    return [PASSWORD.encode(), CALENDAR.encode(), str(json.loads(written)["private_key"]).encode()]


def _where(card: Path, secrets: Sequence[bytes]) -> str:
    """Partitions with the number of secrets that stand in them, freed places too; "none"."""
    found = []
    with card.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as everything:
        for name in PARTITIONS:
            begin, size = firmware.partition(card, name)
            count = sum(everything.find(each, begin, begin + size) >= 0 for each in secrets)
            if count:
                found.append(f"{count} in {name}")
    return ", ".join(found) or "none"
