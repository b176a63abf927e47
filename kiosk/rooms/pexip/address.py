"""Addresses: a node's base URL, and what may become a part of a path or a header. Pure."""

import ipaddress
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, urlsplit

from kiosk.errors import RoomRefused

_NAME: Final = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_-]{1,63})*\.?")
_PIN: Final = re.compile(r"[0-9*#]{1,20}")


def base_url(host: str, allowed: Sequence[str] = ()) -> str:
    """`https://node[:port]` of a room's host. http is for this machine only. Raises RoomRefused.

    `allowed` holds names, and `*.name` for all below one; empty: any is allowed.
    """
    try:
        parts = urlsplit(host.strip())
        name, port = parts.hostname or "", parts.port
    except ValueError:
        raise RoomRefused("other", "the room's host is not a URL") from None
    if parts.scheme not in {"http", "https"}:
        raise RoomRefused("other", "the room's host must begin with https://")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc:
        raise RoomRefused("other", "the room's host must be a node alone, such as https://join.example.org")
    address = ip_address(name)
    if address is None and not _NAME.fullmatch(name):
        raise RoomRefused("other", "the room's host is not a valid name")
    if parts.scheme == "http" and not (name == "localhost" or (address is not None and address.is_loopback)):
        raise RoomRefused(
            "forbidden_host", "http is allowed to this machine only; the room's host must begin with https://"
        )
    if not is_allowed(name, allowed):
        raise RoomRefused("forbidden_host", "the room's host is not among those that the clinic allows")
    literal = f"[{name}]" if isinstance(address, ipaddress.IPv6Address) else name
    return f"{parts.scheme}://{literal}" + (f":{port}" if port is not None else "")


def is_allowed(name: str, allowed: Sequence[str]) -> bool:
    """Whether this host name or address is among the allowed ones."""
    plain = name.lower().rstrip(".")
    rules = [rule.strip().lower().rstrip(".") for rule in allowed]
    return not rules or any(
        plain == rule or (rule.startswith("*.") and plain.endswith(rule[1:]) and plain != rule[1:]) for rule in rules
    )


def conference_path(alias: str) -> str:
    """The path below which everything of a room lies. Raises RoomRefused."""
    # HTTP libraries fold dot segments away: such an alias would leave its place in the path.
    if alias.strip() in {"", ".", ".."}:
        raise RoomRefused("not_found", "the room has no usable number or name")
    return f"/api/client/v2/conferences/{segment(alias.strip())}/"


def segment(text: str) -> str:
    """One path segment, encoded."""
    return quote(text, safe="", errors="replace")


def pin_header(pin: str | None) -> str | None:
    """The PIN as it goes into the header; None when there is none. Raises RoomRefused."""
    if pin is None or not pin.strip():
        return None
    if not _PIN.fullmatch(pin.strip()):
        raise RoomRefused("pin", "a PIN has digits only, perhaps with # at its end")
    return pin.strip()


def ip_address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address in place of a name; None when it is a name."""
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
