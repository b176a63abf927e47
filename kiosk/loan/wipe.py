"""`kiosk wipe`: the terminal comes back; everything of its loan goes. And, at the clinic: is this receipt genuine?

Exit codes: 0 wiped, or genuine; 1 not, and the message says why; 2 wrong usage.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import KioskError
from kiosk.loan.__main__ import take_places
from kiosk.loan.card import RECEIPT_FILE, WIPE_ORDER, order
from kiosk.loan.lending import Lending, Places
from kiosk.loan.receipt import ReceiptRefused, claimed_serial, code_of, verify
from kiosk.provision.manifest import Manifest
from kiosk.qr import modules
from kiosk.storage import Storage

RELOAD = ("nmcli", "connection", "reload")
"""NetworkManager lets go of networks whose files are gone."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.card:
            print(
                f"terminal {order(options.card, WIPE_ORDER, b'')} is wiped at its next start; then read {RECEIPT_FILE}"
            )
            return 0
        return _verify(options) if options.verify else _wipe(options)
    except KioskError as error:
        print(f"kiosk wipe: {error}", file=sys.stderr)
    except OSError as error:
        print(f"kiosk wipe: {error.filename or 'the disk'}: {error.strerror}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kiosk wipe",
        description="Remove everything of this terminal's loan, and tell so in a signed receipt (as root, on the "
        "terminal; then: systemctl restart kiosk). With --verify: check a receipt, anywhere.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--card", type=Path, metavar="DEVICE", help="at the clinic: have this card's terminal wiped at its next start"
    )
    what.add_argument("--verify", metavar="RECEIPT", help="check this one; - reads a line of standard input")
    key = parser.add_mutually_exclusive_group()
    key.add_argument(
        "--key", metavar="KEY", help="for --verify: the terminal's public key, as its label's code tells it"
    )
    key.add_argument("--manifest", type=Path, metavar="FILE", help="for --verify: the manifest of kiosk provision")
    take_places(parser)
    return parser


def _wipe(options: argparse.Namespace) -> int:
    lending = Lending(Places(options.data, options.run), Storage())
    if not lending.lent:
        last = lending.last_receipt()
        print("this terminal is lent to nobody; nothing of a patient is on it")
        if last:
            print(f"last receipt {code_of(last)}\n{last}")
        return 0
    receipt = lending.wipe(datetime.now(UTC))
    _reload_networks()
    print(f"wiped. Receipt {code_of(receipt)}\n{receipt}\n")
    print(as_blocks(modules(receipt)))
    return 0


def as_blocks(dark: NDArray[np.bool_]) -> str:
    """A code for a screen of letters: two rows a line, light on the terminal's dark ground."""
    light = np.pad(~dark, 2, constant_values=True)
    if len(light) % 2:
        light = np.vstack([light, np.zeros((1, light.shape[1]), np.bool_)])
    letters = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
    pairs = zip(light[::2].tolist(), light[1::2].tolist(), strict=True)
    return "\n".join("".join(letters[pair] for pair in zip(*rows, strict=True)) for rows in pairs)


def _reload_networks() -> None:
    try:
        subprocess.run(RELOAD, check=False, capture_output=True, timeout=20)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        print("NetworkManager did not answer: start the terminal anew, so that it forgets too", file=sys.stderr)


def _verify(options: argparse.Namespace) -> int:
    receipt = (sys.stdin.readline() if options.verify == "-" else options.verify).strip()
    if options.key:
        public = options.key.rpartition(":")[2]
    elif options.manifest:
        entry = Manifest(options.manifest).entries.get(claimed_serial(receipt))
        if entry is None:
            raise ReceiptRefused("that terminal is not in the manifest")
        public = entry.public_key
    else:
        raise ReceiptRefused("--key or --manifest is needed, to know whose signature it must be")
    told = verify(receipt, public)
    print(f"genuine: terminal {told.serial}, wipe {told.number}, loan {told.loan}")
    print(f"wiped {told.wiped_at:%Y-%m-%d %H:%M} UTC by its clock; receipt {code_of(receipt)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
