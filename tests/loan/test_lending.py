"""Lent, used, wiped: nothing of the patient stays, whatever happens in the middle."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.config import load
from kiosk.consultation.model import Wiped
from kiosk.errors import ConfigError
from kiosk.loan.lending import NotLendable
from kiosk.loan.receipt import code_of, verify
from kiosk.loan.vault import VaultTorn
from kiosk.sealing import NoKey
from kiosk.standing import read_standing
from tests.loan.terminal import LOAN, NOW, LoanTerminal, traces
from tests.power import FailingStorage, PowerCut


class Watched(FailingStorage):
    """Looks at the disk before every step."""

    def __init__(self, terminal: LoanTerminal, cut: int | None = None) -> None:
        super().__init__(cut)
        self._terminal = terminal
        self.found: set[str] = set()

    def _step(self, what: str) -> None:
        super()._step(what)
        self.found |= set(traces(self._terminal.on_disk()))


@pytest.fixture
def terminal(tmp_path: Path) -> LoanTerminal:
    return LoanTerminal(tmp_path / "terminal")


def test_a_loan_makes_the_terminal_the_patients_until_it_is_wiped(terminal: LoanTerminal) -> None:
    name = terminal.lending().give(LOAN)
    lent = load(terminal.places.run / "loan.toml")
    assert (lent.terminal.assigned, lent.screen.language, lent.volume.start) == (True, "se", 7)
    terminal.use()
    terminal.lose_power()
    assert terminal.lending().open()
    assert load(terminal.places.run / "loan.toml") == lent
    assert [path.name for path in (terminal.places.run / "network").iterdir()] == ["Nordmanns hytte.nmconnection"]

    receipt = terminal.lending().wipe(NOW)
    assert traces(terminal.everything()) == []
    assert not terminal.lending().lent
    assert not terminal.lending().open()
    assert not (terminal.places.run / "loan.toml").exists(), "language and loudness are the terminal's own again"
    assert not (terminal.places.remembered / "seen-bssids").exists()
    told = verify(receipt, terminal.key.public)
    assert (told.serial, told.number, told.loan, told.wiped_at) == ("VT-0042", 1, name, NOW)
    assert read_standing(terminal.places.data / "standing.json") == Wiped(code_of(receipt), receipt)
    assert terminal.lending().last_receipt() == receipt


def test_the_disk_never_holds_a_readable_word_at_any_step(terminal: LoanTerminal) -> None:
    watched = Watched(terminal)
    terminal.lending(watched).give(LOAN)
    terminal.use(watched)
    terminal.lending(watched).wipe(NOW)
    assert len(watched.steps) > 30
    assert watched.found == set()


def test_a_power_cut_at_each_step_of_a_wipe_ends_in_one_receipt_and_no_trace(tmp_path: Path) -> None:
    counted = LoanTerminal(tmp_path / "counted")
    counted.lending().give(LOAN)
    counted.use()
    steps = FailingStorage()
    counted.lending(steps).wipe(NOW)
    assert len(steps.steps) > 20
    for cut in range(len(steps.steps)):
        terminal = LoanTerminal(tmp_path / str(cut))
        name = terminal.lending().give(LOAN)
        terminal.use()
        with pytest.raises(PowerCut):
            terminal.lending(FailingStorage(cut)).wipe(NOW)
        terminal.lose_power()
        if terminal.lending().lent:
            receipt = terminal.lending().wipe(NOW + timedelta(minutes=1))
            assert verify(receipt, terminal.key.public).loan == name
        assert traces(terminal.everything()) == [], f"power cut before step {cut}: {steps.steps[cut]}"
        assert json.loads((terminal.places.data / "receipt.json").read_text())["number"] == 1


def test_a_power_cut_while_giving_leaves_the_terminal_to_be_wiped_or_lent(tmp_path: Path) -> None:
    steps = FailingStorage()
    LoanTerminal(tmp_path / "counted").lending(steps).give(LOAN)
    for cut in range(len(steps.steps)):
        terminal = LoanTerminal(tmp_path / str(cut))
        with pytest.raises(PowerCut):
            terminal.lending(FailingStorage(cut)).give(LOAN)
        terminal.lose_power()
        try:
            opened = terminal.lending().open()
        except VaultTorn:
            opened = False
        if not opened:
            terminal.lending().wipe(NOW)
            assert traces(terminal.everything()) == []
            assert terminal.lending().give(LOAN)


def test_a_loan_in_memory_is_gone_with_the_power(terminal: LoanTerminal) -> None:
    watched = Watched(terminal)
    terminal.lending(watched).give(LOAN, in_memory=True)
    assert not terminal.lending(watched).keep()
    assert watched.found == set()
    terminal.lose_power()
    assert not terminal.lending().lent
    terminal.lending().give(LOAN, in_memory=True)
    assert verify(terminal.lending().wipe(NOW), terminal.key.public).number == 1
    assert traces(terminal.everything()) == []


def test_each_loan_has_a_key_and_a_receipt_of_its_own(terminal: LoanTerminal) -> None:
    keys, receipts = set(), []
    for _ in range(3):
        terminal.lending().give(LOAN)
        keys.add((terminal.places.data / "loan/key").read_bytes())
        receipts.append(verify(terminal.lending().wipe(NOW), terminal.key.public))
    assert len(keys) == 3
    assert [receipt.number for receipt in receipts] == [1, 2, 3]
    assert len({receipt.loan for receipt in receipts}) == 3


def test_a_terminal_that_is_lent_out_is_not_lent_again(terminal: LoanTerminal) -> None:
    terminal.lending().give(LOAN)
    with pytest.raises(NotLendable, match="wipe it first"):
        terminal.lending().give(LOAN)


def test_a_terminal_without_settings_is_not_lent(terminal: LoanTerminal) -> None:
    (terminal.places.data / "taken.json").unlink()
    with pytest.raises(NotLendable, match="kiosk provision"):
        terminal.lending().give(LOAN)


def test_a_loan_whose_room_this_terminal_may_not_enter_is_refused(terminal: LoanTerminal) -> None:
    (terminal.places.data / "device.toml").write_text('[rooms.pexip]\nnode = "https://other.example.org"\n')
    with pytest.raises(ConfigError, match=r"appointments\.room: forbidden_host"):
        terminal.lending().give(LOAN)
    assert not terminal.lending().lent
    assert not traces(terminal.everything())


def test_without_its_key_a_terminal_forgets_all_the_same_but_is_not_taken_back(terminal: LoanTerminal) -> None:
    terminal.lending().give(LOAN)
    (terminal.places.data / "device.key").unlink()
    with pytest.raises(NoKey):
        terminal.lending().wipe(NOW)
    assert traces(terminal.everything()) == []
    assert terminal.lending().lent


@pytest.mark.parametrize("spoil", ["key", "sealed"])
def test_a_damaged_loan_is_not_opened(terminal: LoanTerminal, spoil: str) -> None:
    terminal.lending().give(LOAN)
    path = terminal.places.data / "loan" / spoil
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)
    with pytest.raises(VaultTorn):
        terminal.lending().open()


def test_nothing_is_sealed_twice_for_nothing(terminal: LoanTerminal) -> None:
    terminal.lending().give(LOAN)
    sealed = (terminal.places.data / "loan/sealed").read_bytes()
    assert not terminal.lending().keep()
    assert (terminal.places.data / "loan/sealed").read_bytes() == sealed
    assert len(sealed) % 4096 == 28, "it tells no length"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[appointments", "no TOML"),
        ('[screen]\nlanguage = "se"', "appointments: missing"),
        (LOAN + '[camera]\ndriver = "v4l2"', "camera: does not belong into a loan"),
        (LOAN + "[terminal]\nassigned = true", "terminal: does not belong into a loan"),
        (LOAN + '[rooms.pexip]\nallowed_hosts = ["evil.example"]', "rooms: does not belong"),
        (LOAN.replace("theme", "driver"), "screen.driver: does not belong"),
        (LOAN.replace('"se"', '"sv"'), "screen.language"),
        (LOAN.replace("start = 7", "start = 70"), "volume.start"),
    ],
)
def test_a_loan_may_say_only_what_belongs_to_it(terminal: LoanTerminal, written: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        terminal.lending().give(written)
    assert told in str(refused.value)
    assert traces(str(refused.value).encode()) == []
    assert not terminal.lending().lent
