"""Finding the nodes that serve a host's rooms."""

import random
import time
from collections import Counter
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dns.resolver
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import RoomError, RoomProtocolError, RoomRefused, RoomUnreachable
from kiosk.rooms.pexip import nodes
from kiosk.rooms.pexip.answers import Reply
from kiosk.rooms.pexip.line import Line
from kiosk.rooms.pexip.nodes import Nodes, Service, in_order, status_fault
from tests.rooms.certificate import Certificate
from tests.rooms.name_server import name_server
from tests.rooms.node import Node, client, node

HOST = "https://join.clinic.test"
QUESTION = "_pexapp._tcp.join.clinic.test."
SERVICES = st.lists(st.builds(Service, st.integers(0, 3), st.integers(0, 65535), st.text("ab", max_size=3), st.just(1)))


class Clinic:
    """Nodes by base URL, each with what it says of itself, or how it fails."""

    def __init__(self, **says: int | RoomError) -> None:
        self.says = {f"https://{name.replace('_', '.')}": answer for name, answer in says.items()}
        self.asked: list[str] = []

    def open_line(self, base: str) -> Line:
        clinic = self

        class FakeLine(Line):
            def get(self, *_: object, **__: object) -> Reply:
                clinic.asked.append(base)
                answer = clinic.says[base]
                if isinstance(answer, RoomError):
                    raise answer
                return Reply(answer, "application/json", b"{}")

        return FakeLine(base, None)


def test_by_priority_and_then_by_weight() -> None:
    low, high = Service(10, 0, "low", 443), Service(0, 0, "high", 443)
    assert in_order([low, high], random.random) == [high, low]
    light, heavy = Service(0, 10, "light", 443), Service(0, 90, "heavy", 443)
    chance = random.Random(7)
    first = Counter(in_order([light, heavy], chance.random)[0].target for _ in range(2000))
    assert 1700 < first["heavy"] < 1900


@given(SERVICES, st.floats(0, 1, exclude_max=True))
def test_nobody_is_forgotten_and_priorities_hold(services: list[Service], drawn: float) -> None:
    ordered = in_order(services, lambda: drawn)
    assert Counter(ordered) == Counter(services)
    assert [service.priority for service in ordered] == sorted(service.priority for service in services)


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (Reply(200, "application/json", b""), None),
        (Reply(200, "", b"OK"), None),
        (Reply(403, "text/plain", b"no"), None),
        (Reply(503, "text/html", b"<html>"), "in maintenance"),
        (Reply(404, "text/html", b"<html>"), "not a node"),
        (Reply(502, "", b""), "status: answer 502"),
        (Reply(200, "text/html", b"<html>log in"), "captive portal"),
        (Reply(302, "", b""), "captive portal"),
    ],
)
def test_what_a_status_means(reply: Reply, fault: str | None) -> None:
    said = status_fault(reply)
    assert said is None if fault is None else said is not None and fault in said


def test_nodes_in_service_come_in_order_and_the_host_itself_comes_last() -> None:
    records = {QUESTION: ["20 0 443 c.test.", "10 0 443 a.test.", "15 0 8443 b.test.", "5 0 443 ."]}
    busy = RoomUnreachable("status: no answer")
    clinic = Clinic(a_test=503, c_test=200, join_clinic_test=200)
    clinic.says["https://b.test:8443"] = busy
    with name_server(records) as server:
        found = Nodes((), server.resolver)
        assert list_of(found, clinic) == ["https://c.test", HOST]
        assert clinic.asked == ["https://a.test", "https://b.test:8443", "https://c.test", HOST]
        assert server.asked == [QUESTION]


def list_of(found: Nodes, clinic: Clinic) -> list[str]:
    """All that are given, until there are no more."""
    trying = found.in_service(HOST, clinic.open_line)
    listed: list[str] = []
    with suppress(RoomUnreachable):
        while True:
            listed.append(next(trying))
    return listed


def test_what_was_found_is_remembered_for_minutes_until_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = Clinic(a_test=200, b_test=200, join_clinic_test=404)
    with name_server({QUESTION: ["1 0 443 a.test.", "2 0 443 b.test."]}) as server:
        found = Nodes((), server.resolver)
        for _ in range(3):
            assert next(found.in_service(HOST, clinic.open_line)) == "https://a.test"
        assert clinic.asked == ["https://a.test"]
        assert len(server.asked) == 1
        trying = found.in_service(HOST, clinic.open_line)
        assert [next(trying), next(trying)] == ["https://a.test", "https://b.test"]
        assert next(found.in_service(HOST, clinic.open_line)) == "https://b.test"
        assert list_of(found, clinic) == ["https://b.test", "https://a.test"]
        assert len(server.asked) == 1
        monkeypatch.setattr(nodes, "REMEMBERED_S", 0.0)
        # All have failed: the DNS is asked anew.
        assert next(found.in_service(HOST, clinic.open_line)) == "https://a.test"
        assert len(server.asked) == 2
        next(found.in_service(HOST, clinic.open_line))
        assert len(server.asked) == 3


def test_without_a_node_in_service_it_is_said_why() -> None:
    clinic = Clinic(a_test=503, join_clinic_test=404)
    with name_server({QUESTION: ["1 0 443 a.test."]}) as server, pytest.raises(RoomUnreachable) as caught:
        next(Nodes((), server.resolver).in_service(HOST, clinic.open_line))
    assert str(caught.value) == "no node is in service: in maintenance; not a node"


def test_a_dns_that_knows_nothing_leaves_the_host_itself() -> None:
    with name_server({}) as server:
        assert next(Nodes((), server.resolver).in_service(HOST, Clinic(join_clinic_test=200).open_line)) == HOST


def test_a_silent_dns_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "DNS_WITHIN_S", 0.2)
    with name_server({}, silent=True) as server:
        begun_s = time.monotonic()
        assert next(Nodes((), server.resolver).in_service(HOST, Clinic(join_clinic_test=200).open_line)) == HOST
        assert time.monotonic() - begun_s < 2


def test_a_machine_without_a_dns_has_the_host_itself() -> None:
    def none() -> dns.resolver.Resolver:
        raise dns.resolver.NoResolverConfiguration

    assert next(Nodes((), none).in_service(HOST, Clinic(join_clinic_test=200).open_line)) == HOST


def test_the_dns_cannot_name_a_node_that_the_clinic_does_not_allow() -> None:
    records = {QUESTION: ["1 0 443 evil.test.", "2 0 443 a.clinic.test."]}
    with name_server(records) as server:
        found = Nodes(("*.clinic.test",), server.resolver)
        assert next(found.in_service(HOST, Clinic(a_clinic_test=200).open_line)) == "https://a.clinic.test"
    with pytest.raises(RoomRefused):
        next(Nodes(("*.other.test",)).in_service(HOST, Clinic().open_line))


@pytest.mark.parametrize(
    "host",
    ["http://127.0.0.1:80", "https://10.0.0.7", "https://join.clinic.test:8443", "https://[::1]", "http://localhost"],
)
def test_an_address_a_port_and_this_machine_need_no_search(host: str) -> None:
    def never() -> dns.resolver.Resolver:
        raise AssertionError("the DNS was asked")

    assert next(Nodes((), never).in_service(host, Clinic().open_line)) == host


def test_nonsense_from_a_node_is_a_fault_like_any() -> None:
    clinic = Clinic(a_test=RoomProtocolError("status: too large"), join_clinic_test=200)
    with name_server({QUESTION: ["1 0 443 a.test."]}) as server:
        assert next(Nodes((), server.resolver).in_service(HOST, clinic.open_line)) == HOST


async def test_the_next_node_is_joined_over_real_sockets(tmp_path: Path) -> None:
    certificate = Certificate(tmp_path, "127.0.0.1")
    switches: list[dict[str, Any]] = [{"status": 503}, {"answers": {"request_token": [(503, "busy")]}}, {}]
    async with AsyncExitStack() as stack:
        three: list[Node] = [
            await stack.enter_async_context(node(tls=certificate.context, **changes)) for changes in switches
        ]
        ports = [urlsplit(serving.url).port for serving in three]
        records = {QUESTION: [f"{index} 0 {port} 127.0.0.1." for index, port in enumerate(ports)]}
        server = stack.enter_context(name_server(records))
        joining = client(ca_file=str(certificate.file), resolve=server.resolver)
        joined = await joining.join(three[2].room(host=HOST))
        assert [serving.asked.count("request_token") for serving in three] == [0, 1, 1]
        await three[2].until(lambda: three[2].streams)
        await joined.leave()
        assert not three[2].seats
        await joining.check(three[2].room(host=HOST))
        assert [serving.status_asked for serving in three] == [1, 1, 1], "the node in service was forgotten"


async def test_a_refusal_is_not_asked_of_the_next_node(tmp_path: Path) -> None:
    certificate = Certificate(tmp_path, "127.0.0.1")
    async with node(tls=certificate.context) as one, node(tls=certificate.context) as two:
        records = {QUESTION: [f"1 0 {urlsplit(each.url).port} 127.0.0.1." for each in (one, two)]}
        with name_server(records) as server:
            joining = client(ca_file=str(certificate.file), resolve=server.resolver)
            with pytest.raises(RoomRefused, match="not_found"):
                await joining.join(one.room(host=HOST, alias="none"))
        assert len(one.asked) + len(two.asked) == 1
