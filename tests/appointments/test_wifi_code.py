"""Codes of wireless networks, by the rules that their makers follow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.appointments.letter import understand
from kiosk.appointments.wifi_code import parse_wifi
from kiosk.consultation.model import Wifi
from tests.appointments.calendars import LINK, read_link


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WIFI:T:WPA;S:Nett;P:passord1;;", Wifi("Nett", "passord1")),
        ("wifi:S:Nett;T:WPA;P:passord1;H:true;;", Wifi("Nett", "passord1", hidden=True)),
        ("WIFI:T:WPA;S:Nett;P:passord1", Wifi("Nett", "passord1")),
        (r"WIFI:T:WPA;S:A\;B\:C\\\"\,;P:p\;\;sword\\;;", Wifi('A;B:C\\",', "p;;sword\\")),
        ('WIFI:T:SAE;S:"12AB";P:"12345678";;', Wifi("12AB", "12345678")),
        ("WIFI:T:nopass;S:Gjest;;", Wifi("Gjest", None)),
        ("WIFI:S:Gjest;P:;;", Wifi("Gjest", None)),
        ("WIFI:T:WPA;R:1;S:Blåbær;P:" + "a" * 64 + ";;", Wifi("Blåbær", "a" * 64)),
        ("WIFI:T:WPA;S:Nett;P:kort;;", None),
        ("WIFI:T:WPA;S:Nett;P:" + "x" * 64 + ";;", None),
        ("WIFI:T:WPA;S:Nett;;", None),
        ("WIFI:T:WEP;S:Nett;P:12345;;", None),
        ("WIFI:T:WPA2-EAP;S:Nett;I:kari;P:12345678;;", None),
        ("WIFI:T:nopass;S:Nett;P:12345678;;", None),
        ("WIFI:T:WPA;S:;P:12345678;;", None),
        ("WIFI:T:WPA;S:--help;P:12345678;;", None),
        ("WIFI:T:WPA;S:" + "å" * 17 + ";P:12345678;;", None),
        ("WIFI:T:WPA;S:a\nb;P:12345678;;", None),
        ("WIFI:;;", None),
        ("WIFI:S", None),
        ("https://example.org", None),
    ],
)
def test_what_a_code_says(text: str, expected: Wifi | None) -> None:
    assert parse_wifi(text) == expected


@given(
    st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=8),
    st.text('ab;:,\\"1', min_size=9, max_size=20),
)
def test_whatever_is_escaped_comes_back(name: str, password: str) -> None:
    def escaped(text: str) -> str:
        return "".join(f"\\{char}" if char in '\\;,":' else char for char in text)

    read = parse_wifi(f"WIFI:T:WPA;S:{escaped(name)};P:{escaped(password)};;")
    if read is not None:
        assert (read.name, read.password) == (name, password)
    else:
        assert name.startswith("-") or not name.isprintable() or len(name.encode()) > 32


@given(st.text(max_size=60))
def test_no_code_breaks_the_reader(rest: str) -> None:
    parse_wifi(f"WIFI:{rest}")


def test_a_letter_with_both_means_its_room_and_neither_is_printed() -> None:
    code = "WIFI:T:WPA;S:Nett;P:passord1;;"
    both = understand([code, LINK], read_link)
    assert both.room is not None
    alone = understand([code], read_link)
    assert (alone.room, alone.wifi, alone.strange) == (None, Wifi("Nett", "passord1"), False)
    assert "assord" not in repr(alone) + repr(alone.wifi)
