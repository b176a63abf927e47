"""The clinic as a process: its command line, its one line, its end."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import IO

import pytest

from kiosk.clinic import ClinicSettings, RoomSettings, SettingsError
from kiosk.clinic.__main__ import main

COMMAND = [sys.executable, "-m", "kiosk.clinic"]


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    running = subprocess.Popen(
        [*COMMAND, "--port", "0", "--room", "777:4321:8765", "--codec", "h264"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield running
    running.kill()
    running.communicate()


def first_line(stream: IO[str] | None) -> str:
    assert stream
    return stream.readline()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_ends_cleanly(process: subprocess.Popen[str], stop: signal.Signals) -> None:
    assert re.fullmatch(r"clinic ready at http://127\.0\.0\.1:\d+\n", first_line(process.stdout))
    process.send_signal(stop)
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--listen", "0.0.0.0"], "0.0.0.0 can be reached by other machines: say so with --listen-everywhere"),
        (["--listen", "here"], "listen address 'here' is not an IP address"),
        (["--port", "70000"], "port 70000 is not between 0 and 65535"),
        (["--room", "1:12"], "room 1: host_pin must be 4 to 20 digits or #"),
        (["--room", "1::1234"], "room 1: a guest PIN needs a host PIN"),
        (["--room", "1:1234:1234"], "room 1: host PIN and guest PIN must differ"),
        (["--room", "a b"], "room alias 'a b': 1 to 64 letters"),
        (["--room", "1:1234:5678:9"], "--room: ALIAS[:HOSTPIN[:GUESTPIN]] has at most two colons"),
        (["--room", "1", "--room", "1"], "room 1 is given more than once"),
    ],
)
def test_wrong_command_line_is_explained(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith(f"clinic: {says}")


def test_port_that_is_taken_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 1
    assert capsys.readouterr().err == f"clinic: port {port} at 127.0.0.1 is taken by another program\n"


def test_settings_know_their_own_limits() -> None:
    with pytest.raises(SettingsError, match="at least one room"):
        ClinicSettings(rooms=())
    assert "4321" not in repr(ClinicSettings(rooms=(RoomSettings("777", host_pin="4321"),)))
