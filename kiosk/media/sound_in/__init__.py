"""The far end's sound: from RTP packets, however they come, to blocks for the loudspeaker."""

from kiosk.media.sound_in.packet import Packet
from kiosk.media.sound_in.sound_in import Presence, SoundIn, SoundInFigures

__all__ = ["Packet", "Presence", "SoundIn", "SoundInFigures"]
