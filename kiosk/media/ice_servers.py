"""Which of a room's STUN and TURN servers are used."""

import logging
from collections.abc import Iterable
from typing import Any, Final

from aiortc.rtcicetransport import parse_stun_turn_uri

from kiosk.media.ladder import Path, Relay, Servers
from kiosk.rooms.port import IceServer

logger = logging.getLogger(__name__)

_RELAYED: Final = {("turn", "udp"): Path.TURN_UDP, ("turn", "tcp"): Path.TURN_TCP, ("turns", "tcp"): Path.TURN_TLS}
"""Scheme and transport (RFC 7065) of what aioice speaks."""


def choose(servers: Iterable[IceServer]) -> Servers:
    """The first usable STUN server and the first usable TURN server of each kind; none when there is none, so that no
    public server is asked. Unusable ones are left out and logged without their address."""
    stun: tuple[str, int] | None = None
    relays: dict[Path, Relay] = {}
    for server in servers:
        for url in server.urls:
            parsed = _parsed(url)
            path = _RELAYED.get((parsed.get("scheme", ""), parsed.get("transport", "")))
            if parsed.get("scheme") == "stun":
                stun = stun or (parsed["host"], parsed["port"])
            elif path is None:
                logger.warning("ICE server left out: unusable URL of scheme %.10r", url.partition(":")[0])
            elif server.username is None or server.credential is None:
                logger.warning("ICE server left out: TURN without user name and credential")
            else:
                relay = Relay(path, parsed["host"], parsed["port"], server.username, server.credential)
                relays.setdefault(path, relay)
    return Servers(stun, tuple(relays[path] for path in Path if path in relays))


def _parsed(url: str) -> dict[str, Any]:
    try:
        parsed = parse_stun_turn_uri(url)
    except ValueError:
        return {}
    return parsed if 0 < parsed["port"] < 65536 else {}
