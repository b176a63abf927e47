"""When a connection from which nothing comes is given up.

What counts as life is any packet of the far end's transport (RTP, RTCP, DTLS) and, when there is none for a moment, an
authenticated answer of its ICE agent to our own question. RTP and RTCP alone are no measure: aiortc reports about
once a second while it has a sender, but a browser that sends nothing reports every 5 s only, and a far end that never
received anything from us may not report at all. ICE's own consent checks are no measure either: they give up after
30 s. An agent must answer a check (RFC 7675), so asking it tells a quiet far end from a dead path.

A stream that breaks off is suspicious at once, and the far end is asked several times within a second. One that was
quiet before gets longer: there, a few lost questions must not end a call that is well.
"""

from typing import Final

from kiosk.errors import MediaError

POLL_S: Final = 0.1
"""How often the counters are read."""
ASK_AFTER_S: Final = 0.3
"""Silence after which the far end's ICE agent is asked."""
ASK_EVERY_S: Final = 0.2
"""And again and again until something comes."""
FLOWING: Final = 10
"""So many packets since the last silence make a stream. Sound alone has 50 a second."""
QUIET_TIMEOUT_S: Final = 4.0
"""The least that a far end gets that was quiet before."""


class Liveness:
    """Measures silence in turns of the loop: a loop that was itself stopped has not listened, so it accuses nobody."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._packets = 0
        self._answers = 0
        self._streamed = 0
        self.silent_s = 0.0

    def note(self, packets: int, answers: int, elapsed_s: float) -> None:
        """`packets` and `answers` count signs of life so far; `elapsed_s` is the time since the last note. Raises
        MediaError."""
        heard_packets = packets != self._packets
        if heard_packets or answers != self._answers:
            # An answer proves that the path lives, and that the stream has paused.
            self._streamed = self._streamed + packets - self._packets if heard_packets else 0
            self._packets, self._answers = packets, answers
            self.silent_s = 0.0
            return
        self.silent_s += min(elapsed_s, 2 * POLL_S)
        flowing = self._streamed >= FLOWING
        timeout_s = self._timeout_s if flowing else max(self._timeout_s, QUIET_TIMEOUT_S)
        if self.silent_s >= timeout_s:
            raise MediaError(f"nothing has come from the far end for {timeout_s:g} s")
