"""An RTP packet of pictures as it came."""

from dataclasses import dataclass, field

from kiosk.media.picture_in.payload import Codec


@dataclass(slots=True)
class Arrival:
    """Unwrapped where it came as a retransmission (RFC 4588)."""

    codec: Codec
    ssrc: int
    number: int
    """Sequence number, 16 bits."""
    timestamp: int
    """90 kHz, 32 bits."""
    ends: bool
    """The marker bit: the last packet of its picture."""
    payload: bytes = field(repr=False)
    is_repair: bool
    """It came as a retransmission."""
