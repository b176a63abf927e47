"""Which hosts, rooms and PINs may become part of a request."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import RoomRefused
from kiosk.rooms.pexip.address import base_url, conference_path, pin_header


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("https://join.example.org", "https://join.example.org"),
        ("https://Join.Example.org:8443/", "https://join.example.org:8443"),
        (" https://10.0.0.7 ", "https://10.0.0.7"),
        ("https://[2001:db8::1]:443", "https://[2001:db8::1]:443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_hosts(host: str, expected: str) -> None:
    assert base_url(host) == expected


@pytest.mark.parametrize(
    ("host", "word"),
    [
        ("http://join.example.org", "forbidden_host"),
        ("http://localhost.example.org", "forbidden_host"),
        ("http://10.0.0.7", "forbidden_host"),
        ("http://127.0.0.1.example.org", "forbidden_host"),
        ("http://127.1", "forbidden_host"),
        ("join.example.org", "other"),
        ("", "other"),
        ("ftp://join.example.org", "other"),
        ("https://", "other"),
        ("https://user:SECRET@join.example.org", "other"),
        ("https://join.example.org/webapp/?pin=SECRET", "other"),
        ("https://join.example.org#SECRET", "other"),
        ("https://join.example.org:99999", "other"),
        ("https://[::1", "other"),
        ("https://a b", "other"),
        ("https://bücher.example", "other"),
    ],
)
def test_hosts_that_are_not_asked(host: str, word: str) -> None:
    with pytest.raises(RoomRefused) as caught:
        base_url(host)
    assert caught.value.reason == word
    assert "SECRET" not in str(caught.value)
    assert "example" not in str(caught.value).replace("https://join.example.org", "")


@pytest.mark.parametrize(
    ("host", "allowed", "entered"),
    [
        ("https://join.example.org", (), True),
        ("https://join.example.org", ("join.example.org",), True),
        ("https://JOIN.example.org.", ("Join.Example.Org",), True),
        ("https://join.example.org", ("other.example.org", "*.example.org"), True),
        ("https://example.org", ("*.example.org",), False),
        ("https://join.example.org", ("example.org",), False),
        ("https://evilexample.org", ("*.example.org",), False),
        ("https://join.example.org.evil.example", ("join.example.org", "*.example.org"), False),
        ("https://join.example.org@evil.example", ("join.example.org",), False),
        ("http://127.0.0.1:80", ("127.0.0.1",), True),
        ("http://127.0.0.1:80", ("*.example.org",), False),
    ],
)
def test_only_allowed_hosts_are_asked(host: str, allowed: tuple[str, ...], entered: bool) -> None:
    if entered:
        assert base_url(host, allowed)
    else:
        with pytest.raises(RoomRefused):
            base_url(host, allowed)


@given(st.text() | st.text().map("https://{}".format))
def test_no_host_is_too_strange(host: str) -> None:
    with contextlib.suppress(RoomRefused):
        assert base_url(host).isascii()


def test_a_room_stays_in_its_place_in_the_path() -> None:
    assert conference_path("7/../8 ø?#") == "/api/client/v2/conferences/7%2F..%2F8%20%C3%B8%3F%23/"
    assert conference_path("\ud800").isascii()
    for alias in ("", " ", ".", ".."):
        with pytest.raises(RoomRefused, match="not_found"):
            conference_path(alias)


def test_pins() -> None:
    assert [pin_header(pin) for pin in (None, "", " ", "1234", " 0123456789# ")] == [
        *[None, None, None],
        *["1234", "0123456789#"],
    ]
    for pin in ("none", "12\r\n34", "1234\x00", "1" * 21, "১২৩৪"):
        with pytest.raises(RoomRefused, match="pin: "):
            pin_header(pin)
