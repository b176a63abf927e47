"""Which STUN and TURN servers are used."""

import logging

import pytest

from kiosk.media.ice_servers import choose
from kiosk.media.ladder import Path
from kiosk.rooms.port import IceServer


def turn(*urls: str) -> IceServer:
    return IceServer(urls, "user", "key")


@pytest.mark.parametrize(
    ("servers", "stun", "relays"),
    [
        ([], None, []),
        ([IceServer(("stun:a.example",)), IceServer(("stun:b.example",))], ("a.example", 3478), []),
        (
            [turn("turn:a.example"), IceServer(("stun:b.example:3479",))],
            ("b.example", 3479),
            [(Path.TURN_UDP, "a.example", 3478)],
        ),
        # Best first, whatever the order they are named in; the first of each kind.
        (
            [turn("turns:a", "turn:b:99?transport=tcp", "turn:c?transport=udp", "turn:d", "turn:e?transport=tcp")],
            None,
            [(Path.TURN_UDP, "c", 3478), (Path.TURN_TCP, "b", 99), (Path.TURN_TLS, "a", 5349)],
        ),
        ([turn("turn:a?transport=sctp", "turns:a:443?transport=tcp")], None, [(Path.TURN_TLS, "a", 443)]),
        ([turn("turns:a?transport=udp", "stuns:a", "http://a", "", "stun:", "turn:a:port", "turn:a:70000")], None, []),
        ([IceServer(("turn:a.example",)), turn("turn:b.example")], None, [(Path.TURN_UDP, "b.example", 3478)]),
    ],
)
def test_the_first_usable_of_each_kind(
    servers: list[IceServer], stun: tuple[str, int] | None, relays: list[tuple[Path, str, int]]
) -> None:
    chosen = choose(servers)
    assert (chosen.stun, [(relay.path, relay.host, relay.port) for relay in chosen.relays]) == (stun, relays)


def test_credentials_go_with_their_server_and_are_not_shown() -> None:
    (relay,) = choose([turn("turn:a.example")]).relays
    assert (relay.username, relay.credential) == ("user", "key")
    assert "user" not in repr(relay)
    assert "key" not in repr(relay)


def test_the_log_says_neither_address_nor_credential(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        choose([turn("turns:secret.example?transport=udp"), IceServer(("turn:secret.example",), "secret-user")])
    assert len(caplog.records) == 2
    assert "secret" not in caplog.text
