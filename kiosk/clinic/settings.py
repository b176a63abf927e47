"""What a clinic is told when it starts."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal

VideoCodec = Literal["vp8", "h264"]
PIN_FORM = re.compile(r"[0-9#]{4,20}")
ALIAS_FORM = re.compile(r"[A-Za-z0-9._@-]{1,64}")


class SettingsError(ValueError):
    """A setting is wrong; the message names it and says what is allowed."""


@dataclass(frozen=True)
class RoomSettings:
    """One virtual meeting room."""

    alias: str
    host_pin: str | None = field(default=None, repr=False)
    """None: everybody enters as host."""
    guest_pin: str | None = field(default=None, repr=False)
    """None: guests enter with `pin: none`."""
    auto_admit: bool = False
    """Guests enter as soon as a host is in the room; otherwise the room starts locked and a host admits each."""
    codec: VideoCodec | None = None
    """None: the clinic's codec."""

    def __post_init__(self) -> None:
        if not ALIAS_FORM.fullmatch(self.alias):
            raise SettingsError(f"room alias {self.alias!r}: 1 to 64 letters, digits or . _ @ - are allowed")
        for name, pin in (("host_pin", self.host_pin), ("guest_pin", self.guest_pin)):
            if pin is not None and not PIN_FORM.fullmatch(pin):
                raise SettingsError(f"room {self.alias}: {name} must be 4 to 20 digits or #")
        if self.guest_pin is not None and self.host_pin is None:
            raise SettingsError(f"room {self.alias}: a guest PIN needs a host PIN")
        if self.guest_pin is not None and self.guest_pin == self.host_pin:
            raise SettingsError(f"room {self.alias}: host PIN and guest PIN must differ")


DEFAULT_ROOM = RoomSettings("123456", host_pin="1234")


@dataclass(frozen=True)
class ClinicSettings:
    """A room server: where it listens, which rooms it has, how patient it is."""

    listen: str = "127.0.0.1"
    listen_everywhere: bool = False
    """Must be true for an address that other machines can reach."""
    port: int = 8080
    """0: the system chooses."""
    rooms: tuple[RoomSettings, ...] = (DEFAULT_ROOM,)
    codec: VideoCodec = "vp8"
    token_lifetime_s: int = 120
    statistics_every_ms: float | None = None
    """How often participants are asked for statistics of their call; None: never."""
    waiting_limit_s: float = 900.0
    """How long a guest may wait to be admitted."""
    host_gone_limit_s: float = 60.0
    """How long guests stay after the last host has left."""
    gone_limit_s: float = 20.0
    """A participant without event stream and without media is removed after this time."""
    silent_picture_s: float = 2.0
    """A picture that has not moved for this long is replaced by the camera-off picture."""
    keep_alive_s: float = 5.0
    """Interval of the comment lines in idle event streams."""

    def __post_init__(self) -> None:
        try:
            address = ip_address(self.listen)
        except ValueError:
            raise SettingsError(f"listen address {self.listen!r} is not an IP address") from None
        if not address.is_loopback and not self.listen_everywhere:
            raise SettingsError(f"{self.listen} can be reached by other machines: say so with --listen-everywhere")
        if self.token_lifetime_s < 1:
            raise SettingsError(f"token lifetime {self.token_lifetime_s} s is less than 1 s")
        if not 0 <= self.port <= 65535:
            raise SettingsError(f"port {self.port} is not between 0 and 65535")
        if not self.rooms:
            raise SettingsError("a clinic needs at least one room")
        aliases = [room.alias for room in self.rooms]
        for alias in aliases:
            if aliases.count(alias) > 1:
                raise SettingsError(f"room {alias} is given more than once")
