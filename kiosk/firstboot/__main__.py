"""`kiosk firstboot`: runs at every start, before the terminal, and has something to do at the first one only.

Exit codes: 0 taken in (and accepted, when it was to look), 1 not, and the message says why; the screen shows the same.
"""

import argparse
import logging
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from kiosk import logs
from kiosk.consultation.model import Faulty
from kiosk.errors import KioskError
from kiosk.firstboot.taking_in import DEVICE_FILE, CardRefused, take_in
from kiosk.standing import STANDING_FILE, write_standing
from kiosk.storage import Storage

log = logging.getLogger("kiosk.firstboot")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    options = _parser().parse_args(arguments)
    logs.start()
    storage, data = Storage(), Path(options.data)
    try:
        if options.boot is not None:
            taken = take_in(options.boot, data, options.config, storage)
            log.info("the card was taken in" if taken else "the card was taken in before")
        return _look(options, data, storage) if options.check or options.again else 0
    except CardRefused as error:
        data.mkdir(mode=0o700, exist_ok=True)
        write_standing(data / STANDING_FILE, Faulty(("card",)), storage)
        print(f"kiosk firstboot: {error}", file=sys.stderr)
    except KioskError as error:
        print(f"kiosk firstboot: {error}", file=sys.stderr)
    except OSError as error:
        print(f"kiosk firstboot: {error.filename or 'the disk'}: {error.strerror}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kiosk firstboot",
        description="Take in what `kiosk provision` wrote on the boot partition: check it, move the secrets to the "
        "data partition, erase them where they were. With --check: look whether every part is there, and accept the "
        "terminal.",
    )
    parser.add_argument("--boot", type=Path, metavar="FOLDER", help="the boot partition; left out: only look")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="FOLDER", help="the terminal's own folder on the data partition"
    )
    parser.add_argument(
        "--config",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="the image's pieces of the configuration",
    )
    parser.add_argument(
        "--check", action="store_true", help="then look whether every part is there, unless it is accepted"
    )
    parser.add_argument("--again", action="store_true", help="look even if it is accepted")
    parser.add_argument("--json", dest="as_json", action="store_true", help="the report as JSON")
    return parser


def _look(options: argparse.Namespace, data: Path, storage: Storage) -> int:
    # Cameras, sound and rooms take a second to import; every later start need not wait for them.
    from kiosk.config import load  # noqa: PLC0415
    from kiosk.doctor import examined  # noqa: PLC0415
    from kiosk.firstboot.acceptance import accept, accepted_code  # noqa: PLC0415

    code = accepted_code(data)
    if code is not None and not options.again:
        print(f"accepted before: {code}")
        return 0
    config = load(*options.config, data / DEVICE_FILE)
    report = accept(data, storage, lambda: examined(config), lambda: datetime.now(UTC), time.sleep)
    print(report.as_json() if options.as_json else report.as_text())
    log.info("terminal %s: %s, code %s", report.serial, "accepted" if report.good else "not accepted", report.code)
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
