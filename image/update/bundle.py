"""Makes the signed bundle of an update:  python3 -m image.update.bundle --help

The key is read where it is told and nowhere kept: it belongs on a machine of its own, best behind a PKCS#11 token,
which `--key` names as well (`pkcs11:…`).
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

MANIFEST = """\
[update]
compatible=video-terminal-{architecture}
version={version}

[bundle]
format={kind}

[image.system]
filename=system.img

[image.boot]
filename=boot.img
"""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who answers for a bundle."""

    certificate: Path
    """PEM; its holder's certificate is the terminals' keyring."""
    key: str
    """A PEM file, or a PKCS#11 address."""


def make(
    system: Path, boot: Path, target: Path, *, version: str, architecture: str, signer: Signer, kind: str = "verity"
) -> Path:
    """A bundle of this system and its boot partition; terminals take no other kind than verity. Raises
    CalledProcessError."""
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="bundle-", dir=target.parent) as folder:
        content = Path(folder) / "content"
        content.mkdir()
        shutil.copyfile(system, content / "system.img")
        shutil.copyfile(boot, content / "boot.img")
        manifest = MANIFEST.format(architecture=architecture, version=version, kind=kind)
        (content / "manifest.raucm").write_text(manifest, encoding="ascii")
        command = ["rauc", "bundle", f"--cert={signer.certificate}", f"--key={signer.key}"]
        # Erofs has packed it already.
        command += ["--mksquashfs-args=-comp zstd -Xcompression-level 1", str(content), str(target)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return target


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python3 -m image.update.bundle", description="Make a signed bundle.")
    parser.add_argument("--system", type=Path, required=True, help="the read-only system (system.erofs)")
    parser.add_argument("--boot", type=Path, required=True, help="its boot partition (boot.vfat)")
    parser.add_argument("--version", required=True, help="numbers with dots between; newer than what is out there")
    parser.add_argument("--arch", default="arm64", help="amd64 or arm64 (%(default)s)")
    parser.add_argument("--cert", type=Path, required=True, help="PEM, of who signs")
    parser.add_argument("--key", required=True, help="PEM file or PKCS#11 address")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the bundle, such as update.raucb")
    options = parser.parse_args()
    signer = Signer(options.cert, options.key)
    try:
        make(
            *(options.system, options.boot, options.out),
            version=options.version,
            architecture=options.arch,
            signer=signer,
        )
    except subprocess.CalledProcessError as error:
        print(f"bundle: rauc failed ({error.returncode}); is the key the certificate's own?", file=sys.stderr)
        return 1
    print(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
