"""A terminal's own key, with which it signs what it tells of itself, and the short codes that people read aloud.

The key is made where the card is written, not on the terminal: so its public half is in the manifest and on the label
before the terminal has ever been on. Ed25519 (RFC 8032), from the kernel's random source.
"""

import base64
import binascii
import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_BYTES: Final = 32
_READABLE: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's alphabet: nothing that is taken for something else."""


class DeviceKey:
    """The private half. Never printed."""

    def __init__(self, secret: bytes) -> None:
        """Raises ValueError unless it is 32 bytes."""
        self._key = Ed25519PrivateKey.from_private_bytes(secret)

    @classmethod
    def new(cls) -> "DeviceKey":
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def secret(self) -> bytes:
        """32 bytes."""
        return self._key.private_bytes_raw()

    @property
    def public(self) -> str:
        """The public half as text()."""
        return text(self._key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(message)


def signed_by(public: str, message: bytes, signature: bytes) -> bool:
    """Whether the terminal with this public key signed the message. Raises ValueError when it is no key."""
    try:
        Ed25519PublicKey.from_public_bytes(from_text(public)).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def text(content: bytes) -> str:
    """base64url without padding (RFC 4648, section 5): fits into a file name, a URL and a QR code."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_text(written: str) -> bytes:
    """The other way. Raises ValueError."""
    try:
        return base64.b64decode(written + "=" * (-len(written) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def short_code(content: bytes) -> str:
    """Eight letters and digits such as 7K3M-9QPA, of SHA-256: to compare by eye or on the telephone, 40 bits."""
    number = int.from_bytes(hashlib.sha256(content).digest()[:5])
    letters = "".join(_READABLE[(number >> shift) & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"
