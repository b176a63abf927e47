"""The code that telephones and routers show for a wireless network (ZXing's `WIFI:` scheme). Pure.

WIFI:T:WPA;S:name;P:password;H:true;;      \\ goes before \\ ; , : and "
"""

import re
from typing import Final

from kiosk.consultation.model import Wifi

_FIELD: Final = re.compile(r"([A-Za-z0-9]+):((?:[^\\;]|\\.)*)(?:;|$)", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_HEX_KEY: Final = re.compile(r"[0-9A-Fa-f]{64}")
_WITH_PASSWORD: Final = {"WPA", "WPA2", "WPA3", "SAE"}
LONGEST_NAME_BYTES: Final = 32


def parse_wifi(text: str) -> Wifi | None:
    """None: no such code, or a network that this terminal cannot be in: WEP, or one with a log-in."""
    if text[:5].upper() != "WIFI:":
        return None
    fields: dict[str, str] = {}
    rest = text[5:].strip()
    while rest and rest != ";":
        match = _FIELD.match(rest)
        if match is None:
            return None
        fields.setdefault(match[1].upper(), _plain(match[2]))
        rest = rest[match.end() :]
    name, password, kind = fields.get("S", ""), fields.get("P", ""), fields.get("T", "").upper()
    if not name.isprintable() or name.startswith("-") or not 1 <= len(name.encode()) <= LONGEST_NAME_BYTES:
        return None
    hidden = fields.get("H", "").lower() == "true"
    if kind in _WITH_PASSWORD and password.isprintable() and (8 <= len(password) <= 63 or _HEX_KEY.fullmatch(password)):
        return Wifi(name, password, hidden)
    return Wifi(name, None, hidden) if kind in {"", "NOPASS"} and not password else None


def _plain(value: str) -> str:
    # Quotes keep a name that looks like a hexadecimal number a name.
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return _ESCAPED.sub(r"\1", value)
