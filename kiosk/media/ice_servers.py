"""Which STUN and TURN servers to use: aiortc takes one of each."""

import logging
from collections.abc import Iterable
from typing import Final

from aiortc import RTCIceServer
from aiortc.rtcicetransport import parse_stun_turn_uri

from kiosk.rooms.port import IceServer

logger = logging.getLogger(__name__)

_USABLE: Final = {"stun": (None,), "turn": ("udp", "tcp"), "turns": ("tcp",)}
"""Scheme (RFC 7064, RFC 7065) to the transports that aiortc speaks."""


def choose(servers: Iterable[IceServer]) -> list[RTCIceServer]:
    """The first usable STUN and the first usable TURN server; empty when there is none, so that no public server is
    asked. Unusable ones are left out and logged without their address."""
    chosen: dict[str, RTCIceServer] = {}
    for server in servers:
        for url in server.urls:
            kind = _kind(url)
            if kind is None:
                logger.warning("ICE server left out: unusable URL of scheme %.10r", url.partition(":")[0])
            elif kind == "turn" and (server.username is None or server.credential is None):
                logger.warning("ICE server left out: TURN without user name and credential")
            else:
                chosen.setdefault(kind, RTCIceServer([url], server.username, server.credential))
    return list(chosen.values())


def has_turn(servers: Iterable[RTCIceServer]) -> bool:
    """Whether a relay is among the chosen."""
    return any(str(url).startswith("turn") for server in servers for url in server.urls)


def _kind(url: str) -> str | None:
    try:
        parsed = parse_stun_turn_uri(url)
    except ValueError:
        return None
    if parsed.get("transport") not in _USABLE.get(parsed["scheme"], ()):
        return None
    return "stun" if parsed["scheme"] == "stun" else "turn"
