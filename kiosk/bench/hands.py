"""What hands do on a bench, and how its records become calls."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from kiosk.consultation.model import Appointment, Device, Key, Room

LONGEST_TEXT: Final = 500
LONGEST_S: Final = 30 * 24 * 3600
PROVIDER: Final = "pexip"
"""What the rooms of a bench speak."""


@dataclass(frozen=True, slots=True)
class Hands:
    """What to call. All are called in the bench's reading thread and return at once."""

    press: Callable[[], None]
    """The button."""
    key: Callable[[Key, bool], None]
    """A key for loudness goes down (True) or up."""
    plug: Callable[[Device, bool], None]
    """A cable is put in (True) or pulled."""
    network: Callable[[bool], None]
    """The network is there, or cut."""
    stall: Callable[[Device, bool], None]
    """A device hangs, or goes on."""
    watch: Callable[[bool], None]
    """Somebody looks at the screen. False too when the bench goes away."""
    kill_screen: Callable[[], None]
    """The screen's process dies."""
    appointment: Callable[[Appointment], None]
    """One more."""


class Malformed(Exception):
    """A record that makes no sense. The message names the place, never the value."""


def apply(hands: Hands, event: str, data: str, now: datetime) -> None:
    """Do what one record says. `now` is aware. Raises Malformed."""
    try:
        value = json.loads(data) if data else None
    except (ValueError, RecursionError):
        raise Malformed("its data is not JSON") from None
    match event:
        case "press":
            hands.press()
        case "key":
            fields = _object(value)
            hands.key(_key(fields), _boolean(fields, "down"))
        case "plug":
            fields = _object(value)
            hands.plug(_device(fields), _boolean(fields, "plugged"))
        case "network":
            hands.network(_boolean(_object(value), "up"))
        case "stall":
            fields = _object(value)
            hands.stall(_device(fields), _boolean(fields, "stalled"))
        case "watch":
            hands.watch(_boolean(_object(value), "on"))
        case "kill_screen":
            hands.kill_screen()
        case "appointment":
            hands.appointment(_appointment(_object(value), now))
        case _:
            raise Malformed("no such event is known")


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("its data must be an object")
    return value


def _boolean(fields: Mapping[str, Any], name: str) -> bool:
    value = fields.get(name)
    if not isinstance(value, bool):
        raise Malformed(f"{name} must be true or false")
    return value


def _device(fields: Mapping[str, Any]) -> Device:
    try:
        return Device(fields.get("device"))
    except ValueError:
        allowed = ", ".join(device.value for device in Device)
        raise Malformed(f"device must be one of {allowed}") from None


def _key(fields: Mapping[str, Any]) -> Key:
    try:
        return Key(fields.get("key"))
    except ValueError:
        raise Malformed(f"key must be one of {', '.join(key.value for key in Key)}") from None


def _seconds(fields: Mapping[str, Any], name: str, least: int) -> timedelta:
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= LONGEST_S:
        raise Malformed(f"{name} must be a number of seconds, {least} to {LONGEST_S}")
    return timedelta(seconds=value)


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise Malformed(f"{name} must be a text of 1 to {LONGEST_TEXT} characters")
    return value


def _host(fields: Mapping[str, Any]) -> str:
    host = _text(fields, "host")
    try:
        parts = urlsplit(host)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise Malformed("host must be an address such as http://127.0.0.1:8080")
    return host


def _appointment(fields: Mapping[str, Any], now: datetime) -> Appointment:
    starts_at = now.astimezone(UTC) + _seconds(fields, "starts_in_s", -LONGEST_S)
    return Appointment(
        id=_text(fields, "id"),
        starts_at=starts_at,
        ends_at=starts_at + _seconds(fields, "lasts_s", 1),
        room=Room(
            provider=PROVIDER,
            host=_host(fields),
            alias=_text(fields, "alias"),
            pin=None if fields.get("pin") is None else _text(fields, "pin"),
            display_name=_text(fields, "display_name"),
        ),
    )
