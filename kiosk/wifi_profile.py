"""A wireless network as NetworkManager keeps it (nm-settings-keyfile(5)). Pure."""

import uuid
from typing import Final

from kiosk.consultation.model import Wifi

_OURS: Final = uuid.UUID("8b0c6c2e-5c8a-4d0b-9f6c-3f1f5a6b2d11")
"""The same network always makes the same profile."""


def profile(wifi: Wifi, name: str) -> str:
    """A keyfile. `name` is shown in logs: nothing of the network stands in it."""
    lines = [
        "[connection]",
        f"id={name}",
        f"uuid={uuid.uuid5(_OURS, name + wifi.name)}",
        "type=wifi",
        "",
        "[wifi]",
        "mode=infrastructure",
        # As bytes: then no letter of it can be taken for syntax.
        f"ssid={''.join(f'{byte};' for byte in wifi.name.encode())}",
    ]
    if wifi.hidden:
        lines.append("hidden=true")
    if wifi.password is not None:
        lines += ["", "[wifi-security]", "key-mgmt=wpa-psk", f"psk={_escaped(wifi.password)}"]
    return "\n".join([*lines, "", "[ipv4]", "method=auto", "", "[ipv6]", "method=auto", ""])


def _escaped(value: str) -> str:
    # GKeyFile: a backslash is doubled, a leading space would be skipped.
    escaped = value.replace("\\", "\\\\")
    return "\\s" + escaped[1:] if escaped.startswith(" ") else escaped
