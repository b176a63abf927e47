"""The device key: as a file, or sealed by a security chip that systemd-creds reaches."""

import subprocess
from pathlib import Path

import pytest

from kiosk.identity import DeviceKey, from_text, signed_by, text
from kiosk.sealing import NoKey, keep_key, read_key
from kiosk.storage import Storage


class Creds:
    """systemd-creds, as far as it is asked."""

    def __init__(self, *, chip: bool, works: bool = True, installed: bool = True) -> None:
        self.chip, self.works, self.installed = chip, works, installed

    def __call__(self, command: list[str], **given: object) -> "subprocess.CompletedProcess[bytes]":
        if not self.installed:
            raise FileNotFoundError
        content = given["input"]
        assert isinstance(content, bytes)
        match command[1]:
            case "has-tpm2":
                return subprocess.CompletedProcess(command, 0 if self.chip else 1, b"")
            case "encrypt" | "decrypt":
                assert "--name=device.key" in command
                return subprocess.CompletedProcess(command, 0 if self.works else 1, bytes(255 - b for b in content))
        raise AssertionError(command)


@pytest.mark.parametrize("creds", [Creds(chip=True), Creds(chip=False), Creds(chip=False, installed=False)])
def test_a_kept_key_is_read_again(creds: Creds, tmp_path: Path) -> None:
    key, path = DeviceKey.new(), tmp_path / "device.key"
    keep_key(path, key, Storage(), creds)
    assert read_key(path, creds).public == key.public
    everything = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert (text(key.secret).encode() in everything) is not creds.chip
    assert all(each.stat().st_mode & 0o777 == 0o600 for each in tmp_path.iterdir())


def test_a_key_that_cannot_be_kept_or_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "device.key"
    with pytest.raises(NoKey, match="cannot be read"):
        read_key(path)
    path.write_text("rubbish\n")
    with pytest.raises(NoKey, match="damaged"):
        read_key(path)
    with pytest.raises(NoKey, match="did not take"):
        keep_key(path, DeviceKey.new(), Storage(), Creds(chip=True, works=False))
    keep_key(path, DeviceKey.new(), Storage(), Creds(chip=True))
    with pytest.raises(NoKey, match="another machine"):
        read_key(path, Creds(chip=True, works=False))


def test_two_keys_differ_and_each_signs_for_itself() -> None:
    one, other = DeviceKey.new(), DeviceKey.new()
    assert one.secret != other.secret
    assert signed_by(one.public, b"x", one.sign(b"x"))
    assert not signed_by(other.public, b"x", one.sign(b"x"))
    assert not signed_by(one.public, b"y", one.sign(b"x"))
    with pytest.raises(ValueError, match="base64url"):
        from_text("!")
