"""Are picture, microphone and loudspeaker good enough to be seen and heard? Verdicts from frames and blocks, pure."""

from kiosk.selfcheck.echo import Echo, find_echo
from kiosk.selfcheck.picture import PictureVerdict, PictureWatch
from kiosk.selfcheck.sound import SoundVerdict, SoundWatch

__all__ = ["Echo", "PictureVerdict", "PictureWatch", "SoundVerdict", "SoundWatch", "find_echo"]
