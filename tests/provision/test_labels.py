"""Labels: their codes are read by the terminal's own reader of codes."""

from pathlib import Path

import numpy as np

from kiosk.appointments.letter import read_codes
from kiosk.identity import DeviceKey
from kiosk.provision.labels import Label, print_labels
from kiosk.qr import modules


def label(number: int) -> Label:
    return Label(f"VT-{number:04}", DeviceKey.new().public, "Lungepoliklinikken, Kárášjohka", "22 33 44 55")


def test_a_labels_code_is_read_and_its_squares_are_wide_enough_to_print() -> None:
    one = label(42)
    dark = modules(one.code)
    picture = np.kron(np.pad(~dark, 4, constant_values=True), np.ones((6, 6))).astype(np.uint8) * 255
    assert read_codes(picture) == [one.code]
    assert 27 / len(dark) > 0.5, "millimetres a square"


def test_one_sheet_holds_24_labels_and_the_same_labels_make_the_same_file(tmp_path: Path) -> None:
    labels = [label(number) for number in range(25)]
    for name in ("one.pdf", "two.pdf"):
        print_labels(labels, tmp_path / name)
    content = (tmp_path / "one.pdf").read_bytes()
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") == 2
    assert content == (tmp_path / "two.pdf").read_bytes()
