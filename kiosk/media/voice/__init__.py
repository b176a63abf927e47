"""The patient's voice without the loudspeaker's echo, the room's noise and the distance; one of it for each visit."""

from kiosk.errors import MediaError
from kiosk.media.voice.audible import SPEAKS_DBFS, Audible, audible
from kiosk.media.voice.plain import PlainVoice
from kiosk.media.voice.port import Voice, VoiceFigures
from kiosk.media.voice.settings import Settings

__all__ = [
    "SPEAKS_DBFS",
    "Audible",
    "PlainVoice",
    "Settings",
    "Voice",
    "VoiceFigures",
    "audible",
    "open_voice",
    "probe",
]


def open_voice(settings: Settings) -> Voice:
    """A processor for one visit. One that leaves sound as it is when nothing is to be done, or when the library cannot
    be loaded: then a warning says so, once. Any thread."""
    if not settings.wants_processing:
        return PlainVoice()
    from kiosk.media.voice import webrtc  # noqa: PLC0415

    return webrtc.WebRtcVoice(settings) if webrtc.is_there() else PlainVoice()


def probe(settings: Settings) -> None:
    """Can it do what the settings ask for? Raises MediaError, one line. Any thread."""
    if not settings.wants_processing:
        return
    from kiosk.media.voice import webrtc  # noqa: PLC0415

    fault = webrtc.fault()
    if fault is not None:
        raise MediaError(fault)
