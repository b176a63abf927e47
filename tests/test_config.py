"""The configuration: every fault at once, with its key and the likely one, and never a value."""

from pathlib import Path

import pytest

from kiosk.config import Config, load, parse
from kiosk.consultation.model import Clinic, Contact
from kiosk.errors import ConfigError

WHOLE = """
[terminal]
serial = "0042"
assigned = true
[camera]
driver = "v4l2"
device = "/dev/video2"
[policy]
arm_before_s = 600
[[contact]]
name = "Poliklinikken"
phone = "22 33 44 55"
[[contact]]
name = "Teknisk hjelp"
phone = "55 66 77 88"
hours = "08–15.30"
"""


def test_an_empty_file_is_a_whole_configuration() -> None:
    assert parse("") == Config()


def test_what_is_given_replaces_the_default() -> None:
    config = parse(WHOLE)
    assert config.terminal.serial == "0042"
    assert config.camera.device == "/dev/video2"
    assert config.policy.arm_before_s == 600
    assert config.contact[1] == Contact("Teknisk hjelp", "55 66 77 88", "08–15.30")
    assert config.speaker == Config().speaker


def test_the_clinic_s_words_are_those_of_the_screen_s_language() -> None:
    words = '[texts.invoice]\nnb = "Regningen kommer."\nen = ""\n[texts.next_step]\nnb = "Ny time i mai."'
    assert parse(words).clinic == Clinic(invoice="Regningen kommer.", next_step="Ny time i mai.")
    assert parse(words + '\n[screen]\nlanguage = "en"').clinic == Clinic(invoice="")
    assert parse('[texts.urgent]\nnb = "Fastlegen, 116 117, 113"').clinic.urgent_words == "Fastlegen, 116 117, 113"
    assert parse(words + '\n[screen]\nlanguage = "pl"\n[policy]\nurgent_numbers = true').clinic == Clinic(True)


FAULTS = [
    ("[camra]", ["camra: unknown key; did you mean camera?"]),
    ('[camera]\ndrivr = "v4l2"', ["camera.drivr: unknown key; did you mean camera.driver?"]),
    ("[terminal]\nzzz = 1", ["terminal.zzz: unknown key; known here: assigned, busy, memory, serial"]),
    ('[camera]\ndriver = "v4l3"', ["camera.driver: input should be 'simulated', 'file', 'v4l2' or 'picamera2'"]),
    ("[camera]\nwidth = 641", ["camera.width: input should be a multiple of 2"]),
    ('[terminal]\nassigned = "yes"', ["terminal.assigned: input should be a valid boolean"]),
    ('[[contact]]\nname = "A"', ["contact[0].phone: missing"]),
    (
        '[[contact]]\nname = ""\nphone = ""\nfone = ""',
        ["contact[0].fone: unknown key; did you mean contact[0].phone?"],
    ),
    ("[policy]\npause_answer_s = 5", ["policy.pause_answer_s: must be at least 20: nobody may be hurried"]),
    (
        '[[contact]]\nname = "A"\nphone = "1"\nopen = ["mon-fri 08:00-15:30", "weekdays 8-15"]',
        ['contact[0].open[1]: not as "mon-fri 08:00-15:30"'],
    ),
    (f'[texts.next_step]\nnb = "{"a" * 31}"', ["texts.next_step.nb: at most 30 letters"]),
    ('[texts]\nnext_stp = {nb = "A"}', ["texts.next_stp: unknown key; did you mean texts.next_step?"]),
    ('[policy]\nwaiting_rules = ["dance"]', ["policy.waiting_rules[0]: input should be 'quiet_place', "]),
    ("[policy]\narm_before_s = -1", ["policy.arm_before_s: must not be negative"]),
    ("camera = 5", ["camera: "]),
    ("[camera", ["not TOML: "]),
    (
        '[camera]\nwidth = "wide"\n[camra]\n[terminal]\nassigned = 3',
        ["camra: unknown key", "terminal.assigned: input should be", "camera.width: input should be"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS, ids=[row[0].replace("\n", " ") for row in FAULTS])
def test_faults_are_told_all_at_once(text: str, expected: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(expected)
    for start in expected:
        assert any(line.startswith(start) for line in lines), lines


def test_values_are_never_repeated() -> None:
    with pytest.raises(ConfigError) as caught:
        parse('[terminal]\nserial = ["4711"]\n[camera]\ndriver = "s3cret"')
    assert "4711" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_later_files_override_earlier_ones(tmp_path: Path) -> None:
    image, loan = tmp_path / "image.toml", tmp_path / "loan.toml"
    image.write_text(WHOLE)
    loan.write_text('[camera]\ndevice = "/dev/video0"\n[[contact]]\nname = "B"\nphone = "1"\n')
    config = load(image, loan)
    assert config.camera.driver == "v4l2"
    assert config.camera.device == "/dev/video0"
    assert config.contact == (Contact("B", "1"),)


def test_faults_of_several_files_name_their_file(tmp_path: Path) -> None:
    first, second, missing = tmp_path / "a.toml", tmp_path / "b.toml", tmp_path / "c.toml"
    first.write_text("[camra]")
    second.write_bytes(b"\xff")
    with pytest.raises(ConfigError) as caught:
        load(first, second, missing)
    assert [line.split(": ")[0:2] for line in str(caught.value).splitlines()] == [
        [str(first), "camra"],
        [str(second), "cannot be read"],
        [str(missing), "cannot be read"],
    ]
