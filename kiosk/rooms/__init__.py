"""Where one meets. A room's `provider` names the client that speaks its platform's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.rooms.pexip.settings import PexipSettings
from kiosk.rooms.port import RoomClient


@dataclass(frozen=True, slots=True)
class Settings:
    """One group for each platform."""

    pexip: PexipSettings = field(default_factory=PexipSettings)
    """Pexip Infinity, and whatever speaks its client API."""


def open_clients(settings: Settings) -> Mapping[str, RoomClient]:
    """A client for each provider. Nothing is asked of the network yet. Raises ConfigError."""
    from kiosk.rooms.pexip.client import PexipClient  # noqa: PLC0415 - the port's readers need no HTTP

    return {"pexip": PexipClient(settings.pexip)}


__all__ = ["Settings", "open_clients"]
