"""How often the patient's own picture is drawn: moving, but at half the price of the far end's."""

from typing import Final

LEAST_S: Final = 0.045
"""From one picture to the next, at least: of 30 a second every second one passes, of 15 a second every one."""


class Pace:
    """Lets pictures of one visit pass now and then. One thread."""

    def __init__(self, least_s: float = LEAST_S) -> None:
        """`least_s`: from one that passes to the next."""
        self._least_s = least_s
        self._tag: int | None = None
        self._passed_at_s = 0.0

    def passes(self, tag: int, now_s: float) -> bool:
        """Whether this picture is to be drawn. The first one of a visit always is."""
        if tag == self._tag and 0 <= now_s - self._passed_at_s < self._least_s:
            return False
        self._tag, self._passed_at_s = tag, now_s
        return True
