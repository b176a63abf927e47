"""How warm the board is."""

from pathlib import Path
from typing import Final

ZONES: Final = Path("/sys/class/thermal")
KIND: Final = "cpu-thermal"
"""The zone that a Raspberry Pi slows down by. Other machines take care of themselves."""


def read_temperature_c(zones: Path = ZONES) -> float | None:
    """Degrees Celsius; None when this is not known. A file of sysfs: returns at once."""
    try:
        for zone in sorted(zones.glob("thermal_zone*")):
            if (zone / "type").read_text().strip() == KIND:
                return int((zone / "temp").read_text()) / 1000
    except (OSError, ValueError):
        return None
    return None
