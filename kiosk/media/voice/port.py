"""What stands between microphone and line."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class VoiceFigures:
    """Of the visit until now, and of the newest block."""

    near_dbfs: float = -100.0
    """Of the microphone, before processing."""
    sent_dbfs: float = -100.0
    """The same after processing."""
    far_dbfs: float = -100.0
    """Of what the loudspeaker was given."""
    gain_db: float = 0.0
    """By which the voice is made louder now."""
    speech_probability: float = 0.0
    """0 to 1."""
    starved: int = 0
    """Times that the loudspeaker's sound was not there when it was due: it was off, or late."""
    skipped_samples: int = 0
    """Of the loudspeaker's sound, left out to keep step with the microphone."""


class Voice(Protocol):
    """Blocks are frames.BLOCK_BYTES, 20 ms of 48 kHz mono s16le."""

    def far(self, block: bytes) -> None:
        """This goes to the loudspeaker now. Speaker's thread; returns at once."""

    def near(self, block: bytes, lost_samples: int = 0) -> bytes:
        """The block to send for one from the microphone, before which it lost so many samples. Microphone's thread."""

    def figures(self) -> VoiceFigures:
        """Any thread."""
