"""A terminal is accepted with a code that screen, log and report share, or told what is wrong."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.consultation.model import Accepted, Faulty, Wiped
from kiosk.doctor import Line, Report
from kiosk.firstboot.acceptance import PATIENCE_S, accept, accepted_code
from kiosk.standing import read_standing, write_standing
from kiosk.storage import Storage
from tests.firstboot.test_taking_in import MADE_AT, Terminal

NOW = MADE_AT + timedelta(days=2)


def report(*, network: bool, time: datetime = NOW) -> Report:
    lines = (Line("camera", "picamera2", good=True, told=""), Line("network", "linux", good=network, told="no link"))
    return Report("VT-0042", "0.1.0", time, lines)


class Bench:
    """A taken-in terminal whose network comes after some looks, and a clock that only sleeping moves."""

    def __init__(self, folder: Path, *, up_after_s: float = 0.0, now: datetime = NOW) -> None:
        self.data = folder / "terminal/data"
        Terminal(folder / "terminal").start()
        self.waited_s = 0.0
        self._up_after_s = up_after_s
        self._now = now

    def accept(self) -> Report:
        return accept(
            self.data,
            Storage(),
            lambda: report(network=self.waited_s >= self._up_after_s),
            lambda: self._now,
            self._sleep,
        )

    def _sleep(self, seconds: float) -> None:
        self.waited_s += seconds


def test_the_screens_code_is_the_reports(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    accepted = bench.accept()
    assert accepted.good
    assert read_standing(bench.data / "standing.json") == Accepted(accepted.code)
    kept = json.loads((bench.data / "acceptance.json").read_text())
    assert (kept["code"], kept["serial"], kept["version"]) == (accepted.code, "VT-0042", "0.1.0")
    assert accepted_code(bench.data) == accepted.code
    assert len(accepted.code) == 9


def test_a_network_that_takes_its_time_is_waited_for(tmp_path: Path) -> None:
    bench = Bench(tmp_path, up_after_s=10)
    assert bench.accept().good
    assert bench.waited_s == 10


def test_what_stays_missing_is_told_and_looked_for_again_at_the_next_start(tmp_path: Path) -> None:
    bench = Bench(tmp_path, up_after_s=1000)
    assert not bench.accept().good
    assert bench.waited_s >= PATIENCE_S
    assert read_standing(bench.data / "standing.json") == Faulty(("network",))
    assert accepted_code(bench.data) is None
    assert not json.loads((bench.data / "findings.json").read_text())["good"]
    bench.waited_s = 1000
    assert bench.accept().good
    assert not (bench.data / "findings.json").exists()


@pytest.mark.parametrize("away", [timedelta(days=-400), timedelta(days=5000)])
def test_a_wrong_clock_is_told(tmp_path: Path, away: timedelta) -> None:
    bench = Bench(tmp_path, now=MADE_AT + away)
    told = bench.accept()
    assert [line.part for line in told.lines if not line.good] == ["date"]
    assert "it sets itself" in told.lines[-1].told


def test_another_report_has_another_code() -> None:
    assert report(network=True).code != report(network=True, time=NOW + timedelta(seconds=1)).code
    assert report(network=True).code == report(network=True).code


@pytest.mark.parametrize("standing", [Accepted("7K3M-9QPA"), Faulty(("card", "disk")), Wiped("7K3M-9QPA", "KIOSK…")])
def test_a_standing_is_read_as_it_was_written(tmp_path: Path, standing: Accepted | Faulty | Wiped) -> None:
    write_standing(tmp_path / "standing.json", standing, Storage())
    assert read_standing(tmp_path / "standing.json") == standing


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"kind": "accepted"}', b'{"kind": "x"}', b"\xff"])
def test_a_standing_that_makes_no_sense_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "standing.json").write_bytes(content)
    assert read_standing(tmp_path / "standing.json") is None
    assert read_standing(None) is None
    assert read_standing(tmp_path / "missing") is None


def firstboot(terminal: Terminal, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "kiosk", "firstboot", "--boot", str(terminal.boot), "--data", str(terminal.data)]
    return subprocess.run([*command, *words], capture_output=True, text=True, timeout=100, check=False)


def test_the_command_takes_in_looks_and_tells(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    image = tmp_path / "image.toml"
    image.write_text('[camera]\ndriver = "v4l2"\ndevice = "/dev/no-such-camera"\n')
    first = firstboot(terminal)
    assert (first.returncode, first.stdout) == (0, "")
    assert "the card was taken in" in first.stderr
    (terminal.data / "device.toml").unlink()
    # Its calendar cannot be asked here; the rest of it is real.
    (terminal.data / "device.toml").write_text('[terminal]\nserial = "VT-0042"\n')
    looked = subprocess.run(
        [sys.executable, "-c", SHORT_OF_PATIENCE, "--check", "--json", "--data", terminal.data, "--config", image],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert looked.returncode == 1
    told = json.loads(looked.stdout)
    bad = [check["part"] for check in told["checks"] if not check["good"]]
    assert bad[0] == "camera"
    assert read_standing(terminal.data / "standing.json") == Faulty(tuple(bad))
    assert f"not accepted, code {told['code']}" in looked.stderr


SHORT_OF_PATIENCE = """
import sys
from kiosk.firstboot import __main__, acceptance
acceptance.PATIENCE_S = 0.0
sys.exit(__main__.main(sys.argv[1:]))
"""


def test_a_card_without_settings_is_told_on_the_screen(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    for path in terminal.boot.iterdir():
        path.unlink()
    told = firstboot(terminal)
    assert told.returncode == 1
    assert "make it with kiosk provision" in told.stderr
    assert "Traceback" not in told.stderr
    assert read_standing(terminal.data / "standing.json") == Faulty(("card",))


def test_the_clock_of_this_test_is_aware() -> None:
    assert MADE_AT.tzinfo is UTC
