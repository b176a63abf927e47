"""A host's wishes for our camera, in the platform's words. Pure."""

import math
from typing import Any, Final

from kiosk.rooms.port import RoomCamera

LONGEST_MOVE_S: Final = 3.0
USUAL_MOVE_S: Final = 1.0
MOST_MOVEMENTS: Final = 8

_STEPS: Final = {
    ("pan", "left"): ("pan", -1),
    ("pan", "right"): ("pan", 1),
    ("tilt", "down"): ("tilt", -1),
    ("tilt", "up"): ("tilt", 1),
    ("zoom", "out"): ("zoom", -1),
    ("zoom", "in"): ("zoom", 1),
}


def steering(wish: dict[str, Any]) -> RoomCamera | None:
    """The move that is wished for; None when it makes no sense to us."""
    action = wish.get("action")
    if action == "stop":
        return RoomCamera(0, 0, 0, 0.0)
    movements = wish.get("movement")
    if action not in ("start", "continue") or not isinstance(movements, list):
        return None
    axes = {"pan": 0, "tilt": 0, "zoom": 0}
    for movement in movements[:MOST_MOVEMENTS]:
        if isinstance(movement, dict):
            axis, direction = movement.get("axis"), movement.get("direction")
            if isinstance(axis, str) and isinstance(direction, str) and (axis, direction) in _STEPS:
                name, step = _STEPS[axis, direction]
                axes[name] = step
    if not any(axes.values()):
        return None
    return RoomCamera(axes["pan"], axes["tilt"], axes["zoom"], _seconds(wish.get("timeout")))


def _seconds(milliseconds: object) -> float:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float) or not 0 < milliseconds < math.inf:
        return USUAL_MOVE_S
    return min(LONGEST_MOVE_S * 1000, milliseconds) / 1000
