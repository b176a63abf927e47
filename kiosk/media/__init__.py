"""WebRTC: picture and sound, both ways. The terminal's only room that knows aiortc and PyAV.

What is named here is read in when it is first asked for. The settings alone are wanted by every program at each start,
and aiortc is most of what a start would wait for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from kiosk.media.settings import Settings

if TYPE_CHECKING:
    from kiosk.media.incoming import Incoming
    from kiosk.media.outgoing import Outgoing
    from kiosk.media.receiver import Receiver
    from kiosk.media.rings import SoundRing
    from kiosk.media.session import MediaSession
    from kiosk.media.stats import MediaStats

__all__ = ["Incoming", "MediaSession", "MediaStats", "Outgoing", "Receiver", "Settings", "SoundRing"]

_FILES: Final = {
    "Incoming": "incoming",
    "MediaSession": "session",
    "MediaStats": "stats",
    "Outgoing": "outgoing",
    "Receiver": "receiver",
    "SoundRing": "rings",
}


def __getattr__(name: str) -> Any:
    """PEP 562."""
    if name not in _FILES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FILES[name]}"), name)
