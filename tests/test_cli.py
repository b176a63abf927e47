"""The command line as its users meet it: help, exit codes, one clear message."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = ("run", "demo", "clinic", "doctor", "check", "quiet", "provision", "firstboot", "loan", "wipe", "screens")


def kiosk(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *words], capture_output=True, text=True, timeout=60, check=False
    )


def test_help_lists_every_command() -> None:
    told = kiosk("--help")
    assert told.returncode == 0
    for command in COMMANDS:
        assert f"    {command} " in told.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_page(command: str) -> None:
    told = kiosk(command, "--help")
    assert told.returncode == 0
    assert told.stdout.startswith("usage: ")
    assert told.stderr == ""


@pytest.mark.parametrize("words", [(), ("dance",), ("run",), ("demo", "--port", "x")], ids=" ".join)
def test_wrong_usage_is_2(words: tuple[str, ...]) -> None:
    told = kiosk(*words)
    assert told.returncode == 2
    assert "usage: kiosk" in told.stderr


def test_a_good_configuration_is_called_good(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text('[terminal]\nserial = "0042"\n')
    told = kiosk("check", "--config", str(path))
    assert (told.returncode, told.stdout) == (0, "good: terminal 0042, lent to nobody\n")


@pytest.mark.parametrize("command", ["run", "doctor", "check"])
def test_a_bad_configuration_is_told_in_one_line_each(tmp_path: Path, command: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text('[camera]\ndrivr = "v4l2"\n[screen]\nwidth = "wide"\n')
    told = kiosk(command, "--config", str(path))
    assert told.returncode == 1
    assert told.stdout == ""
    assert "Traceback" not in told.stderr
    assert "camera.drivr: unknown key; did you mean camera.driver?" in told.stderr
    assert len(told.stderr.splitlines()) == 2


def test_the_doctor_names_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text('[camera]\ndriver = "v4l2"\ndevice = "/dev/no-such-camera"\n')
    told = kiosk("doctor", "--config", str(path))
    assert told.returncode == 1
    lines = {line.split()[0]: line for line in told.stdout.splitlines()}
    assert "BAD" in lines["camera"]
    assert "/dev/no-such-camera" in lines["camera"]
    assert "good" in lines["speaker"]
    assert lines["sound"].split() == ["sound", "webrtc", "good"]
    assert lines["temperature"].split() == ["temperature", "simulated", "good", "45", "°C"]


def test_the_doctor_tries_what_is_seen_and_heard(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text("")
    told = kiosk("doctor", "--try", "--json", "--config", str(path))
    report = json.loads(told.stdout)
    assert list(report) == ["serial", "version", "time", "good", "checks", "code"]
    lines = {line["part"]: line for line in report["checks"]}
    assert lines["camera"]["good"]
    assert [lines[part]["good"] for part in ("picture", "light", "hears", "noise")] == [True] * 4
    assert lines["own sound"]["told"].startswith("no_echo"), "a drawn microphone hears no drawn loudspeaker"
    assert told.returncode == 1
