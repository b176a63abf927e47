"""The way of an update through the firmware's file, by the very scripts that stand in the image."""

import os
import re
import runpy
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from image.sandbox import base
from image.sandbox.build import LAYERS
from image.sandbox.debian import mirrors, sources
from image.sandbox.disk import AUTOBOOT
from tests.card_bench import firmware

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "image/overlay/usr/lib/kiosk"


class Terminal:
    """Its firmware's partition and its data partition, as two folders."""

    def __init__(self, folder: Path) -> None:
        self.autoboot = folder / "autoboot.txt"
        self.trying = folder / "rauc/trying"
        self.trying.parent.mkdir()
        self.autoboot.write_text(AUTOBOOT)
        self.running = "system_a"
        self._tools = folder / "bin"
        self._tools.mkdir()

    def rauc(self, *words: str) -> str:
        """What RAUC asks its backend."""
        return self._run(SCRIPTS / "rauc-tryboot", *words).stdout.strip()

    def health(self, **tools: str) -> int:
        """The judgement, with the machine's commands replaced by these scripts; its exit code."""
        for name, text in tools.items():
            tool = self._tools / name
            tool.write_text(f"#!/bin/sh\n{text}\n")
            tool.chmod(0o755)
        return self._run(SCRIPTS / "health", check=False, UP_FOR_S="10", WITHIN_S="30").returncode

    def starts(self, *, tryboot: bool = False) -> str:
        """The firmware's choice."""
        return firmware.slot(self.autoboot.read_text(), tryboot=tryboot)

    def failed(self) -> list[str]:
        path = self.trying.with_name("failed")
        return path.read_text().split() if path.exists() else []

    def _run(self, *command: object, check: bool = True, **more: str) -> "subprocess.CompletedProcess[str]":
        environment: Mapping[str, str] = {
            "PATH": f"{self._tools}{os.pathsep}{os.environ['PATH']}",
            "AUTOBOOT": str(self.autoboot),
            "TRYING": str(self.trying),
            "RUNNING": self.running,
            "ROUTES": str(self.trying.with_name("route")),
            **more,
        }
        return subprocess.run(
            ["sh", *map(str, command)], capture_output=True, text=True, timeout=60, check=check, env=environment
        )


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def installed(terminal: Terminal, *, begun: bool = True) -> None:
    """As RAUC and the update leave it."""
    terminal.rauc("set-state", "B", "bad")
    terminal.rauc("set-primary", "B")
    lines = f"{terminal.trying.read_text()}version=2.0\n"
    terminal.trying.write_text(lines + ("begun=yes\n" if begun else ""))


LIVES = {
    "systemctl": 'case "$*" in *ActiveState*) echo active ;; *) echo 0 ;; esac',
    "sleep": "exit 0",
    "rauc": "exit 0",
}


def test_a_new_card_starts_the_first_system(terminal: Terminal) -> None:
    assert terminal.rauc("get-primary") == terminal.rauc("get-current") == "A"
    assert (terminal.rauc("get-state", "A"), terminal.rauc("get-state", "B")) == ("good", "bad")
    assert (terminal.starts(), terminal.starts(tryboot=True)) == ("a", "b")


def test_an_update_changes_nothing_for_a_plain_start(terminal: Terminal) -> None:
    installed(terminal)
    assert terminal.rauc("get-primary") == "B"
    assert (terminal.starts(), terminal.starts(tryboot=True)) == ("a", "b")


def test_a_system_that_is_judged_good_starts_from_now_on(terminal: Terminal) -> None:
    installed(terminal)
    terminal.running = "system_b"
    terminal.rauc("set-state", "B", "good")
    assert (terminal.starts(), terminal.starts(tryboot=True)) == ("b", "a")
    assert (terminal.rauc("get-state", "A"), terminal.rauc("get-state", "B")) == ("bad", "good")
    assert terminal.autoboot.read_text().splitlines()[1] == "tryboot_a_b=1"


def test_only_what_runs_can_be_good(terminal: Terminal) -> None:
    installed(terminal)
    terminal.rauc("set-state", "B", "good")
    assert terminal.starts() == "a"


def test_the_terminal_that_lives_and_has_a_network_is_good(terminal: Terminal) -> None:
    installed(terminal)
    terminal.running = "system_b"
    terminal.trying.with_name("route").write_text("Iface Destination\neth0 00000000\n")
    told = terminal.trying.with_name("marked")
    assert terminal.health(**{**LIVES, "rauc": f'echo "$@" >{told}'}) == 0
    assert told.read_text() == "status mark-good\n"
    assert not terminal.trying.exists()
    assert terminal.failed() == []


BAD: list[tuple[str, dict[str, str], str]] = [
    ("dead", {"systemctl": "echo failed"}, "Iface Destination\neth0 00000000\n"),
    ("without a network", {}, "Iface Destination\neth0 0000FEA9\n"),
]


@pytest.mark.parametrize(("tools", "routes"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_is_not_well_goes_back(terminal: Terminal, tools: dict[str, str], routes: str) -> None:
    installed(terminal)
    terminal.running = "system_b"
    terminal.trying.with_name("route").write_text(routes)
    assert terminal.health(**LIVES | tools) == 1
    assert terminal.failed() == ["2.0"]
    assert not terminal.trying.exists()
    assert terminal.starts() == "a"


def test_a_system_that_did_not_come_up_is_noticed_by_the_old_one(terminal: Terminal) -> None:
    installed(terminal)
    assert terminal.health(**LIVES) == 0
    assert terminal.failed() == ["2.0"]
    assert terminal.rauc("get-primary") == "A"


def test_an_update_that_waits_for_a_free_hour_has_not_failed(terminal: Terminal) -> None:
    installed(terminal, begun=False)
    assert terminal.health(**LIVES) == 0
    assert terminal.failed() == []
    assert terminal.rauc("get-primary") == "B"


@pytest.mark.parametrize("text", ["", "[all]\n", "[all]\ntryboot_a_b=1\nboot_partition=x\n", "no section"])
def test_a_firmware_s_file_that_makes_no_sense_starts_nothing(text: str) -> None:
    with pytest.raises(firmware.NotBootable):
        firmware.slot(text, tryboot=False)


def update(folder: Path, running: str, *failed: str) -> dict[str, Any]:
    """The program's names, with this machine's state."""
    names = runpy.run_path(str(SCRIPTS / "update"))
    scope: dict[str, Any] = names["newer"].__globals__
    scope["FAILED"] = folder / "failed"
    scope["FAILED"].write_text("".join(f"{each}\n" for each in failed))
    scope["running"] = lambda: running
    return scope


@pytest.mark.parametrize(
    ("offered", "failed", "taken"),
    [
        ("1.10", (), True),
        ("1.9", (), False),
        ("1.8.9", (), False),
        ("2", (), True),
        ("1.10", ("1.10",), True),
        ("1.10", ("1.10", "1.10"), False),
        ("1.10", ("1.11", "1.11"), True),
        ("1.10; reboot", (), False),
        ("", (), False),
    ],
)
def test_only_what_is_newer_and_has_not_failed_twice_is_taken(
    tmp_path: Path, offered: str, failed: tuple[str, ...], taken: bool
) -> None:
    newer: Callable[[str], bool] = update(tmp_path, "1.9", *failed)["newer"]
    assert newer(offered) is taken


def test_every_script_is_one(tmp_path: Path) -> None:
    shell = [*ROOT.glob("image/hooks/*.sh"), SCRIPTS / "health", SCRIPTS / "rauc-tryboot", SCRIPTS / "slots.sh"]
    shell += ROOT.glob("image/sandbox/overlay/usr/lib/systemd/system-generators/*")
    for script in shell:
        assert subprocess.run(["sh", "-n", str(script)], timeout=30, check=False).returncode == 0, script
        if script.name != "slots.sh":
            assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
            assert os.access(script, os.X_OK), script
            assert "set -eu" in script.read_text(encoding="utf-8")


def test_layers_name_hooks_and_layers_that_are_there() -> None:
    layers = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "image/layer").glob("*.yaml")}
    for name, text in layers.items():
        assert re.search(rf"(?m)^# X-Env-Layer-Name: {name}$", text)
        for hook in re.findall(r"\$IGconf_kiosk_source/([\w./-]+)", text):
            assert (ROOT / hook).exists(), hook
    for path in (ROOT / "image/config").glob("*.yaml"):
        assert re.findall(r"(?:app|rpi): (\S+)", path.read_text(encoding="utf-8")) == ["kiosk", "kiosk-rpi"]


def test_what_is_kept_of_a_build_hangs_on_no_hook_of_the_application() -> None:
    texts, later = zip(
        *(base.split((ROOT / f"image/layer/{name}.yaml").read_text(encoding="utf-8")) for name in LAYERS), strict=True
    )
    names = [re.findall(r"[\w./-]+/([\w-]+\.sh)", hook) for hooks in later for hook in hooks]
    assert [name for found in names for name in found][:2] == ["10-overlay.sh", "20-app.sh"]
    assert base.KEPT_HOOK in texts[1]
    assert "20-app.sh" not in texts[1]
    assert "python3-libcamera" in texts[0]
    assert "customize-hooks" not in texts[0], "no empty list"


def test_a_kept_base_is_found_by_what_went_into_it(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "file").write_text("a")
    (root / "link").symlink_to("file")
    kept = tmp_path / "kept"
    key = base.key_of(["one", "two"])
    assert base.kept(kept, key) is None
    base.keep(kept, key, root)
    found = base.kept(kept, key)
    assert found
    assert (found / "link").readlink() == Path("file")
    assert base.kept(kept, base.key_of(["one", "three"])) is None
    assert base.key_of(["onetwo"]) != key


def test_debian_comes_from_where_this_machine_has_it() -> None:
    deb822 = "Types: deb\nURIs: http://mirror.example.org/debian\nSuites: bookworm\n"
    line = "deb [signed-by=/x.gpg] http://security.example.org/debian-security bookworm-security main\n"
    assert mirrors([deb822, line]) == (
        "http://mirror.example.org/debian",
        "http://security.example.org/debian-security",
    )
    with pytest.raises(ValueError, match="--mirror"):
        mirrors([line])
    assert sources("http://mirror.example.org/debian", None)[0].startswith(
        "deb http://mirror.example.org/debian trixie"
    )
