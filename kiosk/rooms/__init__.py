"""Where one meets. A room's `provider` names the client that speaks its platform's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.rooms.janus.settings import JanusSettings
from kiosk.rooms.pexip.settings import PexipSettings
from kiosk.rooms.port import RoomClient


@dataclass(frozen=True, slots=True)
class Settings:
    """One group for each platform."""

    pexip: PexipSettings = field(default_factory=PexipSettings)
    """Pexip Infinity, and whatever speaks its client API."""
    janus: JanusSettings = field(default_factory=JanusSettings)
    """Janus WebRTC servers with the VideoRoom plugin."""


def open_clients(settings: Settings, *, captions: bool = False) -> Mapping[str, RoomClient]:
    """A client for each provider. Nothing is asked of the network yet. Raises ConfigError.

    `captions`: ask for live captions where a platform has some.
    """
    from kiosk.rooms.janus.client import JanusClient  # noqa: PLC0415 - the port's readers need no HTTP
    from kiosk.rooms.pexip.client import PexipClient  # noqa: PLC0415

    return {"pexip": PexipClient(settings.pexip, captions=captions), "janus": JanusClient(settings.janus)}


__all__ = ["Settings", "open_clients"]
