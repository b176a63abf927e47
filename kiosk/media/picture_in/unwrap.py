"""Numbers that wrap around, as numbers that do not."""


class Unwrapper:
    """Follows the newest value; each value is taken for the nearest possible one."""

    def __init__(self, bits: int) -> None:
        self._size = 1 << bits
        self._newest: int | None = None

    def unwrap(self, value: int) -> int:
        """Without the wrap-around. May be negative for what came before the first."""
        newest = self._newest
        if newest is None:
            self._newest = value
            return value
        ahead = (value - newest) % self._size
        if ahead >= self._size // 2:
            return newest + ahead - self._size
        self._newest = newest + ahead
        return newest + ahead
