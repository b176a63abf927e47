"""The mixer of any sound card, by ALSA (pyalsaaudio)."""

import logging
from typing import Any, Final

from kiosk.devices import mixer

CENTIBELS: Final = 100
"""ALSA counts in hundredths of a decibel."""
AT_LEAST_DB: Final = 30.0
"""A control with less room than this would be turned off at the softest level."""
NEAR_DB: Final = 2.0
"""Cards have steps of their own; what is further off than this is no answer."""

log = logging.getLogger(__name__)


class AlsaVolume:
    """Full is 0 dB, or the control's end where that is lower: what is above 0 dB distorts."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._told = False

    def set(self, gain_db: float) -> bool:
        try:
            import alsaaudio as library  # noqa: PLC0415
        except ImportError:
            return False
        try:
            done = self._set(library, gain_db)
        except library.ALSAAudioError:
            # A sound server's plugin may have no mixer at all, and a card may just have been pulled out.
            done = False
        if not self._told:
            self._told = True
            log.info("volume: set by %s", "the card's mixer" if done else "making the sound itself softer")
        return done

    def _set(self, library: Any, gain_db: float) -> bool:
        name = mixer.mixer_of(self._device)
        known = library.mixers(device=name)
        for control in mixer.CONTROLS:
            if control not in known:
                continue
            found = library.Mixer(control, device=name)
            try:
                if _turned(library, found, gain_db):
                    return True
            finally:
                found.close()
        return False


def _turned(library: Any, control: Any, gain_db: float) -> bool:
    decibels: dict[str, Any] = {"pcmtype": library.PCM_PLAYBACK, "units": library.VOLUME_UNITS_DB}
    if not control.volumecap():
        return False
    low, high = (bound / CENTIBELS for bound in control.getrange(**decibels))
    full = min(high, 0.0)
    if full - low < AT_LEAST_DB:
        return False
    wanted = full + gain_db
    control.setvolume(round(wanted * CENTIBELS), **decibels)
    if control.switchcap():
        control.setmute(0)
    return all(abs(volume / CENTIBELS - wanted) < NEAR_DB for volume in control.getvolume(**decibels))
