"""When a connection from which nothing comes is given up.

What counts as life is any packet of the far end's transport (RTP, RTCP, DTLS) and, when there is none for a while, an
authenticated answer of its ICE agent to our own question. RTP and RTCP alone are no measure: aiortc reports about
once a second while it has a sender, but a browser that sends nothing reports every 5 s only, and a far end that never
received anything from us may not report at all. ICE's own consent checks are no measure either: they give up after
30 s. An agent must answer a check (RFC 7675), so asking it tells a quiet far end from a dead path.
"""

from typing import Final

from kiosk.errors import MediaError

POLL_S: Final = 0.25
"""How often the counters are read."""
ASK_AFTER_S: Final = 1.0
"""Silence after which the far end's ICE agent is asked, again and again until something comes."""


class Liveness:
    """Measures silence in turns of the loop: a loop that was itself stopped has not listened, so it accuses nobody."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._heard = -1
        self.silent_s = 0.0

    def note(self, heard: int, elapsed_s: float) -> None:
        """`heard` counts signs of life so far; `elapsed_s` is the time since the last note. Raises MediaError."""
        if heard != self._heard:
            self._heard = heard
            self.silent_s = 0.0
            return
        self.silent_s += min(elapsed_s, 2 * POLL_S)
        if self.silent_s >= self._timeout_s:
            raise MediaError(f"nothing has come from the far end for {self._timeout_s:g} s")
