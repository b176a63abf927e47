"""The receipt of a wipe: signed by the terminal, short enough for a QR code, checked with the key on its label."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kiosk.errors import KioskError
from kiosk.identity import DeviceKey, from_text, short_code, signed_by, text

PREFIX: Final = "KIOSK-WIPED"


class ReceiptRefused(KioskError):
    """It is no receipt, or not this terminal's."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is signed: nothing personal."""

    serial: str
    number: int
    """Counts this terminal's wipes from 1: an older receipt shown again is found out."""
    loan: str
    """The loan's own random name, which `kiosk loan` printed."""
    wiped_at: datetime
    """By the terminal's clock."""
    version: str

    def signed(self, key: DeviceKey) -> str:
        """KIOSK-WIPED.<what>.<signature>"""
        wiped_at = self.wiped_at.isoformat(timespec="seconds")
        what = text(json.dumps([self.serial, self.number, self.loan, wiped_at, self.version]).encode())
        return f"{PREFIX}.{what}.{text(key.sign(f'{PREFIX}.{what}'.encode()))}"


def code_of(receipt: str) -> str:
    """To be read aloud: names a receipt."""
    return short_code(receipt.encode())


def verify(receipt: str, public: str) -> Receipt:
    """What the terminal with this public key signed. Raises ReceiptRefused."""
    try:
        prefix, what, signature = receipt.strip().split(".")
        genuine = prefix == PREFIX and signed_by(public, f"{prefix}.{what}".encode(), from_text(signature))
        serial, number, loan, wiped_at, version = json.loads(from_text(what))
        told = Receipt(str(serial), int(number), str(loan), datetime.fromisoformat(wiped_at), str(version))
    except (ValueError, TypeError):
        raise ReceiptRefused("this is no receipt, or not all of one") from None
    if not genuine:
        raise ReceiptRefused("this receipt was not signed by that terminal: do not take it back into stock")
    return told


def claimed_serial(receipt: str) -> str:
    """Whose it says it is, to find the key with; not checked. Raises ReceiptRefused."""
    try:
        return str(json.loads(from_text(receipt.strip().split(".")[1]))[0])
    except (ValueError, TypeError, IndexError, KeyError):
        raise ReceiptRefused("this is no receipt, or not all of one") from None
