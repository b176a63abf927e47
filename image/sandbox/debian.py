"""Where Debian comes from: this machine's own apt settings, so that no mirror's name stands anywhere here."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

SUITE: Final = "trixie"
APT: Final = Path("/etc/apt")


def mirrors(texts: Iterable[str]) -> tuple[str, str | None]:
    """The addresses of Debian's archive and of its security archive in these sources files. Raises ValueError when none
    is there."""
    found = [address for text in texts for address in _addresses(text)]
    main = next((each for each in found if re.search(r"/debian/?$", each)), None)
    if main is None:
        raise ValueError("this machine's apt names no Debian archive; name one: --mirror")
    return main, next((each for each in found if "debian-security" in each), None)


def own() -> tuple[str, str | None]:
    """Those of this machine."""
    files = [APT / "sources.list", *sorted(APT.glob("sources.list.d/*"))]
    return mirrors(each.read_text(encoding="utf-8") for each in files if each.is_file())


def sources(main: str, security: str | None, components: str = "main non-free-firmware") -> list[str]:
    """Lines for the image's build; they do not stay in the image."""
    lines = [f"deb {main} {SUITE} {components}", f"deb {main} {SUITE}-updates {components}"]
    return [*lines, f"deb {security} {SUITE}-security {components}"] if security else lines


def _addresses(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.startswith("URIs:"):
            yield from line.split()[1:]
        elif match := re.match(r"deb\s+(?:\[[^]]*\]\s+)?(\S+)", line):
            yield match[1]
