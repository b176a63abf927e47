"""Which requests for a key frame get one of their own. Pure; times are monotonic seconds."""

from typing import Final

EVERY_S: Final = 0.3


class KeyRequests:
    """At most one key frame per round trip and 300 ms, however often the far end asks."""

    def __init__(self) -> None:
        self._left_at_s = float("-inf")
        self._asked = False

    def sent(self, left_at_s: float) -> None:
        """A key frame's last packet leaves then."""
        self._left_at_s = left_at_s
        self._asked = False

    def ask(self, now_s: float, rtt_s: float) -> float | None:
        """The far end wants one: code it after so many seconds. None: one is on its way already."""
        # Whoever asked before the last one can have arrived, asked for that one.
        if self._asked or now_s < self._left_at_s + rtt_s:
            return None
        self._asked = True
        return max(0.0, self._left_at_s + EVERY_S - now_s)
