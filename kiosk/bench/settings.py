"""Where the bench is."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Settings:
    """Only with simulated hardware, and only on this machine: what the screen shows goes there."""

    url: str
    """Such as http://127.0.0.1:8080/bench/api/NAME."""


def faults(settings: Settings) -> Iterator[str]:
    """What is wrong with them, a line each."""
    try:
        parts = urlsplit(settings.url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme != "http" or port is None or not parts.path.strip("/"):
        yield "bench.url: must look like http://127.0.0.1:8080/bench/api/NAME"
    elif not _is_loopback(parts.hostname or ""):
        yield "bench.url: must be on this machine: 127.0.0.1, [::1] or localhost"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
