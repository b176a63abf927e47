"""The sealed loan, and its key."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.errors import KioskError
from kiosk.storage import Storage

KEY_FILE: Final = "key"
SEALED_FILE: Final = "sealed"
NONCE_BYTES: Final = 12
"""Random for each sealing: a loan is sealed some dozen times, far from where 96 bits repeat (NIST SP 800-38D)."""
_PAD_BYTES: Final = 4096
"""Sealed files tell no more of their content's length."""
_CONTEXT: Final = b"kiosk loan 1"


class VaultTorn(KioskError):
    """There is something of a loan that cannot be opened: a wipe was broken off, or the card is damaged."""


class Vault:
    """A folder of two files, each whole or not there."""

    def __init__(self, folder: Path, storage: Storage) -> None:
        self._folder, self._storage = folder, storage

    @property
    def exists(self) -> bool:
        """Something of a loan is there, whole or not."""
        return self._folder.exists()

    def seal(self, files: Mapping[str, str]) -> None:
        """Keep these, in place of any older ones; with a fresh key when there is none. Raises OSError."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        key = self._key()
        if key is None:
            key = secrets.token_bytes(32)
            self._storage.write(self._folder / KEY_FILE, key)
        plain = json.dumps(dict(files), ensure_ascii=False).encode()
        plain += b" " * (-len(plain) % _PAD_BYTES)
        nonce = secrets.token_bytes(NONCE_BYTES)
        self._storage.write(self._folder / SEALED_FILE, nonce + AESGCM(key).encrypt(nonce, plain, _CONTEXT))

    def open(self) -> dict[str, str]:
        """What was sealed. Raises VaultTorn."""
        key = self._key()
        try:
            sealed = (self._folder / SEALED_FILE).read_bytes()
            if key is None:
                raise VaultTorn("the loan's key is gone")
            plain = AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _CONTEXT)
            files = json.loads(plain)
        except (OSError, ValueError, InvalidTag) as error:
            raise VaultTorn(f"the loan cannot be opened ({type(error).__name__})") from None
        return {str(name): str(content) for name, content in files.items()}

    def destroy(self) -> None:
        """The key first: from then on nobody reads the rest. Raises OSError."""
        self._storage.destroy(self._folder / KEY_FILE)
        self._storage.destroy(self._folder / SEALED_FILE)

    def _key(self) -> bytes | None:
        try:
            key = (self._folder / KEY_FILE).read_bytes()
        except FileNotFoundError:
            return None
        return key if len(key) == 32 else None
