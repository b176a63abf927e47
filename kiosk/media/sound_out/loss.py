"""How much loss the error correction should be made for."""

from typing import Final

HALF_LIFE_S: Final = 10.0
"""Loss comes in spells; a quiet report between two of them must not take the protection away."""
NONE_BELOW: Final = 0.01
"""A line that loses less keeps all bits for the voice itself."""


class Loss:
    """Rises with the report, falls slowly after it."""

    def __init__(self) -> None:
        self.reported = 0.0
        """The share of the newest report, 0 to 1."""
        self._expected = 0.0
        self._reported_at_s: float | None = None

    def expected(self, lost: float, now_s: float) -> float:
        """The share to prepare for, 0 to 1, after a report of `lost` (0 to 1) at that monotonic time."""
        if self._reported_at_s is not None:
            self._expected *= 0.5 ** ((now_s - self._reported_at_s) / HALF_LIFE_S)
        self._reported_at_s = now_s
        self.reported = lost
        self._expected = max(self._expected, lost)
        return self._expected if self._expected >= NONE_BELOW else 0.0
