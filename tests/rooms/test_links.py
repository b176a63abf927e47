"""Invitations in every form that letters, messages and QR codes hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.consultation.model import Room
from kiosk.errors import RoomRefused
from kiosk.rooms.pexip.links import Link, parse_link

NODE = "https://join.example.org"
DIGITS = st.text("0123456789", min_size=4, max_size=4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Web App 3
        (f"{NODE}/webapp3/m/998112", Link(NODE, "998112")),
        (f"{NODE}/webapp3/m/998112/", Link(NODE, "998112")),
        (f"{NODE}/webapp3/m/998112/express?pin=1234", Link(NODE, "998112", "1234")),
        (f"{NODE}/webapp3/m/998112/step-by-step/more", Link(NODE, "998112")),
        (f"{NODE}/webapp3/clinic/m/998112?name=Kari%20N&join=1", Link(NODE, "998112", name="Kari N")),
        (f"{NODE}/clinic/m/ward%20seven?role=guest", Link(NODE, "ward seven", role="guest")),
        (f"{NODE}/m/998112", Link(NODE, "998112")),
        (
            f"{NODE}/webapp3/m/meet.kari%40example.org?extension=77&callType=video",
            Link(NODE, "meet.kari@example.org", extension="77"),
        ),
        (f"{NODE}/webapp3/m/a%2Fb", Link(NODE, "a/b")),
        (f"{NODE}/webapp3/m/m", Link(NODE, "m")),
        (f"{NODE}/webapp3/m/conference", Link(NODE, "conference")),
        # Web App 3, redirect
        (f"{NODE}/m/?conference=998112&name=Kari&join=1", Link(NODE, "998112", name="Kari")),
        (f"{NODE}/webapp3/m/?conference=998112", Link(NODE, "998112")),
        # v25 and later
        (f"{NODE}/webapp/#/?conference=998112&pin=1234&role=guest", Link(NODE, "998112", "1234")),
        (f"{NODE}/webapp/#/?conference=meet%40example.org&role=GUEST", Link(NODE, "meet@example.org", role="guest")),
        (f"{NODE}/webapp/home/?conference=998112", Link(NODE, "998112")),
        (f"{NODE}/webapp/#!/conference/998112?pin=12", Link(NODE, "998112", "12")),
        # v18 to v24
        (f"{NODE}/webapp/conference/998112", Link(NODE, "998112")),
        (
            f"{NODE}/webapp/conference/998112?name=Kari&pin=0123%23&role=host&bandwidth=1264",
            Link(NODE, "998112", "0123#", "Kari"),
        ),
        # up to v17
        (
            f"{NODE}/webapp/?conference=998112&name=Kari&bw=512&pin=&join=1&role=guest&media=&audioonly=&escalate=",
            Link(NODE, "998112", None, "Kari", "guest"),
        ),
        (f"{NODE}:8443/webapp?conference=998112", Link(f"{NODE}:8443", "998112")),
        # the app
        ("pexip://998112", Link(None, "998112")),
        ("pexip:998112", Link(None, "998112")),
        ("pexip://meet.kari@example.org?pin=1234", Link("https://example.org", "meet.kari@example.org", "1234")),
        ("pexip://meet.kari@example.org?host=join.example.org", Link(NODE, "meet.kari@example.org")),
        ("pexip://998112?host=join.example.org", Link(NODE, "998112")),
        # as people write
        ("join.example.org/webapp/conference/998112", Link(NODE, "998112")),
        (f"  {NODE}/webapp/conference/998112\n", Link(NODE, "998112")),
        (f"{NODE.upper()}/webapp/conference/998112", Link(NODE, "998112")),
        ("http://127.0.0.1:8080/webapp/conference/998112", Link("http://127.0.0.1:8080", "998112")),
        # six digits and perhaps four
        ("998112", Link(None, "998112")),
        (" 998 112 ", Link(None, "998112")),
        ("998112 1234", Link(None, "998112", "1234")),
        ("998112-0234", Link(None, "998112", "0234")),
        ("Romnummer: 998 112, PIN-kode: 0234.", Link(None, "998112", "0234")),
        ("Møterom (998112)"[:-1], Link(None, "998112")),
    ],
)
def test_what_an_invitation_says(text: str, expected: Link) -> None:
    assert parse_link(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not_found"),
        ("SECRET", "not_found"),
        ("99811", "not_found"),
        ("9981123", "not_found"),
        ("998112 123", "not_found"),
        ("998112 12345", "not_found"),
        ("998112 1234 5678", "not_found"),
        ("১২৩৪৫৬", "not_found"),
        ("x" * 3000, "not_found"),
        (f"{NODE}/", "not_found"),
        (f"{NODE}/webapp/conference/", "not_found"),
        (f"{NODE}/webapp3/m/", "not_found"),
        (f"{NODE}/webapp3/m/..?pin=SECRET", "not_found"),
        (f"{NODE}/webapp3/m/%00SECRET", "not_found"),
        (f"{NODE}/webapp3/m/" + "x" * 300, "not_found"),
        (f"{NODE}/webapp/?conference=&name=SECRET", "not_found"),
        (f"{NODE}/a/b/c/d/m/998112", "not_found"),
        ("javascript:alert(998112)", "not_found"),
        ("mailto:998112@example.org", "not_found"),
        ("https://[::1/webapp/conference/1", "not_found"),
        (f"{NODE}/?" + "&".join(["a=1"] * 100), "not_found"),
        ("pexip://", "not_found"),
        (f"{NODE}/webapp/conference/998112?pin=SECRET", "pin"),
        (f"{NODE}/webapp/conference/998112?pin=none", "pin"),
        ("http://join.example.org/webapp/conference/998112", "forbidden_host"),
        ("https://SECRET:SECRET@join.example.org/webapp/conference/998112", "other"),
        ("https:///webapp/conference/998112", "other"),
    ],
)
def test_what_is_no_invitation(text: str, reason: str) -> None:
    with pytest.raises(RoomRefused) as caught:
        parse_link(text)
    assert caught.value.reason == reason
    assert "SECRET" not in str(caught.value)


def test_only_hosts_that_the_clinic_allows() -> None:
    allowed = ("*.example.org", "rooms.example.net")
    assert parse_link(f"{NODE}/m/1", allowed).host == NODE
    assert parse_link("pexip://7@rooms.example.net", allowed).host == "https://rooms.example.net"
    assert parse_link("998112", allowed).host is None
    for text in ("https://evil.example/m/1", "https://example.org.evil.example/m/1", "pexip://1?host=evil.example"):
        with pytest.raises(RoomRefused) as caught:
            parse_link(text, allowed)
        assert caught.value.reason == "forbidden_host"


def test_a_link_shows_nothing_of_its_content() -> None:
    link = parse_link(f"{NODE}/webapp/conference/SECRET?name=SECRET&extension=SECRET&pin=471100")
    assert "SECRET" not in repr(link)
    assert "471100" not in repr(link)
    assert "example" not in repr(link)


def test_the_room_that_is_meant() -> None:
    full = parse_link(f"{NODE}/m/9?pin=12&name=Kari&extension=7")
    assert full.room("", "https://own") == Room("pexip", NODE, "9", "12", "Kari", "7")
    assert parse_link("998112 1234").room("Ola", "https://own") == Room("pexip", "https://own", "998112", "1234", "Ola")


PIECES = st.sampled_from(
    [
        "https://",
        "pexip:",
        "http://",
        "join.example.org",
        "/m/",
        "/webapp3",
        "?conference=",
        "#/?",
        "pin=",
        "&",
        "@",
        "%00",
    ]
)


@given(st.text() | st.lists(PIECES | st.text(max_size=5) | DIGITS, max_size=12).map("".join))
def test_no_text_is_too_strange(text: str) -> None:
    try:
        link = parse_link(text)
    except RoomRefused:
        return
    assert link.alias.strip() == link.alias != ""
    assert link.host is None or link.host.startswith(("https://", "http://"))
    assert link.pin is None or link.pin.isascii()
