"""How the machine does: the simulated one, and what real machines' files say."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.devices.health import Health, Reading, Settings, Simulation, open_health
from kiosk.devices.health.linux import LinuxHealth
from kiosk.devices.health.port import Throttle

PI_5 = {
    "sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
    "sys/class/thermal/thermal_zone0/temp": "57850\n",
    "sys/devices/platform/soc@107c000000/soc:firmware/get_throttled": "0\n",
    "sys/class/hwmon/hwmon0/name": "cpu_thermal\n",
    "sys/class/hwmon/hwmon3/name": "rpi_volt\n",
    "sys/class/hwmon/hwmon3/in0_lcrit_alarm": "0\n",
    "run/systemd/timesync/synchronized": "",
    "proc/self/mountinfo": "22 1 8:2 / / ro,relatime shared:1 - erofs /dev/root ro,user_xattr\n"
    "31 22 8:6 /slot_a/var /var ro,nosuid shared:9 - ext4 /dev/sda6 rw,errors=remount-ro\n",
}
"""A read-only root with /var on the data partition, seen from a service that may write neither."""
PI_4 = {
    "sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
    "sys/class/thermal/thermal_zone0/temp": "81798\n",
    "sys/devices/platform/soc/soc:firmware/get_throttled": "50005\n",
    "run/systemd/timesync/clock": "",
    "proc/self/mountinfo": "26 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw\n",
}
"""With a telephone's charger, in the sun, without a network since it was switched on."""
MAINLINE = {
    "sys/class/thermal/thermal_zone0/type": "acpitz\n",
    "sys/class/thermal/thermal_zone0/temp": "27800\n",
    "sys/class/hwmon/hwmon1/name": "rpi_volt\n",
    "sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1\n",
    "proc/self/mountinfo": "1 0 0:1 / / rw - rootfs rootfs rw\n",
}
RUBBISH = {
    "sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
    "sys/class/thermal/thermal_zone0/temp": "warm\n",
    "sys/devices/platform/soc/soc:firmware/get_throttled": "no\n",
    "proc/self/mountinfo": "x\n1 2 3 / /\n\n26 1 179:2 / / rw -\n",
}
FOUND = [
    (PI_5, Reading(57.85, Throttle(0), 40, True)),
    (
        PI_4,
        Reading(
            81.798,
            Throttle.UNDER_VOLTAGE
            | Throttle.THROTTLED
            | Throttle.UNDER_VOLTAGE_SINCE_START
            | Throttle.THROTTLED_SINCE_START,
            5_000,
            False,
        ),
    ),
    (MAINLINE, Reading(None, Throttle.UNDER_VOLTAGE, 5_000, None)),
    (RUBBISH, Reading()),
    ({}, Reading()),
]


@dataclass
class Disks:
    """What statvfs says: a full root that is read-only, 40 MB in /var, or 5 GB in a root that holds all."""

    has_var: bool
    asked: list[str] = field(default_factory=list)

    def __call__(self, path: str) -> os.statvfs_result:
        self.asked.append(path)
        blocks = 0 if path == "/" and self.has_var else 10_000 if self.has_var else 1_250_000
        return os.statvfs_result((4000, 4000, 2_000_000, blocks + 7, blocks, 0, 0, 0, 0, 255))


def forbidden() -> int:
    raise PermissionError(1, "Operation not permitted")


def machine(root: Path, files: dict[str, str], clock: int | None = None) -> LinuxHealth:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    disks = Disks("/var" in files.get("proc/self/mountinfo", ""))
    return LinuxHealth(root, disks, forbidden if clock is None else lambda: clock)


@pytest.mark.parametrize(("files", "expected"), FOUND, ids=["pi 5", "pi 4", "mainline", "rubbish", "nothing"])
def test_what_is_found(files: dict[str, str], expected: Reading, tmp_path: Path) -> None:
    assert machine(tmp_path, files).read() == expected


@pytest.mark.parametrize(
    ("files", "clock", "synchronised"), [({}, 0, True), ({}, 5, False), (PI_4, 0, True), (PI_5, 5, True)]
)
def test_the_kernel_s_clock_is_asked_where_no_file_says_yes(
    files: dict[str, str], clock: int, synchronised: bool, tmp_path: Path
) -> None:
    assert machine(tmp_path, files, clock).read().clock_synchronised is synchronised


@pytest.fixture(params=["simulated", "linux"])
def health(request: pytest.FixtureRequest) -> Health:
    return open_health(Settings(request.param), Simulation())


def test_it_answers_soon_and_again_and_again(health: Health) -> None:
    began_s = time.process_time()
    readings = [health.read() for _ in range(5)]
    assert time.process_time() - began_s < 0.5
    assert all(isinstance(reading, Reading) for reading in readings)
    assert all(reading.temperature_c is None or -40 < reading.temperature_c < 130 for reading in readings)


def test_the_simulated_machine_is_as_well_as_it_is_told() -> None:
    simulation = Simulation()
    health = open_health(Settings(), simulation)
    assert health.read().temperature_c == 45
    simulation.reading = Reading(91.0)
    assert health.read() == Reading(91.0)
