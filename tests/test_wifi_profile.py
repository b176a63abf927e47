"""Wireless networks as NetworkManager keeps them, read back by the rules of its key files."""

import configparser

import pytest

from kiosk.consultation.model import Wifi
from kiosk.wifi_profile import profile


def read(written: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, delimiters="=", strict=True)
    parser.read_string(written)
    return parser


@pytest.mark.parametrize("name", ["Post 3", "Karis nett; [wifi]", "Blåbær\\", " lead", "101;102"])
@pytest.mark.parametrize("password", [None, "blomkaal-42", "a\\b;c=d#e", " begins with a space"])
@pytest.mark.parametrize("hidden", [True, False])
def test_a_network_survives(name: str, password: str | None, hidden: bool) -> None:
    written = read(profile(Wifi(name, password, hidden), "home"))
    assert bytes(int(byte) for byte in written["wifi"]["ssid"].split(";") if byte).decode() == name
    assert written["wifi"].getboolean("hidden", fallback=False) is hidden
    if password is None:
        assert "wifi-security" not in written
    else:
        psk = written["wifi-security"]["psk"].replace("\\s", " ").replace("\\\\", "\\")
        assert psk == password
    assert written["connection"]["id"] == "home"


def test_the_same_network_makes_the_same_profile() -> None:
    one, two = (profile(Wifi("Post 3", password), "home") for password in ("blomkaal-1", "blomkaal-2"))
    assert read(one)["connection"]["uuid"] == read(two)["connection"]["uuid"]
