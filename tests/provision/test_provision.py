"""`kiosk provision` as a technician meets it: on real images, with every mistake of hers and of the card's."""

import csv
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.card import SECRETS_FILE, SETTINGS_FILE, digest, parse_secrets
from kiosk.config import parse
from kiosk.identity import from_text, signed_by
from kiosk.provision.__main__ import main
from kiosk.provision.fat import BootFiles, CardFault
from kiosk.provision.partitions import NotOurImage, boot_partition
from tests.provision.image import START, fill, make_gpt, make_mbr

COMMON = ["--contact-name", "Poliklinikken", "--contact-phone", "22 33 44 55", "--node", "https://join.example.org"]
PASSWORD = "blomkaal-42"


class Desk:
    """A technician's desk: a table, an image, a folder."""

    def __init__(self, folder: Path) -> None:
        self.image = make_gpt(folder / "kiosk.img")
        self.table = folder / "terminals.csv"
        self.out = folder / "cards"
        self.serials = ["0001", "0002", "0003"]

    def write_table(self) -> None:
        with self.table.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["serial", "wifi_name", "wifi_password"])
            rows.writerows([serial, "Post 3", PASSWORD] for serial in self.serials)

    def run(self, *more: str, ask: Callable[[str], str] = input) -> int:
        self.write_table()
        return main([str(self.table), *COMMON, "--out", str(self.out), *more], ask)

    def images(self, *more: str) -> int:
        return self.run("--image", str(self.image), *more)

    def manifest(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in (self.out / "manifest.jsonl").read_text().splitlines()]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_each_image_gets_settings_and_a_key_of_its_own(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.images("--labels", str(desk.out.parent / "labels.pdf")) == 0
    told = capsys.readouterr()
    assert "3/3  0003  0003.img  written and read back" in told.out
    keys = set()
    for entry in desk.manifest():
        files = BootFiles(desk.out / f"{entry['serial']}.img")
        settings, secrets = files.read(SETTINGS_FILE), files.read(SECRETS_FILE)
        assert settings is not None
        assert secrets is not None
        assert parse(settings.decode()).terminal.serial == entry["serial"]
        assert PASSWORD.encode() not in settings
        known = parse_secrets(secrets.decode())
        assert known.settings_digest == digest(settings.decode()) == entry["settings"]
        assert known.wifi is not None
        assert known.wifi.password == PASSWORD
        assert signed_by(entry["public_key"], b"hello", known.key.sign(b"hello"))
        keys.add(known.key.secret)
    assert len(keys) == 3
    written = (desk.out / "manifest.jsonl").read_text() + told.out + told.err
    assert PASSWORD not in written
    assert (desk.out.parent / "labels.pdf").read_bytes().startswith(b"%PDF-")
    assert sorted(path.name for path in desk.out.iterdir()) == ["0001.img", "0002.img", "0003.img", "manifest.jsonl"]


def test_a_second_run_makes_only_what_is_missing(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.serials = ["0001"]
    assert desk.images() == 0
    desk.serials = ["0001", "0002"]
    assert desk.images() == 0
    assert "1 of 2 are made already" in capsys.readouterr().out
    assert [entry["serial"] for entry in desk.manifest()] == ["0001", "0002"]
    (desk.out / "0001.img").unlink()
    assert desk.images() == 0
    assert [entry["serial"] for entry in desk.manifest()] == ["0001", "0002", "0001"]


def test_power_that_goes_in_the_middle_of_a_line_costs_that_terminal_alone(desk: Desk) -> None:
    assert desk.images() == 0
    path = desk.out / "manifest.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    (desk.out / "0004.part").write_bytes(b"half")
    assert desk.images() == 0
    assert [entry["serial"] for entry in desk.manifest()] == ["0001", "0002", "0003"]


def test_other_settings_for_a_terminal_that_is_made_are_asked_about(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.images() == 0
    assert desk.images("--language", "nn") == 1
    assert "terminal 0002: was made before, with other settings; --overwrite" in capsys.readouterr().err
    before = desk.manifest()
    assert desk.images("--language", "nn", "--overwrite") == 0
    after = desk.manifest()[3:]
    assert [entry["public_key"] == old["public_key"] for entry, old in zip(after, before, strict=True)] == [False] * 3


def test_nothing_is_written_while_anything_is_wrong(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.serials = ["0001", "0001", "a b"]
    assert desk.images("--contact-hours", "x" * 400) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[-1] == "5 faults; nothing was written"
    assert "row 3, serial: row 2 has the same: two cards of one identity" in told
    assert not desk.out.exists()


def test_a_dry_run_checks_all_and_writes_nothing(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.images("--dry-run") == 0
    assert capsys.readouterr().out == "good: 3 terminals to make; nothing was written\n"
    assert not desk.out.exists()


def test_a_computer_with_a_wrong_clock_makes_no_cards(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    for away in (timedelta(days=400), timedelta(days=-4000)):
        moment = (datetime.now(UTC) + away).timestamp()
        os.utime(desk.image, (moment, moment))
        assert desk.images() == 1
        assert "this computer's clock: it says" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda image: make_gpt(image, name="rootfs"), "no boot partition (BOOTCONFIG)"),
        (lambda image: make_gpt(image, fat=False), "holds no FAT file system"),
        (lambda image: image.write_bytes(bytes(4096)), "no partition table"),
        (lambda image: image.write_bytes(b""), "no partition table"),
        (lambda image: os.truncate(image, START + 4096), "shorter than its own partitions"),
        (lambda image: image.unlink(), "not there"),
    ],
    ids=["another's", "no FAT", "no table", "empty", "cut short", "missing"],
)
def test_an_image_without_our_partition_is_refused(
    desk: Desk, spoil: Callable[[Path], object], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(desk.image)
    assert desk.images() == 1
    assert told in capsys.readouterr().err
    assert not desk.out.exists()


def test_a_full_boot_partition_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    fill(desk.image)
    assert desk.images() == 1
    assert "its boot partition is full" in capsys.readouterr().err
    assert [path.name for path in desk.out.iterdir()] == []


def test_an_older_partition_table_is_read_too(tmp_path: Path) -> None:
    image = make_mbr(tmp_path / "old.img")
    assert boot_partition(image).start == START
    files = BootFiles(image)
    files.write("x", b"1")
    assert files.read("x") == b"1"
    damaged = bytearray(make_gpt(tmp_path / "new.img").read_bytes())
    damaged[512:520] = b"NOT PART"
    (tmp_path / "new.img").write_bytes(damaged)
    with pytest.raises(NotOurImage, match="damaged"):
        boot_partition(tmp_path / "new.img")


class Reader:
    """A card reader in the technician's hands: what lies in it when she presses Enter."""

    def __init__(self, path: Path, *cards: Path | None) -> None:
        self.path = path
        self._cards = list(cards)
        self.questions: list[str] = []

    def __call__(self, question: str) -> str:
        self.questions.append(question)
        if not self._cards:
            raise EOFError
        card = self._cards.pop(0)
        self.path.unlink(missing_ok=True)
        if card is not None:
            self.path.symlink_to(card)
        return ""


def test_cards_one_after_another_with_every_slip_of_the_hand(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    cards = [make_gpt(desk.image.parent / f"card{number}") for number in range(3)]
    # The second card is forgotten, then an empty reader, then the first one again.
    reader = Reader(desk.image.parent / "reader", cards[0], cards[0], None, cards[1], cards[2])
    assert desk.run("--card", str(reader.path), ask=reader) == 0
    told = capsys.readouterr().err
    assert "0002: this card is terminal 0001 already; take the next card" in told
    assert "0002: it is not there any more: was the card taken out?" in told
    for number, card in enumerate(cards, start=1):
        assert f'serial = "000{number}"'.encode() in (BootFiles(card).read(SETTINGS_FILE) or b"")
    assert [entry["target"] for entry in desk.manifest()] == ["card"] * 3
    assert desk.run("--card", str(reader.path), ask=reader) == 0
    assert len(desk.manifest()) == 3


def test_a_run_that_is_stopped_goes_on_with_the_next_card(desk: Desk) -> None:
    cards = [make_gpt(desk.image.parent / f"card{number}") for number in range(3)]
    reader = Reader(desk.image.parent / "reader", cards[0])
    assert desk.run("--card", str(reader.path), ask=reader) == 130
    reader = Reader(reader.path, cards[1], cards[2])
    assert desk.run("--card", str(reader.path), ask=reader) == 0
    assert reader.questions[0].startswith("1/2: put in the card for terminal 0002")


def test_a_card_that_is_pulled_out_in_the_middle_is_never_half_taken_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.serials = ["0001"]
    card = make_gpt(desk.image.parent / "card")
    reader = Reader(desk.image.parent / "reader", card, card)
    write = BootFiles.write
    pulled: list[str] = []

    def pull(self: BootFiles, name: str, content: bytes) -> None:
        if name == SECRETS_FILE and not pulled:
            pulled.append(name)
            reader.path.unlink()
        write(self, name, content)

    monkeypatch.setattr(BootFiles, "write", pull)
    assert desk.run("--card", str(reader.path), ask=reader) == 0
    assert "was the card taken out?" in capsys.readouterr().err
    assert BootFiles(card).read(SECRETS_FILE) is not None


def test_a_card_that_forgets_what_is_written_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = BootFiles(make_gpt(tmp_path / "card"))
    monkeypatch.setattr(BootFiles, "read", lambda self, name: b"something else")
    with pytest.raises(CardFault, match="reads otherwise"):
        files.write("x", b"1")


def test_a_public_key_is_32_bytes_that_fit_on_a_label(desk: Desk) -> None:
    desk.serials = ["0001"]
    assert desk.images() == 0
    assert len(from_text(desk.manifest()[0]["public_key"])) == 32
