"""Names of the signs that a screen can show; drawn in widgets/drawing.py."""

from enum import Enum


class Sign(Enum):
    """What can be drawn."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SPEAKER = "speaker"
    PHONE = "phone"
    CABLE = "cable"
    DONE = "done"
    PERSON = "person"
    SPEAKING = "speaking"
    """Waves: somebody speaks."""
    LETTER = "letter"
    RECORDING = "recording"
    STEERED = "steered"
    WAIT = "wait"
    HEAT = "heat"
    LAMP = "lamp"
    WIRELESS = "wireless"
    POOR = "poor"
    """One bar of three: a poor connection."""
