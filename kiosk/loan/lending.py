"""Giving a terminal to a patient, opening what it knows of her at each start, and taking all of it away again."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk import __version__
from kiosk.consultation.model import Wiped
from kiosk.errors import KioskError
from kiosk.firstboot.taking_in import DEVICE_FILE, LOAN_FOLDER, TAKEN_FILE
from kiosk.identity import short_code
from kiosk.loan.document import check, check_room
from kiosk.loan.receipt import Receipt, code_of
from kiosk.loan.vault import Vault, VaultTorn
from kiosk.sealing import KEY_FILE, read_key
from kiosk.standing import STANDING_FILE, write_standing
from kiosk.storage import Storage

LOAN_FILE: Final = "loan.toml"
NAME_FILE: Final = "name.json"
RECEIPT_FILE: Final = "receipt.json"
NETWORKS_FOLDER: Final = "network"
UNKNOWN: Final = "unknown"
"""The name of a loan that was damaged before it was wiped."""
REMEMBERED: Final = ("seen-bssids", "timestamps", "*.lease")
"""What NetworkManager keeps of networks that it was in: the hardware address of the patient's router stands there."""


class NotLendable(KioskError):
    """The terminal cannot be lent or wiped as it is; in words for whoever tries."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where things lie on this terminal."""

    data: Path
    """The terminal's own folder on the data partition."""
    run: Path
    """The opened loan: a folder that a reboot empties."""
    remembered: Path = Path("/var/lib/NetworkManager")
    traces: Sequence[Path] = (Path("/run/kiosk/visit.json"), Path("/run/kiosk/busy.json"))
    """What the terminal tells itself over a restart."""


class Lending:
    """One terminal's. Raises OSError when a disk fails."""

    def __init__(self, places: Places, storage: Storage) -> None:
        self._places, self._storage = places, storage
        self._vault = Vault(places.data / LOAN_FOLDER, storage)

    @property
    def lent(self) -> bool:
        """To somebody, or not wholly taken back yet."""
        return self._vault.exists or (self._places.run / LOAN_FILE).exists()

    def give(self, written: str, *, in_memory: bool = False) -> str:
        """Lend it, on the terms of a loan's document; the loan's random name. Raises ConfigError, NotLendable.

        `in_memory`: nothing of it is kept over a power cut.
        """
        if self.lent:
            raise NotLendable("this terminal is lent out already: wipe it first (kiosk wipe)")
        if not (self._places.data / TAKEN_FILE).exists():
            raise NotLendable("this terminal has no settings of its own yet: make its card with kiosk provision")
        piece = check(written)
        check_room(piece, (self._places.data / DEVICE_FILE).read_text(encoding="utf-8"))
        name = short_code(secrets.token_bytes(16))
        files = {LOAN_FILE: piece, NAME_FILE: json.dumps({"loan": name})}
        if not in_memory:
            # Random and nobody's: the receipt names it even when the loan cannot be opened any more.
            folder = self._places.data / LOAN_FOLDER
            folder.mkdir(mode=0o700)
            self._storage.write(folder / NAME_FILE, files[NAME_FILE].encode())
            self._vault.seal(files)
        self._lay_out(files)
        (self._places.data / STANDING_FILE).unlink(missing_ok=True)
        return name

    def holds(self, piece: str) -> bool:
        """This very loan, as document.check() made it of its document, is what the terminal is lent on."""
        try:
            return self._vault.exists and self._vault.open().get(LOAN_FILE) == piece
        except VaultTorn:
            return False

    def open(self) -> bool:
        """Lay the loan out for the terminal; False: it is lent to nobody. Raises VaultTorn: wipe it."""
        if not self._vault.exists:
            return False
        self._lay_out(self._vault.open())
        return True

    def keep(self) -> bool:
        """Seal anew what has changed in the opened loan: a network of the home was joined. False: nothing has."""
        if not self._vault.exists:
            return False
        run = self._places.run
        files = {LOAN_FILE: (run / LOAN_FILE).read_text(), NAME_FILE: (run / NAME_FILE).read_text()}
        for path in sorted((run / NETWORKS_FOLDER).glob("*")):
            files[f"{NETWORKS_FOLDER}/{path.name}"] = path.read_text()
        if files == self._vault.open():
            return False
        self._vault.seal(files)
        return True

    def wipe(self, now: datetime) -> str:
        """Everything of the loan is gone when this returns; the signed receipt. A wipe that was broken off goes on.

        Raises NoKey, after wiping: there can be no receipt.
        """
        places, folder = self._places, self._places.data / LOAN_FOLDER
        name = self._name()
        self._vault.destroy()
        for path in (*places.run.rglob("*"), *places.traces, *self._remembered()):
            if path.is_file():
                self._storage.destroy(path)
        receipt = self._receipt(name, now)
        write_standing(places.data / STANDING_FILE, Wiped(code_of(receipt), receipt), self._storage)
        if folder.exists():
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()
        return receipt

    def last_receipt(self) -> str | None:
        """None: never wiped."""
        return self._last()[1] or None

    def _receipt(self, name: str, now: datetime) -> str:
        number, receipt, of = self._last()
        if of == name != UNKNOWN:
            # Broken off after this was signed.
            return receipt
        key = read_key(self._places.data / KEY_FILE)
        serial = json.loads((self._places.data / TAKEN_FILE).read_text())["serial"]
        receipt = Receipt(serial, number + 1, name, now, __version__).signed(key)
        kept = json.dumps({"number": number + 1, "receipt": receipt, "loan": name})
        self._storage.write(self._places.data / RECEIPT_FILE, kept.encode())
        return receipt

    def _last(self) -> tuple[int, str, str]:
        try:
            said = json.loads((self._places.data / RECEIPT_FILE).read_text())
            return int(said["number"]), str(said["receipt"]), str(said["loan"])
        except FileNotFoundError:
            return 0, "", ""

    def _name(self) -> str:
        for path in (self._places.data / LOAN_FOLDER / NAME_FILE, self._places.run / NAME_FILE):
            try:
                return str(json.loads(path.read_text())["loan"])
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return UNKNOWN

    def _lay_out(self, files: dict[str, str]) -> None:
        self._places.run.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._places.run / NETWORKS_FOLDER).mkdir(mode=0o700, exist_ok=True)
        for name, content in files.items():
            path = self._places.run / name
            if path.parent not in {self._places.run, self._places.run / NETWORKS_FOLDER}:
                raise VaultTorn("the loan names a place outside its folder")
            self._storage.write(path, content.encode())

    def _remembered(self) -> list[Path]:
        return [path for pattern in REMEMBERED for path in self._places.remembered.glob(pattern)]
