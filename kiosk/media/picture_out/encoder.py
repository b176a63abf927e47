"""What an encoder is, and what it gives."""

from dataclasses import dataclass
from typing import Protocol

from kiosk.frames import VideoFrame


@dataclass(frozen=True, slots=True)
class Order:
    """How pictures are to be encoded from now on."""

    width: int
    """Pixels, at most; the camera's proportions are kept."""
    height: int
    fps: int
    """At most."""
    bitrate_bps: int
    """Of the coded pictures, headers not counted."""


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """One picture, coded and cut for RTP."""

    payloads: list[bytes]
    captured_at_s: float
    """Monotonic seconds."""
    is_key: bool
    """It needs no other."""
    width: int
    height: int
    encode_s: float
    """What coding it took, copying and scaling included."""


class Encoder(Protocol):
    """One codec. All of it is called from one thread at a time."""

    def encode(self, frame: VideoFrame, size: tuple[int, int], order: Order, key: bool) -> bytes:
        """The picture, coded in this even size; nothing when the encoder leaves it out to keep to the rate.

        A new rate costs no key frame, a new size does. Raises MediaError, av.FFmpegError.
        """

    def close(self) -> None:
        """Let go of the codec. Twice is safe."""
