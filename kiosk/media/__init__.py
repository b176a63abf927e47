"""WebRTC: picture and sound, both ways. The terminal's only room that knows aiortc and PyAV."""

from kiosk.media.incoming import Incoming
from kiosk.media.outgoing import Outgoing
from kiosk.media.receiver import Receiver
from kiosk.media.rings import SoundRing
from kiosk.media.session import MediaSession
from kiosk.media.settings import Settings
from kiosk.media.stats import MediaStats

__all__ = ["Incoming", "MediaSession", "MediaStats", "Outgoing", "Receiver", "Settings", "SoundRing"]
