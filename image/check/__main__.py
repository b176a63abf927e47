"""`python3 -m image.check ROOT`: prints what a built system starts and holds; exit code 1 when it must not be used."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from image.check import accounts, packages, secrets, units

CHECKS: Final[dict[str, Callable[[Path], Iterator[str]]]] = {
    "accounts": accounts.faults,
    "units": units.faults,
    "packages": packages.faults,
    "secrets": secrets.faults,
}


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python3 -m image.check", description=__doc__)
    parser.add_argument("root", type=Path, metavar="ROOT", help="the folder of the system's files")
    root = parser.parse_args().root
    installed = packages.installed(root)
    print(f"packages  {len(installed)} of {packages.PACKAGES_AT_MOST}, {packages.size_mb(root):.0f} MB")
    print("enabled   " + " ".join(sorted(units.enabled(root))))
    print("ports     " + (" ".join(f"{name}:{address}" for name, address in units.listening(root)) or "none"))
    found = [f"{name}: {line}" for name, check in CHECKS.items() for line in check(root)]
    for line in found:
        print(f"FAULT     {line}")
    print("refused" if found else "good")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
