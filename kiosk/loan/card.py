"""Orders that a technician puts onto the card's boot partition at her own computer, since a terminal has no keyboard,
no log-in and no open port: lend it, take it back. Obeyed at the next start, and gone from the card then.

kiosk.wipe    an empty file: take it back; the receipt is written beside it, as receipt.txt
kiosk.loan    a loan's document: lend it; overwritten and removed once it is sealed

Whoever holds the card could do either by hand; the orders give nobody more than that.
"""

import logging
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk.consultation.model import Faulty
from kiosk.errors import ConfigError, KioskError
from kiosk.loan.document import check, read_file
from kiosk.loan.lending import Lending, NotLendable
from kiosk.provision.fat import BootFiles
from kiosk.provision.writing import serial_on
from kiosk.standing import STANDING_FILE, write_standing
from kiosk.storage import Storage

LOAN_ORDER: Final = "kiosk.loan"
WIPE_ORDER: Final = "kiosk.wipe"
RECEIPT_FILE: Final = "receipt.txt"

log = logging.getLogger(__name__)


def order(target: Path, name: str, content: bytes) -> str:
    """At the technician's computer: put an order onto a card or image; whose it is. Raises KioskError."""
    files = BootFiles(target)
    serial = serial_on(files)
    if serial is None:
        raise KioskError("this is no terminal's card: make it with kiosk provision first")
    files.write(name, content)
    files.settle()
    return serial


def obey(boot: Path, data: Path, lending: Lending, storage: Storage, now: datetime) -> None:
    """On the terminal: do what the card orders, first the wipe. Raises OSError, and NoKey after a wipe."""
    if (boot / WIPE_ORDER).exists():
        if lending.lent:
            lending.wipe(now)
            log.info("wiped, as the card ordered")
        # Not by Storage: FAT keeps no rights, and refuses those that it is asked to keep.
        (boot / RECEIPT_FILE).write_text((lending.last_receipt() or "never lent") + "\n")
        (boot / WIPE_ORDER).unlink()
    if (boot / LOAN_ORDER).exists() or (boot / f"{LOAN_ORDER}.old").exists():
        _lend(boot / LOAN_ORDER, data, lending, storage)


def _lend(path: Path, data: Path, lending: Lending, storage: Storage) -> None:
    try:
        # Without the file: an earlier start was erasing it.
        if path.exists():
            written = read_file(path)
            if not lending.holds(check(written)):
                log.info("lent, as the card ordered: loan %s", lending.give(written))
    except (ConfigError, NotLendable) as error:
        # Its words name keys, never what stands there.
        log.warning("the card's loan was refused: %s", error)
        if not lending.lent:
            write_standing(data / STANDING_FILE, Faulty(("loan",)), storage)
    storage.destroy(path)
