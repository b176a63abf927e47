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
        ("http://join.example.org", "insecure"),
        ("http://localhost.example.org", "insecure"),
        ("http://10.0.0.7", "insecure"),
        ("http://127.0.0.1.example.org", "insecure"),
        ("http://127.1", "insecure"),
        ("join.example.org", "address"),
        ("", "address"),
        ("ftp://join.example.org", "address"),
        ("https://", "address"),
        ("https://user:SECRET@join.example.org", "address"),
        ("https://join.example.org/webapp/?pin=SECRET", "address"),
        ("https://join.example.org#SECRET", "address"),
        ("https://join.example.org:99999", "address"),
        ("https://[::1", "address"),
        ("https://a b", "address"),
        ("https://bücher.example", "address"),
    ],
)
def test_hosts_that_are_not_asked(host: str, word: str) -> None:
    with pytest.raises(RoomRefused) as caught:
        base_url(host)
    assert caught.value.reason == word
    assert "SECRET" not in str(caught.value)
    assert "example" not in str(caught.value).replace("https://join.example.org", "")


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
