"""What the technician decides about picture and sound of a call."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Settings:
    """Picture and sound of a call."""

    width: int = 640
    """Pixels of the sent picture, at most. A smaller camera picture is not enlarged."""
    height: int = 480
    """Pixels of the sent picture, at most. The camera's proportions are kept."""
    fps: int = 30
    """Pictures a second, at most."""
    video_codec: Literal["h264", "vp8", "any"] = "any"
    """What is offered. With "any" the other end chooses."""
    slides: bool = True
    """Offer to take slides as a picture of their own."""
    connect_timeout_s: float = 10.0
    """From the answer to the first encrypted packet (ICE and DTLS)."""
    silence_timeout_s: float = 1.2
    """A connection that was flowing and from which nothing at all comes for so long is lost."""
    ca_file: str | None = None
    """Authorities (PEM) that are trusted for TURN over TLS, besides the system's."""

    def __post_init__(self) -> None:
        for name, lowest, highest in (("width", 16, 1920), ("height", 16, 1080), ("fps", 1, 60)):
            value = getattr(self, name)
            if not lowest <= value <= highest:
                raise ValueError(f"{name} = {value}: {lowest} to {highest} is allowed")
            if name != "fps" and value % 2:
                raise ValueError(f"{name} = {value}: must be even")
        # A far end that merely falls silent is asked after a moment and needs time to answer.
        for name, least_s in (("connect_timeout_s", 0.5), ("silence_timeout_s", 1.0)):
            if not least_s <= getattr(self, name) <= 60:
                raise ValueError(f"{name} = {getattr(self, name)}: {least_s:g} to 60 seconds are allowed")
        if self.video_codec not in ("h264", "vp8", "any"):
            raise ValueError(f'video_codec = "{self.video_codec}": "h264", "vp8" or "any" is allowed')
