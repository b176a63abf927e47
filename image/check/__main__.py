"""`python3 -m image.check ROOT`: a table of what was looked at in a built system, and what it starts and holds; exit
code 1 when it must not be used."""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from image import sbom
from image.check import accounts, packages, secrets, units


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the table."""

    told: Callable[[Path], str]
    """What was looked at, in figures."""
    faults: Callable[[Path], Iterator[str]]


CHECKS: Final = {
    "accounts": Check(accounts.told, accounts.faults),
    "units": Check(units.told, units.faults),
    "packages": Check(packages.told, packages.faults),
    "secrets": Check(secrets.told, secrets.faults),
    "parts": Check(sbom.told, sbom.faults),
}


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python3 -m image.check", description=__doc__)
    parser.add_argument("root", type=Path, metavar="ROOT", help="the folder of the system's files")
    root = parser.parse_args().root
    found = {name: list(check.faults(root)) for name, check in CHECKS.items()}
    for name, check in CHECKS.items():
        print(f"{name:<10} {'FAULT' if found[name] else 'good':<6} {check.told(root)}")
    for name, lines in found.items():
        print("".join(f"FAULT      {name}: {line}\n" for line in lines), end="")
    refused = any(found.values())
    print("refused" if refused else "good")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
