"""The machine's own interfaces, as the Linux kernel shows them in /sys and /proc; wireless ones by NetworkManager."""

import logging
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk.consultation.model import Wifi, WifiFault
from kiosk.devices.network.outcome import fault_of

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
WIFI_TIMEOUT_S: Final = 35
PORTAL_TIMEOUT_S: Final = 10
_C_LOCALE: Final = {**os.environ, "LC_ALL": "C"}

log = logging.getLogger(__name__)

_FLAG_LOOPBACK: Final = 0x8
_RTF_UP: Final = 0x1
_SCOPE_GLOBAL: Final = "00"


class LinuxNetwork:
    """Up: some interface but the loopback has a link, and either an IPv4 route or a global IPv6 address."""

    def __init__(self, root: Path = Path("/"), run: Run = subprocess.run) -> None:
        """`root` is where sys and proc are found; `run` starts NetworkManager's nmcli."""
        self._run = run
        self._interfaces = root / "sys/class/net"
        self._routes = root / "proc/net/route"
        self._addresses6 = root / "proc/net/if_inet6"

    def up(self) -> bool:
        linked = {folder.name for folder in _folders(self._interfaces) if _linked(folder)}
        return bool(linked & (self._with_routes() | self._with_addresses6()))

    def join(self, wifi: Wifi) -> WifiFault | None:
        # Every process of the machine can read a command line: the password is answered when it is asked for.
        command = ["nmcli", "--ask", "--wait", str(WIFI_TIMEOUT_S), "device", "wifi", "connect", wifi.name]
        command += ["hidden", "yes"] if wifi.hidden else []
        answer = f"{wifi.password}\n".encode() if wifi.password is not None else b""
        try:
            # Its output names the network: only its meaning is told.
            limit_s = WIFI_TIMEOUT_S + 10
            done = self._run(command, input=answer, check=False, capture_output=True, timeout=limit_s, env=_C_LOCALE)
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            log.warning("network: NetworkManager cannot be asked (%s)", type(error).__name__)
            return WifiFault.OTHER
        if done.returncode:
            fault = fault_of(done.returncode, (done.stderr + done.stdout).decode(errors="replace"))
            log.warning("network: the wireless network was not joined (nmcli: %d, %s)", done.returncode, fault.value)
            return fault
        return WifiFault.LOGIN if self._wants_log_in() else None

    def _wants_log_in(self) -> bool:
        """Asked of NetworkManager, which knows where it was told an address to try ([connectivity] in its settings)."""
        command = ["nmcli", "networking", "connectivity", "check"]
        try:
            done = self._run(command, check=False, capture_output=True, timeout=PORTAL_TIMEOUT_S, env=_C_LOCALE)
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            log.warning("network: NetworkManager cannot be asked (%s)", type(error).__name__)
            return False
        return bool(done.stdout.strip() == b"portal")

    def _with_routes(self) -> set[str]:
        # Iface Destination Gateway Flags …; an address on an interface makes a route to its own net.
        rows = (line.split() for line in _lines(self._routes)[1:])
        return {row[0] for row in rows if len(row) > 3 and _hex(row[3]) & _RTF_UP}

    def _with_addresses6(self) -> set[str]:
        # address ifindex prefix scope flags name
        rows = (line.split() for line in _lines(self._addresses6))
        return {row[5] for row in rows if len(row) == 6 and row[3] == _SCOPE_GLOBAL}


def _linked(folder: Path) -> bool:
    if _hex(_word(folder / "flags")) & _FLAG_LOOPBACK:
        return False
    # "unknown" is what drivers say that do not know, such as tunnels; then the carrier decides.
    state = _word(folder / "operstate")
    return state == "up" or (state == "unknown" and _word(folder / "carrier") == "1")


def _folders(path: Path) -> list[Path]:
    try:
        return list(path.iterdir())
    except OSError as error:
        log.debug("network: %s", error)
        return []


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError as error:
        # Reading the carrier of an interface that is switched off is an error, and so is a machine without IPv6.
        log.debug("network: %s", error)
        return []


def _word(path: Path) -> str:
    return "".join(_lines(path)[:1]).strip()


def _hex(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        return 0
