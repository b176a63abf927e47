"""Which ways media may take, from the best to the last resort, and how long each is waited for. Pure.

All ways are tried in one offer: direct, and relayed by TURN over UDP, TCP and TLS. A second offer, relays alone,
follows only when the first found no path. What worked the last time in a visit is waited for, and little else.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

GRACE_S: Final = 0.2
"""What others get to answer once the way that worked the last time is there."""
SHORT_S: Final = 0.7
"""A silent server costs this much, and only as long as it is not known what works."""
LONG_S: Final = 3.0
"""As long as there is nothing at all to offer: TLS over a slow line takes a while."""
FIRST_S: Final = 2.5
"""When no path was found by then, and there are relays to turn to, they alone are offered."""
SECOND_LEAST_S: Final = 3.0


class Path(Enum):
    """How packets go, best first."""

    DIRECT = "direct"
    TURN_UDP = "TURN over UDP"
    TURN_TCP = "TURN over TCP"
    TURN_TLS = "TURN over TLS"


@dataclass(frozen=True, slots=True)
class Relay:
    """One TURN server (RFC 8656), reached in one way."""

    path: Path
    host: str
    port: int
    username: str = field(repr=False)
    credential: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Servers:
    """What helps to find a path: at most one STUN server, and one relay of each kind, best first."""

    stun: tuple[str, int] | None = None
    relays: tuple[Relay, ...] = ()


@dataclass(slots=True)
class Memory:
    """What the sessions of one visit tell each other. Loop only."""

    worked: Path | None = None
    """The way of the last session that connected; None when the last one failed."""


def patience_s(have: Collection[Path], worked: Path | None) -> float:
    """How long addresses are gathered, from the beginning, with these at hand already."""
    # Where UDP reaches a relay, TCP and TLS are not needed: they are for networks that close it.
    if worked in have or Path.TURN_UDP in have:
        return GRACE_S
    return SHORT_S if have else LONG_S


def second_offer(servers: Servers, offered: Collection[Path]) -> Servers:
    """What is worth an offer of relays alone when `offered` gave no path: what was not there the first time, and what
    a firewall that picks out UDP does not see. No relays: nothing is."""
    return Servers(
        relays=tuple(relay for relay in servers.relays if relay.path is not Path.TURN_UDP or relay.path not in offered)
    )
