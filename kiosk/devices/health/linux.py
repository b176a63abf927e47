"""The machine's own state as the Linux kernel shows it in /sys, /proc and /run. No program is started, no right needed.

Chosen: the files of sysfs. Rejected: `vcgencmd`, which needs the right to the firmware's mailbox for the same bits.
"""

import ctypes
import errno
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from kiosk.devices.health.port import Reading, Throttle

CPU_ZONE: Final = "cpu-thermal"
"""What a Raspberry Pi is slowed down by."""
VOLTAGE_SENSOR: Final = "rpi_volt"
THROTTLED_AT: Final = ("sys/devices/platform/*/get_throttled", "sys/devices/platform/*/*/get_throttled")
SYNCHRONISED: Final = "run/systemd/timesync/synchronized"
"""systemd-timesyncd touches it at every answer of a time server."""
DISKS: Final = ("/", "/var")
"""A read-only root is always full: then it is /var that matters."""
TIME_ERROR: Final = 5
"""adjtimex(2): the clock is not synchronised."""
TIMEX_BYTES: Final = 256
"""More than struct timex has on any machine."""

log = logging.getLogger(__name__)


def clock_state() -> int:
    """What adjtimex(2) says when asked for nothing. Raises OSError where that is forbidden."""
    libc = ctypes.CDLL(None, use_errno=True)
    state: int = libc.adjtimex(ctypes.create_string_buffer(TIMEX_BYTES))
    if state < 0:
        number = ctypes.get_errno() or errno.EPERM
        raise OSError(number, os.strerror(number))
    return state


class LinuxHealth:
    """Reads files anew at each asking."""

    def __init__(
        self,
        root: Path = Path("/"),
        statvfs: Callable[[str], os.statvfs_result] = os.statvfs,
        clock: Callable[[], int] = clock_state,
    ) -> None:
        """`root` is where sys, proc and run are found."""
        self._root = root
        self._statvfs = statvfs
        self._clock = clock

    def read(self) -> Reading:
        return Reading(self._temperature_c(), self._throttled(), self._disk_free_mb(), self._synchronised())

    def _temperature_c(self) -> float | None:
        for zone in self._found("sys/class/thermal/thermal_zone*"):
            word = _text(zone / "temp")
            if _text(zone / "type") == CPU_ZONE and word.lstrip("-").isdecimal():
                return int(word) / 1000
        return None

    def _throttled(self) -> Throttle | None:
        for pattern in THROTTLED_AT:
            for path in self._found(pattern):
                try:
                    return Throttle(int(_text(path), 16) & _KNOWN)
                except ValueError:
                    continue
        for sensor in self._found("sys/class/hwmon/hwmon*"):
            if _text(sensor / "name") == VOLTAGE_SENSOR:
                return Throttle.UNDER_VOLTAGE if _text(sensor / "in0_lcrit_alarm") == "1" else Throttle(0)
        return None

    def _disk_free_mb(self) -> int | None:
        free = []
        for disk in DISKS:
            if not self._writable(disk):
                continue
            try:
                there = self._statvfs(disk)
            except OSError as error:
                log.debug("health: %s", error)
                continue
            free.append(there.f_bavail * there.f_frsize // 1_000_000)
        return min(free, default=None)

    def _writable(self, disk: str) -> bool:
        """The file system itself; a service that may not write sees even that as read-only."""
        best = ""
        writable = False
        for line in _text(self._root / "proc/self/mountinfo").splitlines():
            # id parent device root mount-point options … - type source superblock-options
            fields = line.split(" ")
            if "-" not in fields[6:] or len(fields) < fields.index("-", 6) + 4:
                continue
            point = fields[4]
            holds = point in ("/", disk) or disk.startswith(point.rstrip("/") + "/")
            if holds and len(point) >= len(best):
                best, writable = point, "rw" in fields[fields.index("-", 6) + 3].split(",")
        return writable

    def _synchronised(self) -> bool | None:
        if (self._root / SYNCHRONISED).exists():
            return True
        try:
            return self._clock() != TIME_ERROR
        except (OSError, AttributeError) as error:
            log.debug("health: the kernel does not tell about its clock (%s)", type(error).__name__)
        return False if (self._root / SYNCHRONISED).parent.exists() else None

    def _found(self, pattern: str) -> Iterator[Path]:
        yield from sorted(self._root.glob(pattern))


_KNOWN: Final = sum(bit.value for bit in Throttle)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError as error:
        log.debug("health: %s", error)
        return ""
