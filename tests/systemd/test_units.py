"""The units: what systemd itself says of them, and the promises that it cannot judge."""

import configparser
import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from kiosk.card import SECRETS_FILE
from kiosk.config import load
from kiosk.firstboot.taking_in import TAKEN_FILE

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
TIMERS = sorted(UNITS.glob("*.timer"))
PATHS = sorted(UNITS.glob("*.path"))
EXPOSURE_AT_MOST = 1.6
NEWER_KEYS = ("RestartSteps=", "RestartMaxDelaySec=")
"""Since systemd 254; older ones, which have `verify` too, do not know them."""


@cache
def analyzer() -> tuple[str, int]:
    """systemd-analyze and its version; skips where there is none that can judge offline."""
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("there is no systemd-analyze here (Debian's package systemd)")
    told = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
    version = int(told.split()[1])
    if version < 252:
        pytest.skip(f"systemd-analyze {version} cannot judge units offline; 252 can")
    return found, version


def settings(path: Path, section: str) -> dict[str, list[str]]:
    """Every value of every key of one section, in order."""
    found: dict[str, list[str]] = {}
    here = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            here = line.strip("[]")
        elif here == section and "=" in line and not line.startswith(("#", ";")):
            key, value = line.split("=", 1)
            found.setdefault(key, []).append(value)
    return found


def test_later_starts_have_nothing_to_take_in() -> None:
    conditions = settings(UNITS / "kiosk-firstboot.service", "Unit")["ConditionPathExists"]
    assert {f"|/bootfs/{SECRETS_FILE}", f"|/bootfs/{SECRETS_FILE}.old", f"|!/persistent/kiosk/{TAKEN_FILE}"} <= {
        *conditions
    }


def test_the_terminal_is_as_closed_as_promised() -> None:
    program, _ = analyzer()
    command = [program, "security", "--offline=true", "--json=short", str(UNITS / "kiosk.service")]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    rows = json.loads(told.stdout)
    open_rights = {row["name"] for row in rows if row["exposure"] not in (None, "")}
    command = [*command[:-2], f"--threshold={EXPOSURE_AT_MOST * 10:.0f}", command[-1]]
    judged = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert judged.returncode == 0, sorted(open_rights)
    assert "UserOrDynamicUser" not in open_rights


def test_systemd_finds_no_fault_in_any_unit(tmp_path: Path) -> None:
    program, version = analyzer()
    for path in (*SERVICES, *TIMERS, *PATHS):
        text = re.sub(r"(?m)^(Exec\w+=[-+!@:]*)/\S+", r"\1/bin/true", path.read_text(encoding="utf-8"))
        kept = [line for line in text.splitlines() if version >= 254 or not line.startswith(NEWER_KEYS)]
        (tmp_path / path.name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    copies = [str(each) for each in sorted(tmp_path.iterdir())]
    told = subprocess.run(
        [program, "verify", "--man=no", "--recursive-errors=no", *copies],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    ours = [line for line in told.stderr.splitlines() if "kiosk" in line]
    assert ours == []
    assert told.returncode == 0, told.stderr


def test_the_terminal_waits_for_no_network() -> None:
    unit = settings(UNITS / "kiosk.service", "Unit")
    ordered = " ".join(value for key in ("After", "Wants", "Requires", "BindsTo") for value in unit.get(key, []))
    # Sessions of users begin after network.target.
    assert not re.search(r"network|NetworkManager|time-sync|user-sessions", ordered)


def test_the_terminal_always_comes_back_and_is_watched() -> None:
    service = settings(UNITS / "kiosk.service", "Service")
    assert service["Type"] == ["notify"]
    assert service["Restart"] == ["always"]
    assert int(service["RestartSteps"][0]) > 1
    assert int(service["WatchdogSec"][0]) <= 30
    assert service["RuntimeDirectoryPreserve"] == ["restart"]
    assert service["WorkingDirectory"] == ["/run/" + service["RuntimeDirectory"][0]]


def test_every_credential_may_be_missing() -> None:
    service = settings(UNITS / "kiosk.service", "Service")
    loaded = {value.split(":")[0] for value in service["LoadCredential"]}
    spare = dict(value.split(":", 1) for value in service["SetCredential"])
    assert set(spare) == loaded
    pieces = {name for name in loaded if name.endswith(".toml")}
    assert all(f"%d/{name}" in service["ExecStart"][0] for name in pieces)
    assert all(spare[name].startswith("#") for name in pieces), "TOML that says nothing"
    terminal = load(ROOT / "image/overlay/usr/share/kiosk/image.toml").terminal
    assert terminal.standing == "/run/credentials/kiosk.service/standing.json"
    assert spare["standing.json"] == r"\n", "no standing"


@pytest.mark.parametrize("name", ["kiosk-restart", "kiosk-update"])
def test_what_disturbs_asks_first_and_trusts_only_a_clock_that_is_set(name: str) -> None:
    service = settings(UNITS / f"{name}.service", "Service")
    assert re.match(
        r"/opt/kiosk/bin/kiosk quiet --file /run/kiosk/busy\.json --for-s \d+$", service["ExecCondition"][0]
    )
    unit = settings(UNITS / f"{name}.service", "Unit")
    assert "/run/systemd/timesync/synchronized" in unit["ConditionPathExists"]


def test_every_timer_and_every_path_has_its_service() -> None:
    assert {each.stem for each in (*TIMERS, *PATHS)} <= {each.stem for each in SERVICES}
    assert TIMERS
    assert PATHS


def test_the_terminal_writes_its_busy_hours_where_they_are_looked_for() -> None:
    terminal = load(ROOT / "image/overlay/usr/share/kiosk/image.toml").terminal
    for name in ("kiosk-restart", "kiosk-update"):
        assert f"--file {terminal.busy} " in settings(UNITS / f"{name}.service", "Service")["ExecCondition"][0]
    folder = settings(UNITS / "kiosk.service", "Service")["RuntimeDirectory"][0]
    assert terminal.busy.startswith(f"/run/{folder}/")
    assert terminal.memory.startswith(f"/run/{folder}/")


def test_the_journal_stays_in_memory() -> None:
    journal = settings(UNITS / "journald.conf.d/zz-kiosk.conf", "Journal")
    assert journal["Storage"] == ["volatile"]
    assert journal["RuntimeMaxUse"] == ["32M"]


@pytest.mark.parametrize("path", sorted(UNITS.rglob("*.conf")), ids=lambda path: path.name)
def test_every_drop_in_is_one(path: Path) -> None:
    parser = configparser.ConfigParser(strict=False, allow_no_value=True)
    parser.read(path, encoding="utf-8")
    assert parser.sections()
