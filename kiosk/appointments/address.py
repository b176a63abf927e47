"""Where a calendar may be fetched from. Pure."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from kiosk.errors import ConfigError


def check_address(url: str) -> SplitResult:
    """The parts of an https address; http goes to this machine alone. Raises ConfigError, without the address."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", 0
    if not host or port == 0 or parts.scheme not in {"http", "https"}:
        raise ConfigError("appointments.url: must be an address such as https://calendar.example.org/terminal.ics")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ConfigError("appointments.url: must begin with https://; http is for this machine only")
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
