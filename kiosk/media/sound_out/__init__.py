"""The sound that is sent: stamped with its time, encoded, handed to the connection."""

from kiosk.media.sound_out.line import Sound, SoundLine
from kiosk.media.sound_out.sending import SoundOutFigures, SoundSending

__all__ = ["Sound", "SoundLine", "SoundOutFigures", "SoundSending"]
