"""Are picture, microphone and loudspeaker good enough to be seen and heard? Verdicts from frames and blocks, pure.

Whether a face stands in the middle is not judged: the patient sees herself. Rejected: OpenCV, whose smallest wheel for
the Raspberry Pi is 86 MB unpacked with a second FFmpeg in it, and brings neither YuNet's model nor a cascade; packages
of a few files around one, of which none is kept up; a cascade of our own, which no faces at hand could prove right.
"""

from kiosk.selfcheck.echo import Echo, find_echo
from kiosk.selfcheck.picture import PictureVerdict, PictureWatch
from kiosk.selfcheck.sound import SoundVerdict, SoundWatch

__all__ = ["Echo", "PictureVerdict", "PictureWatch", "SoundVerdict", "SoundWatch", "find_echo"]
