"""A system that is open, noisy or too large is refused, and told in one line each."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from image.check import accounts, packages, secrets, units
from image.check.__main__ import CHECKS
from tests.image.roots import good_root, written

Spoil = Callable[[Path], object]
PEM = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n"


def found(root: Path) -> list[str]:
    return [line for check in CHECKS.values() for line in check.faults(root)]


def test_a_good_system_has_no_fault(tmp_path: Path) -> None:
    assert found(good_root(tmp_path)) == []


def wants(root: Path, unit: str, target: str = "multi-user.target") -> None:
    folder = root / f"etc/systemd/system/{target}.wants"
    folder.mkdir(exist_ok=True)
    (folder / unit).symlink_to(f"/usr/lib/systemd/system/{unit}")


def listens(root: Path) -> None:
    written(root, "usr/lib/systemd/system/web.socket", "[Socket]\nListenStream=8080\n")
    wants(root, "web.socket", "sockets.target")


def status(root: Path, *names: str) -> None:
    blocks = [f"Package: {name}\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n" for name in names]
    written(root, "var/lib/dpkg/status", "\n".join(blocks))


FAULTS: list[tuple[str, Spoil, str]] = [
    ("password", lambda root: written(root, "etc/shadow", "root:$y$j:1::::::\n"), "shadow: root has a password"),
    ("empty password", lambda root: written(root, "etc/shadow", "pi::1::::::\n"), "shadow: pi needs no password"),
    (
        "shell",
        lambda root: written(root, "etc/passwd", "pi:x:1:1::/:/bin/bash\n"),
        "passwd: pi has the shell /bin/bash",
    ),
    ("default shell", lambda root: written(root, "etc/passwd", "pi:x:1:1::/:\n"), "passwd: pi has the shell /bin/sh"),
    ("setuid", lambda root: written(root, "usr/bin/su", "").chmod(0o4755), "setuid: /usr/bin/su"),
    ("setgid", lambda root: written(root, "usr/bin/wall", "").chmod(0o2755), "setuid: /usr/bin/wall"),
    ("ssh", lambda root: written(root, "usr/sbin/sshd", ""), "program: /usr/sbin/sshd"),
    ("unit", lambda root: wants(root, "cups.service"), "enabled without leave: cups.service"),
    (
        "not enabled",
        lambda root: (root / "etc/systemd/system/multi-user.target.wants/kiosk.service").unlink(),
        "should be enabled: kiosk.service",
    ),
    ("unmasked", lambda root: (root / "etc/systemd/system/getty@.service").unlink(), "not masked: getty@.service"),
    ("port", listens, "listens on the network: web.socket (8080)"),
    ("compiler", lambda root: status(root, "gcc-14", "gcc-14-base"), "package: gcc-14"),
    ("server", lambda root: status(root, "openssh-server"), "package: openssh-server"),
    ("many", lambda root: status(root, *map(str, range(packages.PACKAGES_AT_MOST + 1))), "331 packages; 330 were"),
    ("key", lambda root: written(root, "etc/x.pem", PEM), "secret: a private key in /etc/x.pem"),
    (
        "Wi-Fi",
        lambda root: written(root, "etc/wpa.conf", 'network={\n psk="correct horse"\n}\n'),
        "secret: a Wi-Fi key in /etc/wpa.conf",
    ),
    (
        "address",
        lambda root: written(root, "etc/pip.conf", "index-url = https://kari:hemmelig@pypi.example.org/simple\n"),
        "secret: a password in an address in /etc/pip.conf",
    ),
    ("identity", lambda root: written(root, "etc/machine-id", "5f0c\n"), "identity: /etc/machine-id is not empty"),
    ("seed", lambda root: written(root, "var/lib/systemd/random-seed", "x"), "identity: /var/lib/systemd/random-seed"),
]


@pytest.mark.parametrize(("spoil", "line"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_each_fault_is_told(tmp_path: Path, spoil: Spoil, line: str) -> None:
    root = good_root(tmp_path)
    spoil(root)
    assert any(each.startswith(line) for each in found(root)), found(root)


def test_what_is_masked_does_not_count_as_enabled(tmp_path: Path) -> None:
    root = good_root(tmp_path)
    wants(root, "getty@.service")
    assert units.enabled(root) == {"kiosk.service"}


def test_a_secret_is_never_repeated(tmp_path: Path) -> None:
    root = good_root(tmp_path)
    written(root, "etc/wpa.conf", "psk=correcthorse\n")
    assert "correcthorse" not in " ".join(secrets.faults(root))


def test_programs_may_speak_of_passwords(tmp_path: Path) -> None:
    root = good_root(tmp_path)
    written(root, "opt/x.py", "password=something_else\nurl = 'https://user:pass@example.com/'\n")
    assert list(secrets.faults(root)) == []


def test_what_is_mounted_in_it_is_not_looked_at(tmp_path: Path) -> None:
    root = good_root(tmp_path)
    assert all(str(each).startswith(str(root)) for each in accounts.walk(root))


def test_the_command_refuses_by_its_exit_code(tmp_path: Path) -> None:
    root = good_root(tmp_path)
    command = [sys.executable, "-m", "image.check", str(root)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (told.returncode, told.stdout.splitlines()[-1]) == (0, "good")
    assert [line.split()[:2] for line in told.stdout.splitlines()[:-1]] == [[name, "good"] for name in CHECKS]
    written(root, "etc/shadow", "root::1::::::\n")
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 1
    assert "FAULT      accounts: shadow: root needs no password" in told.stdout
