"""`kiosk loan`: lend this terminal to a patient. As root; the terminal is started anew afterwards.

Exit codes: 0 done, 1 a fault that the message names, 2 wrong usage.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk import logs
from kiosk.errors import KioskError
from kiosk.loan.card import LOAN_ORDER, obey, order
from kiosk.loan.document import check, from_code, read_file, to_code
from kiosk.loan.lending import Lending, Places
from kiosk.loan.vault import VaultTorn
from kiosk.storage import Storage

EXAMPLES: Final = """\
  kiosk loan --check kari.toml                      at the clinic: is this loan good?
  kiosk loan --make-code kari.svg kari.toml         at the clinic: the same as a code on paper
  kiosk loan --card /dev/sdb kari.toml              at the clinic: onto the terminal's card, for its next start
  kiosk loan kari.toml                              on the terminal: lend it
  kiosk loan --camera --config image.toml           on the terminal: hold the paper to its camera
  kiosk loan --open                                 on the terminal, at each start
  kiosk loan --keep                                 on the terminal, when a wireless network was joined
"""
DATA: Final = Path("/persistent/kiosk")
RUN: Final = Path("/run/loan")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except KioskError as error:
        print(f"kiosk loan: {error}", file=sys.stderr)
    except OSError as error:
        print(f"kiosk loan: {error.filename or 'the disk'}: {error.strerror}", file=sys.stderr)
    return 1


def take_places(parser: argparse.ArgumentParser) -> None:
    """The options that tell where things lie."""
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER", help=f"the terminal's own folder ({DATA})")
    parser.add_argument("--run", type=Path, default=RUN, metavar="FOLDER", help=f"the opened loan, in RAM ({RUN})")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kiosk loan",
        description="Lend this terminal to a patient, on the terms of a loan's document.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, metavar="LOAN.toml", help="the document")
    what.add_argument("--code", metavar="TEXT", help="what a hand scanner read; - reads a line of standard input")
    what.add_argument(
        "--camera", action="store_true", help="look for the code with the terminal's own camera, for a minute"
    )
    what.add_argument("--open", action="store_true", help="lay the loan out for the terminal, after power-on")
    what.add_argument(
        "--keep", action="store_true", help="seal anew what has changed, such as a network that was joined"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="tell every fault of LOAN.toml, and do nothing")
    how.add_argument(
        "--make-code", type=Path, metavar="FILE.svg", help="write LOAN.toml as a QR code, and do nothing else"
    )
    how.add_argument(
        "--card", type=Path, metavar="DEVICE", help="put LOAN.toml onto this terminal's card; obeyed at its next start"
    )
    how.add_argument("--in-memory", action="store_true", help="keep nothing over a power cut")
    parser.add_argument(
        "--config", type=Path, action="append", default=[], metavar="FILE", help="for --camera: which camera"
    )
    parser.add_argument(
        "--boot", type=Path, metavar="FOLDER", help="for --open: obey what the card's boot partition orders"
    )
    take_places(parser)
    return parser


def _run(options: argparse.Namespace) -> int:
    lending = Lending(Places(options.data, options.run), Storage())
    if options.open:
        return _open(options, lending)
    if options.keep:
        print("kept" if lending.keep() else "nothing new")
        return 0
    written = _document(options)
    if options.check:
        check(written)
        print("good")
    elif options.card:
        check(written)
        print(f"terminal {order(options.card, LOAN_ORDER, written.encode())} is lent at its next start")
    elif options.make_code:
        import zxingcpp  # noqa: PLC0415 - at each start a loan is opened, and this is not wanted then

        check(written)
        barcode = zxingcpp.create_barcode(to_code(written), zxingcpp.BarcodeFormat.QRCode, ec_level="L")
        options.make_code.write_text(barcode.to_svg(), encoding="utf-8")
        print(f"{options.make_code}: print it at least 12 cm wide")
    else:
        name = lending.give(written, in_memory=options.in_memory)
        print(f"lent, loan {name}; now: systemctl restart kiosk")
    return 0


def _document(options: argparse.Namespace) -> str:
    if options.camera:
        from kiosk.loan.reading import read_camera  # noqa: PLC0415 - as above

        return read_camera(options.config)
    if options.code is not None:
        return from_code((sys.stdin.readline() if options.code == "-" else options.code).strip())
    return read_file(options.file)


def _open(options: argparse.Namespace, lending: Lending) -> int:
    logs.start()
    try:
        opened = lending.open()
    except VaultTorn as error:
        # A wipe that the power broke off, or a damaged card: nobody is served by half a loan.
        print(f"kiosk loan: {error}; wiping what is left", file=sys.stderr)
        lending.wipe(datetime.now(UTC))
        opened = False
    if options.boot is not None:
        obey(options.boot, options.data, lending, Storage(), datetime.now(UTC))
        opened = lending.lent
    print("opened" if opened else "lent to nobody")
    return 0


if __name__ == "__main__":
    sys.exit(main())
