"""`kiosk loan` and `kiosk wipe` as they are typed, and codes as they are read."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.appointments.letter import read_codes
from kiosk.errors import ConfigError, KioskError
from kiosk.identity import DeviceKey
from kiosk.loan import __main__ as loan
from kiosk.loan import wipe
from kiosk.loan.document import from_code, to_code
from kiosk.loan.reading import read_camera
from kiosk.loan.receipt import Receipt, ReceiptRefused, verify
from kiosk.provision.manifest import Entry, Manifest
from kiosk.qr import modules
from tests.loan.terminal import LOAN, NOW, LoanTerminal, traces


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoanTerminal:
    made = LoanTerminal(tmp_path / "terminal")
    # Where things lie is told on the command line, but for what the machine itself remembers.
    monkeypatch.setattr(wipe, "Places", lambda data, run: made.places)
    monkeypatch.setattr(wipe, "RELOAD", ("true",))
    return made


def words(terminal: LoanTerminal) -> list[str]:
    return ["--data", str(terminal.places.data), "--run", str(terminal.places.run)]


def test_lent_wiped_and_the_receipt_checked(terminal: LoanTerminal, capsys: pytest.CaptureFixture[str]) -> None:
    document = terminal.places.data.parent / "kari.toml"
    document.write_text(LOAN)
    assert loan.main([str(document), "--check", *words(terminal)]) == 0
    assert loan.main([str(document), *words(terminal)]) == 0
    assert loan.main([str(document), *words(terminal)]) == 1
    assert loan.main(["--keep", *words(terminal)]) == 0
    assert loan.main(["--open", *words(terminal)]) == 0
    assert wipe.main(words(terminal)) == 0
    told = capsys.readouterr()
    assert traces((told.out + told.err).encode()) == []
    receipt = next(line for line in told.out.splitlines() if line.startswith("KIOSK-WIPED."))
    assert "lent out already" in told.err

    assert wipe.main(["--verify", receipt, "--key", f"KIOSK:VT-0042:{terminal.key.public}"]) == 0
    assert "genuine: terminal VT-0042, wipe 1, loan " in capsys.readouterr().out
    assert wipe.main(["--verify", receipt, "--key", DeviceKey.new().public]) == 1
    assert "not signed by that terminal" in capsys.readouterr().err
    assert wipe.main(["--verify", receipt]) == 1
    assert wipe.main(words(terminal)) == 0
    assert receipt in capsys.readouterr().out, "the last receipt can be had again"


def test_a_manifest_knows_whose_receipt_it_is(terminal: LoanTerminal, capsys: pytest.CaptureFixture[str]) -> None:
    receipt = Receipt("VT-0042", 3, "7K3M-9QP2", NOW, "0.1.0").signed(terminal.key)
    path = terminal.places.data / "manifest.jsonl"
    Manifest(path).add(Entry("VT-0042", terminal.key.public, "x", "card", NOW.isoformat(), "0.1.0"))
    assert wipe.main(["--verify", receipt, "--manifest", str(path)]) == 0
    assert "wipe 3, loan 7K3M-9QP2" in capsys.readouterr().out
    stranger = Receipt("VT-0043", 3, "7K3M-9QP2", NOW, "0.1.0").signed(terminal.key)
    assert wipe.main(["--verify", stranger, "--manifest", str(path)]) == 1
    assert "not in the manifest" in capsys.readouterr().err


def test_a_receipt_that_was_changed_anywhere_is_refused(terminal: LoanTerminal) -> None:
    receipt = Receipt("VT-0042", 3, "7K3M-9QP2", NOW, "0.1.0").signed(terminal.key)
    assert len(receipt) < 250
    for place in range(0, len(receipt) - 2, 7):
        other = "A" if receipt[place] != "A" else "B"
        with pytest.raises(ReceiptRefused):
            verify(receipt[:place] + other + receipt[place + 1 :], terminal.key.public)


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_text_breaks_the_readers(text: str) -> None:
    with pytest.raises(ReceiptRefused):
        verify(f"KIOSK-WIPED.{text}", DeviceKey(bytes(32)).public)
    with pytest.raises(ConfigError):
        from_code(f"KIOSK-LOAN.{text}")


def test_a_loan_goes_through_a_code(terminal: LoanTerminal, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = np.kron(np.pad(~modules(to_code(LOAN)), 4, constant_values=True), np.ones((4, 4))).astype(np.uint8) * 255
    (code,) = read_codes(picture)
    assert from_code(code) == LOAN
    with pytest.raises(ConfigError):
        from_code(code[:-8])
    monkeypatch.setattr("sys.stdin", io.StringIO(code + "\n"))
    assert loan.main(["--code", "-", *words(terminal)]) == 0
    assert json.loads((terminal.places.run / "name.json").read_text())["loan"]


def test_a_loan_is_written_as_a_code_for_paper(terminal: LoanTerminal) -> None:
    document, drawn = terminal.places.data.parent / "kari.toml", terminal.places.data.parent / "kari.svg"
    document.write_text(LOAN)
    assert loan.main([str(document), "--make-code", str(drawn)]) == 0
    assert "<svg" in drawn.read_text()
    with pytest.raises(ConfigError, match="code that can be read"):
        to_code("".join(chr(33 + number * number * 7919 % 4001) for number in range(6000)))


def test_a_torn_loan_is_wiped_at_the_next_start(terminal: LoanTerminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loan, "Places", lambda data, run: terminal.places)
    terminal.lending().give(LOAN)
    terminal.lose_power()
    (terminal.places.data / "loan/key").unlink()
    assert loan.main(["--open", *words(terminal)]) == 0
    assert not terminal.lending().lent
    assert traces(terminal.everything()) == []


def test_the_receipts_code_is_read_off_a_terminal_of_letters() -> None:
    receipt = Receipt("VT-0042", 3, "7K3M-9QP2", NOW, "0.1.0").signed(DeviceKey(bytes(32)))
    pixels = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
    rows = [[pixels[letter] for letter in line] for line in wipe.as_blocks(modules(receipt)).splitlines()]
    light = np.array(rows).transpose(0, 2, 1).reshape(2 * len(rows), -1)
    picture = np.kron(np.pad(light, 6), np.ones((6, 6))).astype(np.uint8) * 255
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    assert [code.text for code in zxingcpp.read_barcodes(picture, formats=formats)] == [receipt]


def test_without_a_code_the_camera_gives_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KioskError, match="no code of a loan was seen"):
        read_camera((), look_s=0.3)
