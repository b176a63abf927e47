"""Gathers our own addresses, in place of aioice 0.13, which asks one STUN and one TURN server and waits five seconds
for a silent one. Here every kind of relay is asked at once, and a silent server costs less than a second.

Leans on private names of aioice; its tests fail when a newer release renames one.
"""

import asyncio
import ipaddress
import logging
import ssl
import time
from collections.abc import Coroutine
from typing import Any, Final

from aioice import Candidate, Connection
from aioice.candidate import candidate_foundation, candidate_priority
from aioice.ice import StunProtocol, get_host_addresses, relayed_candidate, server_reflexive_candidate

from kiosk.blocking import in_thread
from kiosk.media.ladder import Path, Relay, Servers, patience_s

logger = logging.getLogger(__name__)

_LOOPBACK: Final = "127.0.0.1"
_HIGHEST_PREFERENCE: Final = 65_535


class Gathering:
    """For one connection, before its offer is made. Loop only."""

    def __init__(self, servers: Servers, relays_only: bool, worked: Path | None, ca_file: str | None) -> None:
        self._servers = servers
        self.relays_only = relays_only
        self._worked = worked
        self._ca_file = ca_file
        self._ways: dict[int, Path] = {}
        self._hosts: frozenset[str] = frozenset()

    @property
    def paths(self) -> frozenset[Path]:
        """The ways that are offered."""
        return frozenset(self._ways.values())

    def path_of(self, protocol: object) -> Path:
        """The way of one of aioice's protocols."""
        return self._ways[id(protocol)]

    def has_moved(self) -> bool:
        """An address that this machine had at gathering is its own no more. Takes a quarter of a millisecond."""
        return not self._hosts <= _own_addresses()

    def take_over(self, ice: Connection) -> None:
        """From now on `ice` gathers in this way. It must have been given no servers of its own."""
        own = ice.get_component_candidates

        async def gather(component: int, addresses: list[str]) -> list[Candidate]:
            # aioice never offers the loopback address; a machine without a network could not even talk to itself.
            found = addresses if addresses or self.relays_only else [_LOOPBACK]
            self._hosts = _own_addresses()
            candidates = await own(component=component, addresses=found)
            self._ways |= {id(protocol): Path.DIRECT for protocol in ice._protocols}
            await self._ask_servers(ice, component, candidates)
            return candidates

        vars(ice)["get_component_candidates"] = gather

    async def _ask_servers(self, ice: Connection, component: int, candidates: list[Candidate]) -> None:
        begun_s = time.monotonic()
        asking = {
            asyncio.create_task(question, name=f"media-gather {name}")
            for name, question in self._questions(ice, component, candidates)
        }
        pending = asking
        try:
            while pending:
                left_s = begun_s + patience_s(self.paths, self._worked) - time.monotonic()
                if left_s <= 0:
                    break
                _, pending = await asyncio.wait(pending, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in pending:
                task.cancel()
            outcomes = await asyncio.gather(*asking, return_exceptions=True)
        for task, outcome in zip(asking, outcomes, strict=True):
            if outcome is not None:
                # The type alone: messages hold addresses.
                logger.info("%s: no address (%s)", task.get_name(), type(outcome).__name__)

    def _questions(
        self, ice: Connection, component: int, candidates: list[Candidate]
    ) -> list[tuple[str, Coroutine[Any, Any, None]]]:
        questions = [
            (relay.path.value, self._ask_relay(ice, component, relay, candidates)) for relay in self._servers.relays
        ]
        if self._servers.stun and not self.relays_only:
            questions += [
                ("STUN", _ask_stun(protocol, self._servers.stun, candidates))
                for protocol in ice._protocols
                if ipaddress.ip_address(protocol.local_candidate.host).version == 4
            ]
        return questions

    async def _ask_relay(self, ice: Connection, component: int, relay: Relay, candidates: list[Candidate]) -> None:
        tls = await in_thread(_tls_context, self._ca_file) if relay.path is Path.TURN_TLS else None
        candidate, protocol = await relayed_candidate(
            component=component,
            hide_related_address=self.relays_only,
            protocol_factory=lambda: StunProtocol(ice),
            turn_server=(relay.host, relay.port),
            turn_username=relay.username,
            turn_password=relay.credential,
            turn_ssl=tls,  # type: ignore[arg-type]  # goes to asyncio, which takes a context as well
            turn_transport="udp" if relay.path is Path.TURN_UDP else "tcp",
        )
        # Relays on one host are not alike: each is checked by itself, and UDP is preferred (RFC 8445, 5.1).
        rank = list(Path).index(relay.path)
        candidate.foundation = candidate_foundation("relay", relay.path.value, candidate.host)
        candidate.priority = candidate_priority(component, "relay", _HIGHEST_PREFERENCE - rank)
        self._ways[id(protocol)] = relay.path
        ice._protocols.append(protocol)
        candidates.append(candidate)


async def _ask_stun(protocol: Any, server: tuple[str, int], candidates: list[Candidate]) -> None:
    candidate, _ = await server_reflexive_candidate(protocol, server)
    candidates.append(candidate)


def _own_addresses() -> frozenset[str]:
    return frozenset(get_host_addresses(use_ipv4=True, use_ipv6=True)) or frozenset({_LOOPBACK})


def _tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Checks name and certificate, against the system's authorities and those of the file."""
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context
