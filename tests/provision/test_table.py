"""The table of devices: every fault at once, with its row and column, and never a value."""

from pathlib import Path

import pytest

from kiosk.card import settings_text
from kiosk.config import parse
from kiosk.consultation.model import Wifi
from kiosk.errors import ConfigError
from kiosk.provision.table import devices, read_table

GOOD = {
    "serial": "VT-0042",
    "contact_name": "Lungepoliklinikken, Kárášjohka",
    "contact_phone": "22 33 44 55",
    "node": "https://join.example.org",
}


def test_a_table_with_all_columns_makes_devices() -> None:
    rows = [(2, {**GOOD, "wifi_name": "Post 3", "wifi_password": "hemmelig1", "wifi_hidden": "ja", "language": "se"})]
    made, faults = devices(rows, {"contact_hours": "man–fre 08–15.30"})
    assert faults == []
    assert made[0].wifi == Wifi("Post 3", "hemmelig1", hidden=True)
    assert "hemmelig1" not in repr(made)
    settings = parse(settings_text(made[0]))
    assert (settings.terminal.serial, settings.screen.language) == ("VT-0042", "se")
    assert settings.contact[0].name == "Lungepoliklinikken, Kárášjohka"
    assert settings.contact[0].hours == "man–fre 08–15.30"


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("serial", "", "missing"),
        ("contact_name", "", "missing"),
        ("contact_phone", "", "missing"),
        ("node", "", "missing"),
        ("serial", "VT 42", "letters, digits and hyphens"),
        ("serial", "x" * 21, "letters, digits and hyphens"),
        ("contact_phone", "22 33 44", "8 digits"),
        ("contact_phone", "22 33 44 55 66", "8 digits"),
        ("contact_phone", "+47 22 33", "8 digits"),
        ("contact_phone", "ring oss", "digits and spaces"),
        ("contact_phone", "+1", "7 to 15"),
        ("contact_name", "a\nb", "line break"),
        ("contact_name", "x" * 301, "longer than"),
        ("node", "join.example.org", "https://"),
        ("node", "http://join.example.org", "https://"),
        ("node", "https://join.example.org/webapp", "a node alone"),
        ("node", "https://joi n", "valid name"),
        ("allowed_hosts", "a.example.org, b", "hosts such as"),
        ("language", "sv", "one of nb"),
        ("calendar_url", "ftp://x", "address such as"),
        ("wifi_name", "x" * 33, "32 bytes"),
        ("wifi_name", "æ" * 17, "32 bytes"),
        ("wifi_password", "short", "8 to 63"),
        ("wifi_password", "blåbærsyltetøy", "8 to 63"),
        ("wifi_hidden", "perhaps", "yes or no"),
    ],
)
def test_each_fault_is_told_by_row_and_column(column: str, cell: str, told: str) -> None:
    wifi = {"wifi_name": "Post 3"} if column == "wifi_password" else {}
    made, faults = devices([(7, {**GOOD, **wifi, column: cell})], {})
    assert made == []
    assert [fault.where for fault in faults] == [f"row 7, {column}"]
    assert told in str(faults[0])


@pytest.mark.parametrize("phone", ["22334455", "+47 22 33 44 55", "02800", "116 117", "+46 8 123 45 67", "815-00-000"])
def test_telephone_numbers_as_people_write_them(phone: str) -> None:
    assert devices([(2, {**GOOD, "contact_phone": phone})], {})[1] == []


def test_all_faults_of_all_rows_are_told_at_once() -> None:
    rows = [(2, GOOD), (3, {**GOOD, "contact_phone": "1", "node": ""}), (5, {**GOOD, "serial": "vt-0042"})]
    made, faults = devices(rows, {})
    assert [device.serial for device in made] == ["VT-0042"]
    assert [fault.where for fault in faults] == [
        "row 3, node",
        "row 3, contact_phone",
        "row 3, serial",
        "row 5, serial",
    ]
    assert "row 2 has the same: two cards of one identity" in str(faults[-1])


def test_a_password_is_never_repeated() -> None:
    faults = devices([(2, {**GOOD, "wifi_password": "geheim", "wifi_name": ""})], {})[1]
    assert len(faults) == 2
    assert "geheim" not in " ".join(map(str, faults))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_as_spreadsheets_write_them(delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "terminals.csv"
    lines = [["Serial", "contact_name"], ["0001", '"Post 3; øst, 2"'], ["", ""], ["0002", "x"]]
    path.write_bytes(("\ufeff" + "\r\n".join(delimiter.join(line) for line in lines)).encode())
    assert read_table(path) == [
        (2, {"serial": "0001", "contact_name": "Post 3; øst, 2"}),
        (4, {"serial": "0002", "contact_name": "x"}),
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"serial\n", "no device"),
        (b"serial,contact_fone\n1,2\n", "did you mean contact_phone?"),
        (b"serial,serial\n1,2\n", "stands there twice"),
        (b"serial,node\n1,2,3\n", "row 2: more cells"),
        ("serial\nÅ\n".encode("latin-1"), "not UTF-8"),
        (b'serial\n"1\n', "not a table"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes | None, told: str, tmp_path: Path) -> None:
    path = tmp_path / "terminals.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="terminals") as refused:
        read_table(path)
    assert told in str(refused.value)
