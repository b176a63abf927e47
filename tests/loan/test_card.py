"""Orders on the card: lent and taken back without a keyboard, and gone from the card afterwards."""

from pathlib import Path

import pytest

from kiosk.card import SETTINGS_FILE
from kiosk.consultation.model import Faulty
from kiosk.loan import __main__ as loan
from kiosk.loan import wipe
from kiosk.loan.card import LOAN_ORDER, RECEIPT_FILE, WIPE_ORDER, obey
from kiosk.loan.receipt import verify
from kiosk.provision.fat import BootFiles
from kiosk.standing import read_standing
from kiosk.storage import Storage
from tests.loan.terminal import LOAN, NOW, LoanTerminal, traces
from tests.power import FailingStorage, PowerCut, QuickStorage
from tests.provision.image import make_gpt


class CardTerminal(LoanTerminal):
    """With its boot partition, as a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.boot = folder / "boot"
        self.boot.mkdir()

    def start(self, storage: Storage | None = None) -> None:
        storage = storage or QuickStorage()
        lending = self.lending(storage)
        lending.open()
        obey(self.boot, self.places.data, lending, storage, NOW)

    def on_card(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.boot.iterdir())


@pytest.fixture
def terminal(tmp_path: Path) -> CardTerminal:
    return CardTerminal(tmp_path / "terminal")


def test_one_start_lends_and_the_next_takes_back(terminal: CardTerminal) -> None:
    (terminal.boot / LOAN_ORDER).write_text(LOAN)
    with (terminal.boot / LOAN_ORDER).open("rb") as still_open:
        terminal.start()
        assert not still_open.read().strip(b"\0"), "overwritten where it lay"
    assert terminal.lending().lent
    assert list(terminal.boot.iterdir()) == []
    terminal.use()
    (terminal.boot / WIPE_ORDER).touch()
    terminal.start()
    assert traces(terminal.everything() + terminal.on_card()) == []
    assert verify((terminal.boot / RECEIPT_FILE).read_text(), terminal.key.public).number == 1
    assert [path.name for path in terminal.boot.iterdir()] == [RECEIPT_FILE]


def test_both_orders_change_the_patient_in_one_start(terminal: CardTerminal) -> None:
    terminal.lending().give(LOAN)
    (terminal.boot / WIPE_ORDER).touch()
    (terminal.boot / LOAN_ORDER).write_text(LOAN.replace("Kari Eriksdatter Nordmann", "Ola Hansen"))
    terminal.start()
    assert "Ola Hansen" in (terminal.places.run / "loan.toml").read_text()
    assert "Kari" not in terminal.everything().decode(errors="replace")


def test_a_power_cut_at_each_step_lends_once_and_leaves_nothing_on_the_card(tmp_path: Path) -> None:
    counted = CardTerminal(tmp_path / "counted")
    (counted.boot / LOAN_ORDER).write_text(LOAN)
    steps = FailingStorage()
    counted.start(steps)
    # The first steps belong to giving, which a torn start wipes (test_lending.py); these to what comes after.
    sealed = next(number for number, step in enumerate(steps.steps) if step.endswith("to sealed"))
    for cut in range(sealed + 1, len(steps.steps)):
        terminal = CardTerminal(tmp_path / str(cut))
        (terminal.boot / LOAN_ORDER).write_text(LOAN)
        with pytest.raises(PowerCut):
            terminal.start(FailingStorage(cut))
        terminal.lose_power()
        terminal.start()
        assert terminal.lending().lent
        assert list(terminal.boot.iterdir()) == []


def test_a_loan_that_is_refused_is_erased_and_told(terminal: CardTerminal, caplog: pytest.LogCaptureFixture) -> None:
    (terminal.boot / LOAN_ORDER).write_text(LOAN + '[camera]\ndriver = "v4l2"\n')
    terminal.start()
    assert list(terminal.boot.iterdir()) == []
    assert not terminal.lending().lent
    assert read_standing(terminal.places.data / "standing.json") == Faulty(("loan",))
    assert "camera: does not belong into a loan" in caplog.text
    assert traces(caplog.text.encode()) == []


def test_a_second_loan_does_not_take_the_place_of_the_first(terminal: CardTerminal) -> None:
    terminal.lending().give(LOAN)
    (terminal.boot / LOAN_ORDER).write_text(LOAN.replace("Kari Eriksdatter Nordmann", "Ola Hansen"))
    terminal.start()
    assert "Kari" in (terminal.places.run / "loan.toml").read_text()
    assert list(terminal.boot.iterdir()) == []


def test_a_wipe_of_what_was_never_lent_says_so(terminal: CardTerminal) -> None:
    (terminal.boot / WIPE_ORDER).touch()
    terminal.start()
    assert (terminal.boot / RECEIPT_FILE).read_text() == "never lent\n"


def test_the_clinics_computer_puts_orders_onto_a_real_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card, document = make_gpt(tmp_path / "card"), tmp_path / "kari.toml"
    document.write_text(LOAN)
    assert loan.main([str(document), "--card", str(card)]) == 1
    assert "no terminal's card" in capsys.readouterr().err
    BootFiles(card).write(SETTINGS_FILE, b'[terminal]\nserial = "VT-0042"\n')
    assert loan.main([str(document), "--card", str(card)]) == 0
    assert wipe.main(["--card", str(card)]) == 0
    assert capsys.readouterr().out.count("terminal VT-0042 is") == 2
    assert BootFiles(card).read(LOAN_ORDER) == LOAN.encode()
    assert BootFiles(card).read(WIPE_ORDER) == b""
