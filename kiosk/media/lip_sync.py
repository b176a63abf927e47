"""Keeps lips and voice together: how much longer pictures must wait for the sound. Pure.

Both streams' sender reports (RFC 3550, 6.4.1) name the far end's one clock, so that what was seen and heard at the same
moment there can be seen and heard at the same moment here. It is always the picture that waits: sound that is held
back, or stretched, is heard at once.
"""

from dataclasses import dataclass
from typing import Final

SEEN_S: Final = 0.08
"""Nobody notices less (ITU-R BT.1359: from 45 ms early to 125 ms late)."""
ENOUGH_S: Final = 0.02
"""Once it is corrected, it is corrected to this."""
LIMIT_S: Final = 0.3
STEP_S: Final = 0.02
"""More, or less, waiting per call, once a second: it cannot be seen."""
SMOOTHING: Final = 0.2
FIRST: Final = 5
"""So many looks before anything is done."""
SANE_S: Final = 5.0
"""Clocks that say more than this are not one clock."""
SOUND_HZ: Final = 48_000
PICTURE_HZ: Final = 90_000


@dataclass(frozen=True, slots=True)
class Presented:
    """A moment of one stream, at both ends."""

    timestamp: int
    """RTP, without wrap-around."""
    at_s: float
    """When it was seen or heard here: monotonic seconds."""
    report_ntp_s: float
    """The far end's clock in its newest sender report …"""
    report_timestamp: int
    """… and the timestamp that goes with it: of the same count as `timestamp`."""


class LipSync:
    """Asked once a second."""

    def __init__(self) -> None:
        self._skew_s: float | None = None
        self._looks = 0
        self._correcting = False
        self.hold_s = 0.0
        """How long pictures are to wait more than they would."""

    @property
    def skew_ms(self) -> float | None:
        """How much later than the picture its sound is heard, smoothed; None while it is unknown."""
        return None if self._skew_s is None else self._skew_s * 1000

    def update(self, sound: Presented | None, picture: Presented | None) -> float:
        """What was presented lately, if anything; what `hold_s` is from now on."""
        if sound is None or picture is None:
            return self.hold_s
        skew_s = _delay_s(sound, SOUND_HZ) - _delay_s(picture, PICTURE_HZ)
        if abs(skew_s) > SANE_S:
            return self.hold_s
        self._looks += 1
        before_s = self._skew_s or 0.0
        self._skew_s = before_s + max(SMOOTHING, 1 / self._looks) * (skew_s - before_s)
        if abs(self._skew_s) > SEEN_S and self._looks >= FIRST:
            self._correcting = True
        elif abs(self._skew_s) < ENOUGH_S:
            self._correcting = False
        if self._correcting:
            step_s = max(-STEP_S, min(self._skew_s, STEP_S))
            held_s = self.hold_s
            self.hold_s = max(0.0, min(held_s + step_s, LIMIT_S))
            # What was just decided will be seen in the skew only later.
            self._skew_s -= self.hold_s - held_s
        return self.hold_s


def _delay_s(presented: Presented, clock_hz: int) -> float:
    """From the far end's moment to ours; of both streams it counts from the same unknown."""
    sent_at_s = presented.report_ntp_s + (presented.timestamp - presented.report_timestamp) / clock_hz
    return presented.at_s - sent_at_s
