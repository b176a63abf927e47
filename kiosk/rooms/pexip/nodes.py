"""Which nodes serve a host's rooms: DNS SRV, then the host itself, each asked whether it is in service."""

import itertools
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import dns.exception
import dns.rdatatype
import dns.resolver

from kiosk.errors import RoomError, RoomRefused, RoomUnreachable
from kiosk.rooms.pexip.address import base_url, ip_address
from kiosk.rooms.pexip.answers import PORTAL, Reply
from kiosk.rooms.pexip.line import Line

SERVICE: Final = "_pexapp._tcp"
STATUS_PATH: Final = "/api/client/v2/status"
DNS_WITHIN_S: Final = 2.0
STATUS_CONNECT_S: Final = 2.0
STATUS_ANSWER_S: Final = 3.0
REMEMBERED_S: Final = 5 * 60.0
MOST_NODES: Final = 6

_log = logging.getLogger(__name__)

Resolve = Callable[[], dns.resolver.Resolver]
OpenLine = Callable[[str], Line]
"""A line to a node's base URL."""


@dataclass(frozen=True, slots=True)
class Service:
    """One SRV record (RFC 2782)."""

    priority: int
    weight: int
    target: str = field(repr=False)
    port: int


@dataclass(slots=True)
class _Known:
    nodes: tuple[str, ...] = field(repr=False)
    until_s: float
    in_service: str | None = field(default=None, repr=False)


class Nodes:
    """What was found out is remembered for some minutes. Blocks; any thread."""

    def __init__(self, allowed: Sequence[str], resolve: Resolve = dns.resolver.Resolver) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._lock = threading.Lock()
        self._known: dict[str, _Known] = {}

    def in_service(self, host: str, open_line: OpenLine) -> Iterator[str]:
        """Base URLs, the best first; whoever has no luck with one takes the next. Raises RoomRefused, and
        RoomUnreachable when there is none (any more)."""
        base = base_url(host, self._allowed)
        if not _is_domain(base):
            yield base
            raise RoomUnreachable("the only node was tried")
        known = self._look_up(base)
        tried = known.in_service
        if tried is not None:
            yield tried
            known.in_service = None
        faults = []
        for node in known.nodes:
            if node == tried:
                continue
            fault = _fault(node, open_line)
            if fault is None:
                known.in_service = node
                yield node
                known.in_service = None
                fault = "in service, and yet of no use"
            faults.append(fault)
        self._forget(base)
        raise RoomUnreachable(f"no node is in service: {'; '.join(faults) or 'the only one was tried'}")

    def _look_up(self, base: str) -> _Known:
        with self._lock:
            known = self._known.get(base)
        if known is not None and time.monotonic() < known.until_s:
            return known
        domain = urlsplit(base).hostname or ""
        named = [self._url(service) for service in in_order(self._services(domain), random.random)]
        # The host itself is the last resort, or the first when the DNS names nobody.
        nodes = tuple(dict.fromkeys([*[url for url in named if url is not None][: MOST_NODES - 1], base]))
        known = _Known(nodes, time.monotonic() + REMEMBERED_S)
        with self._lock:
            self._known[base] = known
        return known

    def _forget(self, base: str) -> None:
        with self._lock:
            self._known.pop(base, None)

    def _services(self, domain: str) -> list[Service]:
        try:
            answer = self._resolve().resolve(
                f"{SERVICE}.{domain}.", dns.rdatatype.SRV, lifetime=DNS_WITHIN_S, raise_on_no_answer=False, search=False
            )
        except (dns.exception.DNSException, OSError) as error:
            if not isinstance(error, dns.resolver.NXDOMAIN):
                _log.info("The DNS was asked for nodes in vain: %s", type(error).__name__)
            return []
        return [
            Service(record.priority, record.weight, record.target.to_text(omit_final_dot=True), record.port)
            for record in answer.rrset or ()
        ]

    def _url(self, service: Service) -> str | None:
        """None: the service is said not to exist, or lies where we must not go."""
        port = "" if service.port == 443 else f":{service.port}"
        try:
            return base_url(f"https://{service.target}{port}", self._allowed)
        except RoomRefused as error:
            _log.warning("A node that the DNS names is left out: %s", error)
            return None


def in_order(services: Sequence[Service], draw: Callable[[], float]) -> list[Service]:
    """By priority; among equals by chance, in proportion to the weights. `draw` gives numbers from 0 up to 1."""
    ordered: list[Service] = []
    for priority in sorted({service.priority for service in services}):
        left = [service for service in services if service.priority == priority]
        while left:
            # Those without weight come first, so that they have a small chance, as the RFC wants it.
            left.sort(key=lambda service: service.weight > 0)
            drawn = int(draw() * (sum(service.weight for service in left) + 1))
            sums = itertools.accumulate(service.weight for service in left)
            chosen = next(service for service, reached in zip(left, sums, strict=True) if reached >= drawn)
            left.remove(chosen)
            ordered.append(chosen)
    return ordered


def _is_domain(base: str) -> bool:
    """Whether the DNS may know nodes for it: a name, without a port of its own."""
    parts = urlsplit(base)
    name = parts.hostname or ""
    return parts.scheme == "https" and parts.port is None and "." in name and ip_address(name) is None


def _fault(node: str, open_line: OpenLine) -> str | None:
    """Why this node is of no use now; None when it is in service."""
    line = open_line(node)
    try:
        reply = line.get("status", STATUS_PATH, connect_s=STATUS_CONNECT_S, silence_s=STATUS_ANSWER_S)
    except RoomError as error:
        return str(error)
    finally:
        line.close()
    return status_fault(reply)


def status_fault(reply: Reply) -> str | None:
    """What a node's answer to the question for its status says against it; None when nothing does."""
    if 300 <= reply.status < 400 or (reply.status == 200 and "html" in reply.content_type.lower()):
        return f"status: answer {reply.status} sends us elsewhere; {PORTAL}"
    if reply.status == 503:
        return "in maintenance"
    if reply.status == 404:
        return "not a node"
    if reply.status >= 500:
        return f"status: answer {reply.status}"
    # 401 or 403, for instance, from a proxy that knows the rooms' paths alone: the room itself will tell.
    return None
