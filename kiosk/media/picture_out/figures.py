"""What is known about the picture that is sent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureOutFigures:
    """Counters since the start; values of the last second or so."""

    pictures: int = 0
    """Sent."""
    dropped: int = 0
    """Left out because line or processor was behind."""
    key_frames: int = 0
    fps: float = 0.0
    width: int = 0
    """Pixels; 0 before the first."""
    height: int = 0
    target_bps: int = 0
    """Where the controller stands, headers included."""
    sent_bps: int = 0
    """Headers and what was sent again included."""
    encode_ms: float = 0.0
    """Mean of a picture, scaling and copying included."""
    paced_ms: float = 0.0
    """Mean wait of a packet for its turn, since the start."""
    packets_again: int = 0
    """Sent again because they were lost."""
    loss: float = 0.0
    """Share of the packets lost, as the far end says."""
    rtt_ms: float | None = None
