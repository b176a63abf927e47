"""The card is taken in once and whole, whatever happens in the middle, and its secrets are gone from it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.card import SECRETS_FILE, SETTINGS_FILE, Device, secrets_of, secrets_text, settings_text
from kiosk.config import load
from kiosk.consultation.model import Wifi
from kiosk.firstboot.taking_in import CardRefused, take_in
from kiosk.identity import DeviceKey, text
from kiosk.sealing import read_key
from kiosk.storage import Storage
from tests.power import FailingStorage, PowerCut, QuickStorage

MADE_AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEY = DeviceKey.new()
PASSWORD = "blomkaal-42"
CALENDAR = "https://calendar.example.org/hemmelig-0042.ics"
DEVICE = Device(
    "VT-0042",
    "Poliklinikken",
    "22 33 44 55",
    "https://join.example.org",
    calendar_url=CALENDAR,
    wifi=Wifi("Post 3", PASSWORD, hidden=True),
)
SECRETS = (PASSWORD, CALENDAR, text(KEY.secret))


class Terminal:
    """Its two partitions, as folders."""

    def __init__(self, folder: Path) -> None:
        self.boot, self.data = folder / "boot", folder / "data"
        self.boot.mkdir(parents=True)
        self.put_card()

    def put_card(self, device: Device = DEVICE, key: DeviceKey = KEY) -> None:
        (self.boot / SETTINGS_FILE).write_text(settings_text(device), encoding="utf-8")
        (self.boot / SECRETS_FILE).write_text(secrets_text(secrets_of(device, key, MADE_AT)), encoding="utf-8")

    def start(self, storage: Storage | None = None) -> bool:
        return take_in(self.boot, self.data, (), storage or QuickStorage())

    def is_whole(self) -> bool:
        """Everything is where it belongs, and nothing secret is left on the boot partition."""
        config = load(self.data / "device.toml")
        left = b"".join(path.read_bytes() for path in self.boot.iterdir())
        return (
            config.terminal.serial == "VT-0042"
            and config.appointments.url == CALENDAR
            and read_key(self.data / "device.key").public == KEY.public
            and PASSWORD in (self.data / "networks/clinic.nmconnection").read_text()
            and [path.name for path in self.boot.iterdir()] == [SETTINGS_FILE]
            and not any(secret.encode() in left for secret in SECRETS)
        )


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "terminal")


def test_a_card_is_taken_in_once(terminal: Terminal) -> None:
    with (terminal.boot / SECRETS_FILE).open("rb") as still_open:
        assert terminal.start() is True
        assert not still_open.read().strip(b"\0"), "overwritten where it lay"
    assert terminal.is_whole()
    assert terminal.start() is False
    assert terminal.is_whole()


def test_what_is_secret_is_roots_alone(terminal: Terminal) -> None:
    terminal.start()
    modes = {path.name: path.stat().st_mode & 0o777 for path in terminal.data.rglob("*")}
    assert modes.pop("networks") == 0o700
    assert set(modes.values()) == {0o600}
    assert terminal.data.stat().st_mode & 0o777 == 0o700


def test_a_power_cut_at_each_step_costs_nothing(tmp_path: Path) -> None:
    counted = FailingStorage()
    Terminal(tmp_path / "counted").start(counted)
    assert len(counted.steps) > 15
    for cut in range(len(counted.steps)):
        terminal = Terminal(tmp_path / str(cut))
        with pytest.raises(PowerCut):
            terminal.start(FailingStorage(cut))
        terminal.start()
        assert terminal.is_whole(), f"power cut before step {cut}: {counted.steps[cut]}"


def test_two_power_cuts_in_a_row_cost_nothing(tmp_path: Path) -> None:
    for cut, again in ((1, 3), (9, 7), (12, 2)):
        terminal = Terminal(tmp_path / str(cut))
        for each in (cut, again, again):
            with pytest.raises(PowerCut):
                terminal.start(FailingStorage(each))
        terminal.start()
        assert terminal.is_whole()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("no key", "the card holds no settings"),
        ("no settings", "kiosk.toml is missing"),
        ("half a key", "kiosk.key: damaged"),
        ("another's key", "do not belong together"),
        ("changed by hand", "do not belong together"),
        ("unreadable", "cannot be read"),
    ],
)
def test_a_card_that_cannot_be_used_changes_nothing(terminal: Terminal, spoil: str, told: str) -> None:
    key, settings = terminal.boot / SECRETS_FILE, terminal.boot / SETTINGS_FILE
    match spoil:
        case "no key":
            key.unlink()
        case "no settings":
            settings.unlink()
        case "half a key":
            key.write_bytes(key.read_bytes()[:100])
        case "another's key":
            other = Device("VT-0043", "x", "22 33 44 55", "https://join.example.org")
            key.write_text(secrets_text(secrets_of(other, KEY, MADE_AT)))
        case "changed by hand":
            settings.write_text(settings.read_text() + "\n")
        case "unreadable":
            key.write_bytes(b"\xff\xfe")
    with pytest.raises(CardRefused, match=told) as refused:
        terminal.start()
    assert not terminal.data.exists()
    assert not any(secret in str(refused.value) for secret in SECRETS)


def test_new_settings_take_the_place_of_the_old_but_not_while_lent_out(terminal: Terminal) -> None:
    terminal.start()
    (terminal.data / "acceptance.json").write_text("{}")
    (terminal.data / "loan").mkdir()
    terminal.put_card()
    with pytest.raises(CardRefused, match="lent out"):
        terminal.start()
    (terminal.data / "loan").rmdir()
    assert terminal.start() is True
    assert not (terminal.data / "acceptance.json").exists(), "it is to be accepted anew"
    assert json.loads((terminal.data / "taken.json").read_text())["serial"] == "VT-0042"


def test_without_wifi_an_older_network_is_forgotten(terminal: Terminal) -> None:
    terminal.start()
    terminal.put_card(Device("VT-0042", "x", "22 33 44 55", "https://join.example.org"))
    terminal.start()
    assert list((terminal.data / "networks").iterdir()) == []
