"""Where the device key lies: sealed to the machine by systemd-creds where it has a security chip (TPM2), else as a file
that only root may read.

A Raspberry Pi has none. systemd's other way, a key in /var/lib/systemd, would lie on the same card as what it seals and
protect nothing from whoever pulls the card out; so it is not taken.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk.errors import KioskError
from kiosk.identity import DeviceKey, from_text, text
from kiosk.storage import Storage

KEY_FILE: Final = "device.key"
TIMEOUT_S: Final = 30
Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


class NoKey(KioskError):
    """The device key is not there, or not readable by this user or on this machine."""


def keep_key(path: Path, key: DeviceKey, storage: Storage, run: Run = subprocess.run) -> None:
    """`path` or, sealed, `path`.cred. Raises OSError, NoKey."""
    plain = text(key.secret).encode() + b"\n"
    if _call(run, ["has-tpm2", "--quiet"]) is None:
        storage.write(path, plain)
        return
    sealed = _call(run, ["encrypt", "--with-key=tpm2", f"--name={KEY_FILE}", "-", "-"], plain)
    if sealed is None:
        raise NoKey("the security chip did not take the device key")
    storage.write(_sealed(path), sealed)
    storage.destroy(path)


def read_key(path: Path, run: Run = subprocess.run) -> DeviceKey:
    """Raises NoKey."""
    try:
        if _sealed(path).exists():
            plain = _call(run, ["decrypt", f"--name={KEY_FILE}", "-", "-"], _sealed(path).read_bytes())
            if plain is None:
                raise NoKey("the device key cannot be unsealed: is the card in another machine?")
        else:
            plain = path.read_bytes()
        return DeviceKey(from_text(plain.decode("ascii").strip()))
    except OSError as error:
        raise NoKey(f"the device key cannot be read: {error.strerror}") from None
    except ValueError:
        raise NoKey("the device key is damaged") from None


def _sealed(path: Path) -> Path:
    return path.with_name(path.name + ".cred")


def _call(run: Run, words: list[str], given: bytes = b"") -> bytes | None:
    try:
        done = run(["systemd-creds", *words], input=given, capture_output=True, timeout=TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
