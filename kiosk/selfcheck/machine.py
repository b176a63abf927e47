"""Is the machine well? Its ailments from its readings: each begins at one limit and ends at another."""

from typing import Final

from kiosk.consultation.model import Ailment
from kiosk.devices.health.port import Reading, Throttle

HOT_FROM_C: Final = 80.0
"""From here on a Raspberry Pi slows itself down."""
COOL_BELOW_C: Final = 75.0
FULL_BELOW_MB: Final = 100
ROOM_FROM_MB: Final = 150
STUCK_FROM_S: Final = 30.0

_WEAK: Final = Throttle.UNDER_VOLTAGE | Throttle.UNDER_VOLTAGE_SINCE_START
"""Dips are short, and another charger means another start of the machine."""


def ailments(reading: Reading, before: frozenset[Ailment] = frozenset()) -> frozenset[Ailment]:
    """What is wrong now; what the machine does not tell is not wrong."""
    found = set()
    celsius, throttled = reading.temperature_c, reading.throttled or Throttle(0)
    hot = celsius is not None and celsius >= (COOL_BELOW_C if Ailment.HOT in before else HOT_FROM_C)
    if hot or throttled & Throttle.SOFT_LIMIT:
        found.add(Ailment.HOT)
    if throttled & _WEAK:
        found.add(Ailment.WEAK_POWER)
    limit_mb = ROOM_FROM_MB if Ailment.DISK_FULL in before else FULL_BELOW_MB
    if reading.disk_free_mb is not None and reading.disk_free_mb < limit_mb:
        found.add(Ailment.DISK_FULL)
    if reading.clock_synchronised is False:
        found.add(Ailment.CLOCK_UNSURE)
    if (reading.button_held_s or 0.0) >= STUCK_FROM_S:
        found.add(Ailment.BUTTON_STUCK)
    return frozenset(found)


def figures(reading: Reading) -> dict[str, tuple[str, Ailment]]:
    """For the technician: each part, its figures, and the ailment that it may have."""
    celsius, throttled, free_mb = reading.temperature_c, reading.throttled, reading.disk_free_mb
    clock = {None: _UNTOLD, True: "set by the network", False: "not set by the network yet"}
    bits = " ".join(bit.name.lower() for bit in throttled if bit.name) if throttled else "enough"
    held_s = reading.button_held_s
    button = _UNTOLD if held_s is None else f"down for {held_s:.0f} s" if held_s else "up"
    return {
        "button": (button, Ailment.BUTTON_STUCK),
        "temperature": (_UNTOLD if celsius is None else f"{celsius:.0f} °C", Ailment.HOT),
        "power": (_UNTOLD if throttled is None else bits, Ailment.WEAK_POWER),
        "disk": (_UNTOLD if free_mb is None else f"{free_mb} MB free", Ailment.DISK_FULL),
        "clock": (clock[reading.clock_synchronised], Ailment.CLOCK_UNSURE),
    }


_UNTOLD: Final = "this machine does not tell"
