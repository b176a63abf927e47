"""Is there a network: the simulated one, and the kernel's files as they are found."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kiosk.consultation.model import Wifi, WifiFault
from kiosk.devices.network import Settings, Simulation, open_network
from kiosk.devices.network.linux import LinuxNetwork

HEADER = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
LOOPBACK6 = "00000000000000000000000000000001 01 80 10 80       lo\n"


def route(name: str, flags: str = "0001") -> str:
    return f"{name}\t000200C0\t00000000\t{flags}\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"


def address6(name: str, scope: str = "00") -> str:
    return f"fd000000000000000000000000000002 02 40 {scope} 80     {name}\n"


@dataclass(frozen=True)
class Machine:
    """A machine's files, made under a folder."""

    interfaces: Mapping[str, tuple[str, str, str | None]]
    """Name: operstate, flags, carrier (None: cannot be read)."""
    routes: str = ""
    addresses6: str = LOOPBACK6

    def build(self, root: Path) -> Path:
        for name, (operstate, flags, carrier) in self.interfaces.items():
            folder = root / "sys/class/net" / name
            folder.mkdir(parents=True)
            (folder / "operstate").write_text(operstate + "\n")
            (folder / "flags").write_text(flags + "\n")
            if carrier is not None:
                (folder / "carrier").write_text(carrier + "\n")
        (root / "proc/net").mkdir(parents=True)
        (root / "proc/net/route").write_text(HEADER + self.routes)
        (root / "proc/net/if_inet6").write_text(self.addresses6)
        return root


LO = {"lo": ("unknown", "0x9", "1")}


@pytest.mark.parametrize(
    ("machine", "up"),
    [
        (Machine(LO), False),
        (Machine(LO, route("lo")), False),
        (Machine(LO | {"eth0": ("up", "0x1003", "1")}, route("eth0")), True),
        (Machine(LO | {"eth0": ("up", "0x1003", "1")}), False),
        (Machine(LO | {"eth0": ("up", "0x1003", "1")}, route("eth0", "0000")), False),
        (Machine(LO | {"eth0": ("down", "0x1003", "0")}, route("eth0")), False),
        (Machine(LO | {"eth0": ("dormant", "0x1003", "1")}, route("eth0")), False),
        (Machine(LO | {"eth0": ("down", "0x1002", None), "wlan0": ("up", "0x1003", "1")}, route("wlan0")), True),
        (Machine(LO | {"eth0": ("up", "0x1003", "1")}, route("wlan0")), False),
        (Machine(LO | {"eth0": ("up", "0x1003", "1")}, "", LOOPBACK6 + address6("eth0")), True),
        (Machine(LO | {"eth0": ("up", "0x1003", "1")}, "", LOOPBACK6 + address6("eth0", "20")), False),
        (Machine(LO | {"tun0": ("unknown", "0x10d1", "1")}, route("tun0")), True),
        (Machine(LO | {"tun0": ("unknown", "0x10d1", "0")}, route("tun0")), False),
        (Machine(LO | {"eth0": ("up", "rubbish", "1")}, "eth0\tshort\n" + route("eth0", "zz"), "rubbish\n"), False),
    ],
)
def test_a_link_and_an_address_make_a_network(machine: Machine, up: bool, tmp_path: Path) -> None:
    assert LinuxNetwork(machine.build(tmp_path)).up() is up


def test_a_machine_without_those_files_has_no_network(tmp_path: Path) -> None:
    assert LinuxNetwork(tmp_path).up() is False


def test_this_machine_can_be_asked() -> None:
    assert open_network(Settings("linux")).up() in (True, False)


def test_the_simulated_network_is_up_until_it_is_cut() -> None:
    simulation = Simulation()
    network = open_network(Settings(), simulation)
    assert network.up()
    simulation.set_up(False)
    assert not network.up()
    simulation.set_up(True)
    assert network.up()


HOME = Wifi("Kari Nordmanns nett", "passord1", hidden=True)


class Nmcli:
    """NetworkManager's own program, as far as it is asked: what it answers to a try, and of the way beyond."""

    def __init__(
        self, status: int = 0, said: str = "", *, beyond: str = "full\n", error: Exception | None = None
    ) -> None:
        self.status, self.said, self.beyond, self.error = status, said, beyond, error
        self.commands: list[list[str]] = []
        self.answers: list[object] = []

    def __call__(self, command: list[str], **how: object) -> "subprocess.CompletedProcess[bytes]":
        self.commands.append(command)
        self.answers.append(how.get("input"))
        if self.error is not None:
            raise self.error
        assert isinstance(environment := how["env"], dict)
        assert environment["LC_ALL"] == "C", "what it says is read"
        if "connectivity" in command:
            return subprocess.CompletedProcess(command, 0, self.beyond.encode(), b"")
        return subprocess.CompletedProcess(command, self.status, b"", self.said.encode())


def test_the_simulated_network_takes_in_whoever_knows_its_password() -> None:
    simulation = Simulation()
    simulation.set_up(False)
    simulation.networks = {HOME.name: HOME.password, "Hotell": None}
    simulation.with_log_in = {"Hotell"}
    network = open_network(Settings(), simulation)
    assert network.join(Wifi(HOME.name, "another")) is WifiFault.PASSWORD
    assert network.join(Wifi("another", HOME.password)) is WifiFault.NOT_FOUND
    assert not network.up()
    assert network.join(Wifi("Hotell", None)) is WifiFault.LOGIN
    simulation.set_up(False)
    assert network.join(HOME) is None
    assert network.up()


FAILED = "Error: Connection activation failed: "


@pytest.mark.parametrize(
    ("nmcli", "fault"),
    [
        (Nmcli(), None),
        (Nmcli(beyond="limited\n"), None),
        (Nmcli(beyond="portal\n"), WifiFault.LOGIN),
        (Nmcli(4, FAILED + "(7) Secrets were required, but not provided.\n"), WifiFault.PASSWORD),
        (Nmcli(4, FAILED + "Secrets were required, but not provided\nHint: use journalctl\n"), WifiFault.PASSWORD),
        (Nmcli(4, FAILED + "802.1X supplicant took too long to authenticate\n"), WifiFault.PASSWORD),
        (Nmcli(4, FAILED + "(8) 802.1X supplicant disconnected\n"), WifiFault.PASSWORD),
        (Nmcli(4, FAILED + "(53) The Wi-Fi network could not be found.\n"), WifiFault.NOT_FOUND),
        (Nmcli(4, FAILED + "The Wi-Fi network could not be found\n"), WifiFault.NOT_FOUND),
        (Nmcli(10, "Error: No network with SSID 'Kari Nordmanns nett' found.\n"), WifiFault.NOT_FOUND),
        (Nmcli(4, FAILED + "(5) IP configuration could not be reserved\n"), WifiFault.OTHER),
        (Nmcli(3, "Error: Timeout 35 sec expired.\n"), WifiFault.OTHER),
        (Nmcli(8, "Error: NetworkManager is not running.\n"), WifiFault.OTHER),
        (Nmcli(error=FileNotFoundError()), WifiFault.OTHER),
        (Nmcli(error=subprocess.TimeoutExpired(["nmcli"], 1)), WifiFault.OTHER),
    ],
)
def test_networkmanager_is_asked_and_no_name_is_logged(
    nmcli: Nmcli, fault: WifiFault | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    network = LinuxNetwork(tmp_path, nmcli)
    assert network.join(HOME) is fault
    assert network.join(Wifi("Gjest", None)) is fault
    told = ["nmcli", "--ask", "--wait", "35", "device", "wifi", "connect"]
    tries = [number for number, command in enumerate(nmcli.commands) if "connect" in command]
    assert [nmcli.commands[number] for number in tries] == [[*told, HOME.name, "hidden", "yes"], [*told, "Gjest"]]
    assert [nmcli.answers[number] for number in tries] == [b"passord1\n", b""]
    assert "Kari" not in caplog.text
    assert "passord1" not in caplog.text


def test_a_network_by_the_name_of_a_fault_is_not_taken_for_it(tmp_path: Path) -> None:
    said = "Passwords are required to access the wireless network '(53)'.\n" + FAILED + "(7) Secrets were required.\n"
    assert LinuxNetwork(tmp_path, Nmcli(4, said)).join(HOME) is WifiFault.PASSWORD


FAKE_NMCLI = """#!/bin/sh
[ "$1" = networking ] && exit 0
tr '\\0' '\\n' < /proc/$$/cmdline > "$RECORD/argv"
tr '\\0' '\\n' < /proc/$$/environ > "$RECORD/environment"
printf 'Password: '
read -r password || exit 4
printf %s "$password" > "$RECORD/password"
"""


def test_no_other_process_can_read_the_password(tmp_path: Path) -> None:
    program = tmp_path / "nmcli"
    program.write_text(FAKE_NMCLI)
    program.chmod(0o755)

    def run(command: list[str], **how: Any) -> "subprocess.CompletedProcess[bytes]":
        how["env"] = {**how["env"], "RECORD": str(tmp_path)}
        return subprocess.run([str(program), *command[1:]], **how)

    network = LinuxNetwork(tmp_path, run)
    assert network.join(HOME) is None
    assert (tmp_path / "password").read_text() == "passord1"
    argv = (tmp_path / "argv").read_text().splitlines()
    assert argv[-3:] == [HOME.name, "hidden", "yes"]
    assert "passord1" not in (tmp_path / "argv").read_text() + (tmp_path / "environment").read_text()
    assert network.join(Wifi("Gjest", None)) is not None
