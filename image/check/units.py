"""What starts by itself is what the preset names, and nothing of it listens."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PRESET: Final = "usr/lib/systemd/system-preset/00-kiosk.preset"
FOLDERS: Final = ("etc/systemd/system", "usr/lib/systemd/system")
MASKED: Final = (
    "getty@.service",
    "serial-getty@.service",
    "console-getty.service",
    "debug-shell.service",
    "systemd-logind.service",
    "ctrl-alt-del.target",
    "bluetooth.service",
    "ssh.service",
    "ssh.socket",
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
)


def allowed(root: Path) -> frozenset[str]:
    """The allow-list."""
    text = (root / PRESET).read_text(encoding="utf-8")
    return frozenset(re.findall(r"(?m)^enable (\S+)", text))


def enabled(root: Path) -> frozenset[str]:
    """What links in /etc start: everything that was enabled for this system."""
    return frozenset(
        link.name
        for kind in ("wants", "requires", "upholds")
        for link in (root / "etc/systemd/system").glob(f"*.{kind}/*")
        if not _masked(link) and not _masked(root / "etc/systemd/system" / link.name)
    )


def faults(root: Path) -> Iterator[str]:
    """One line for each unit that is on without leave, off against the preset, not masked, or listening."""
    on, may = enabled(root), allowed(root)
    yield from (f"enabled without leave: {each}" for each in sorted(on - may))
    there = {each for each in may if any((root / folder / each).exists() for folder in FOLDERS)}
    yield from (f"should be enabled: {each}" for each in sorted(there - on))
    yield from (f"not masked: {each}" for each in MASKED if not _masked(root / "etc/systemd/system" / each))
    for name, address in listening(root):
        yield f"listens on the network: {name} ({address})"
    if "disable *" not in (root / PRESET).read_text(encoding="utf-8").splitlines():
        yield "the preset lets in what it does not name"


def told(root: Path) -> str:
    """What starts by itself, and which ports systemd opens."""
    ports = " ".join(f"{name}:{address}" for name, address in listening(root)) or "none"
    return f"enabled: {' '.join(sorted(enabled(root)))}; masked: {len(MASKED)} and more; ports: {ports}"


def listening(root: Path) -> Iterator[tuple[str, str]]:
    """Socket units with a port, unless they are masked; a path or an @abstract name is no port."""
    for folder in FOLDERS:
        for unit in sorted((root / folder).glob("*.socket")):
            if _masked(root / "etc/systemd/system" / unit.name) or not unit.is_file():
                continue
            text = unit.read_text(encoding="utf-8", errors="replace")
            for address in re.findall(r"(?m)^Listen(?:Stream|Datagram|SequentialPacket)=(\S+)", text):
                if not address.startswith(("/", "@", "%t", "vsock:")) and _startable(root, unit.name):
                    yield unit.name, address


def _startable(root: Path, name: str) -> bool:
    # All links are listed and their names compared: a glob with the name at its end follows it, out of our root.
    return any(link.name == name for folder in FOLDERS for link in (root / folder).glob("*.wants/*"))


def _masked(path: Path) -> bool:
    # Looked at without following: in a folder that is not our root the link leads elsewhere.
    return path.is_symlink() and str(path.readlink()) == "/dev/null"
