"""Key pairs for trials: made anew where they are needed, good for a month, and never in the repository."""

import subprocess
from pathlib import Path

from image.update.bundle import Signer


def pair(folder: Path) -> Signer:
    """A new key and its certificate in `folder`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    signer = kept(folder)
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-days", "30", "-subj", "/CN=updates, on trial", "-addext", "extendedKeyUsage=codeSigning"]
    command += ["-addext", "keyUsage=critical,digitalSignature"]
    command += ["-keyout", signer.key, "-out", str(signer.certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return signer


def kept(folder: Path) -> Signer:
    """The pair that was made there."""
    return Signer(folder / "update-ca.pem", str(folder / "update.key"))
