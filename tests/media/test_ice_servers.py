"""Which STUN and TURN servers are used."""

import logging

import pytest

from kiosk.media.ice_servers import choose, has_turn
from kiosk.rooms.port import IceServer


def turn(*urls: str) -> IceServer:
    return IceServer(urls, "user", "key")


@pytest.mark.parametrize(
    ("servers", "expected"),
    [
        ([], []),
        ([IceServer(("stun:a.example",)), IceServer(("stun:b.example",))], ["stun:a.example"]),
        ([turn("turn:a.example"), IceServer(("stun:b.example:3479",))], ["turn:a.example", "stun:b.example:3479"]),
        ([turn("turn:a?transport=sctp", "turn:a?transport=tcp", "turns:a")], ["turn:a?transport=tcp"]),
        ([turn("turns:a.example:443?transport=tcp")], ["turns:a.example:443?transport=tcp"]),
        ([turn("turns:a?transport=udp", "stuns:a", "http://a", "", "stun:", "turn:a:port")], []),
        ([IceServer(("turn:a.example",)), turn("turn:b.example")], ["turn:b.example"]),
    ],
)
def test_the_first_usable_of_each_kind(servers: list[IceServer], expected: list[str]) -> None:
    assert [url for server in choose(servers) for url in server.urls] == expected


def test_credentials_go_with_their_server() -> None:
    (chosen,) = choose([turn("turn:a.example")])
    assert (chosen.username, chosen.credential) == ("user", "key")
    assert has_turn([chosen])
    assert not has_turn(choose([IceServer(("stun:a.example",))]))


def test_the_log_says_neither_address_nor_credential(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        choose([turn("turns:secret.example?transport=udp"), IceServer(("turn:secret.example",), "secret-user")])
    assert len(caplog.records) == 2
    assert "secret" not in caplog.text
