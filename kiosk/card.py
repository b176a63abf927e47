"""What a card's boot partition tells its terminal: two files, written by `kiosk provision`, read at the first boot.

kiosk.toml   the terminal's own piece of the configuration; no secret stands there, and it stays
kiosk.key    JSON: the device key, the Wi-Fi password, the calendar's address; erased once it is taken in

The second one names the first one's digest, so that files of two terminals are never taken for one.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from kiosk.consultation.model import Wifi
from kiosk.errors import ConfigError
from kiosk.identity import DeviceKey, from_text, text

SETTINGS_FILE: Final = "kiosk.toml"
SECRETS_FILE: Final = "kiosk.key"
MOST_BYTES: Final = 65_536
"""Of either file."""


@dataclass(frozen=True, slots=True)
class Device:
    """One terminal, as its technician orders it."""

    serial: str
    contact_name: str
    contact_phone: str
    node: str
    contact_hours: str = ""
    allowed_hosts: tuple[str, ...] = ()
    language: str = "nb"
    calendar_url: str = field(default="", repr=False)
    wifi: Wifi | None = None


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the terminal is told once."""

    serial: str
    settings_digest: str
    """Of the kiosk.toml that belongs to it."""
    made_at: datetime
    """Aware. No terminal's clock can be right that says less."""
    key: DeviceKey = field(repr=False)
    calendar_url: str = field(default="", repr=False)
    wifi: Wifi | None = None


def settings_text(device: Device) -> str:
    """kiosk.toml."""
    lines = [
        f"# Terminal {device.serial}, written by kiosk provision. No secret stands here.",
        "[terminal]",
        f"serial = {_quoted(device.serial)}",
        "",
        "[[contact]]",
        f"name = {_quoted(device.contact_name)}",
        f"phone = {_quoted(device.contact_phone)}",
        f"hours = {_quoted(device.contact_hours)}",
        "",
        "[screen]",
        f"language = {_quoted(device.language)}",
        "",
        "[rooms.pexip]",
        f"node = {_quoted(device.node)}",
        f"allowed_hosts = [{', '.join(map(_quoted, device.allowed_hosts))}]",
    ]
    return "\n".join(lines) + "\n"


def digest(settings: str) -> str:
    """Of a kiosk.toml: SHA-256 as hexadecimal digits."""
    return hashlib.sha256(settings.encode()).hexdigest()


def secrets_of(device: Device, key: DeviceKey, made_at: datetime) -> Secrets:
    """What belongs to this device's settings."""
    settings = digest(settings_text(device))
    return Secrets(device.serial, settings, made_at, key, device.calendar_url, device.wifi)


def secrets_text(secrets: Secrets) -> str:
    """kiosk.key."""
    wifi = secrets.wifi
    document = {
        "version": 1,
        "serial": secrets.serial,
        "settings": secrets.settings_digest,
        "made_at": secrets.made_at.isoformat(),
        "private_key": text(secrets.key.secret),
        "calendar_url": secrets.calendar_url,
        "wifi": None if wifi is None else {"name": wifi.name, "password": wifi.password, "hidden": wifi.hidden},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def parse_secrets(written: str) -> Secrets:
    """Raises ConfigError, which tells the key and never its value."""
    try:
        document = json.loads(written)
    except (ValueError, RecursionError):
        raise ConfigError(f"{SECRETS_FILE}: damaged") from None
    if not isinstance(document, dict) or document.get("version") != 1:
        raise ConfigError(f"{SECRETS_FILE}: not of this version")
    try:
        made_at = datetime.fromisoformat(_word(document, "made_at"))
        key = DeviceKey(from_text(_word(document, "private_key")))
    except ValueError:
        raise ConfigError(f"{SECRETS_FILE}: made_at or private_key is damaged") from None
    if made_at.tzinfo is None:
        raise ConfigError(f"{SECRETS_FILE}: made_at must say its offset from UTC")
    return Secrets(
        _word(document, "serial"),
        _word(document, "settings"),
        made_at,
        key,
        _word(document, "calendar_url"),
        _wifi(document.get("wifi")),
    )


def _wifi(said: Any) -> Wifi | None:
    if said is None:
        return None
    if not isinstance(said, dict) or not isinstance(said.get("hidden"), bool):
        raise ConfigError(f"{SECRETS_FILE}: wifi is damaged")
    return Wifi(_word(said, "name"), None if said.get("password") is None else _word(said, "password"), said["hidden"])


def _word(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise ConfigError(f"{SECRETS_FILE}: {name} is missing")
    return value


def _quoted(value: str) -> str:
    # What JSON writes is a TOML basic string too, as long as nothing unprintable stands in it.
    return json.dumps(value, ensure_ascii=False)
