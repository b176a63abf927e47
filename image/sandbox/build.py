"""The image, from the very layers and hooks that rpi-image-gen takes:  python3 -m image.sandbox.build --out DIR

Debian's bdebstrap fills a root folder, which may be kept for the next build (base.py), the layers' hooks make it a
terminal, mkfs.erofs a read-only system, genimage lays out the disk. No loop device is used; root is, for chroot. What
stands in for the Pi's own packages is in layer/kiosk-sandbox.yaml.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from image import sbom, wheels
from image.sandbox import base, debian, disk, emulation
from image.update import keys

ROOT: Final = Path(__file__).parents[2]
TOOLS: Final = Path(__file__).with_name("tools.txt")
LAYERS: Final = ("kiosk-sandbox", "kiosk")


class BuildFailed(Exception):
    """The message says what is missing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build."""

    out: Path
    """root/ the system's files, disk.img the card, sbom.cdx.json what is in it."""
    architecture: str = "amd64"
    version: str = "0.1.0"
    mirror: str | None = None
    """None: as this machine's apt."""
    layers: tuple[str, ...] = LAYERS
    keyring: Path | None = None
    """Certificate of who signs updates. None: a test key is made beside the image."""
    base: Path | None = None
    """Where Debian's and the locked Python packages are kept from one build to the next, until a layer or a lock file
    changes; not renewed for Debian's own corrections. None: they are fetched anew."""


def require_tools(architecture: str) -> None:
    """Raises BuildFailed or ValueError, with the one command that mends it."""
    wanted = dict(line.split() for line in TOOLS.read_text().splitlines() if line and not line.startswith("#"))
    path = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin:/sbin"
    missing = sorted({package for program, package in wanted.items() if shutil.which(program, path=path) is None})
    if missing:
        raise BuildFailed(f"missing here: apt-get install {' '.join(missing)}")
    if os.geteuid() != 0:
        raise BuildFailed("root is needed, for the image's own programs run in its folder")
    emulation.begin(architecture)


def build_root(plan: Plan) -> Path:
    """The system's files, checked by the last hook; the folder. Raises BuildFailed, CalledProcessError."""
    require_tools(plan.architecture)
    plan.out.mkdir(parents=True, exist_ok=True)
    root = plan.out / "root"
    if root.exists():
        shutil.rmtree(root)
    layers = [base.split((ROOT / f"image/layer/{layer}.yaml").read_text(encoding="utf-8")) for layer in plan.layers]
    locked = wheels.requirements("3.13", hardware=True)
    environment = {
        "IGconf_kiosk_source": str(ROOT),
        "IGconf_kiosk_version": plan.version,
        "IGconf_kiosk_keyring": str((plan.keyring or keys.pair(plan.out / "test-keys").certificate).resolve()),
        "IGconf_kiosk_wheels": str((plan.out / "wheels").resolve()),
        "SOURCE_DATE_EPOCH": environment_epoch(),
    }
    key = base.key_of(
        [
            _settings([], plan.architecture),
            (ROOT / "image/hooks" / base.KEPT_HOOK).read_text(encoding="utf-8"),
            *(text for text, _ in layers),
            *(each.line() for each in locked),
        ]
    )
    found = base.kept(plan.base, key) if plan.base else None
    if found:
        base.copy(found, root)
    else:
        _fill(plan, root, [text for text, _ in layers], locked, environment)
        if plan.base:
            base.keep(plan.base, key, root)
    for _, hooks in layers:
        for hook in hooks:
            base.run_hook(hook, root, environment)
    _forget_mirrors(root)
    return root


def _fill(
    plan: Plan, root: Path, layers: list[str], locked: list[wheels.Locked], environment: Mapping[str, str]
) -> None:
    """Debian's packages, and the locked ones in their virtual environment."""
    fetched = plan.out / "wheels"
    shutil.rmtree(fetched, ignore_errors=True)
    wheels.fetch(locked, fetched, plan.architecture, "3.13")
    main, security = (plan.mirror, None) if plan.mirror else debian.own()
    with tempfile.TemporaryDirectory(prefix="image-") as name:
        folder = Path(name)
        configs = []
        for number, text in enumerate([_settings(debian.sources(main, security), plan.architecture), *layers]):
            configs.append(folder / f"{number}.yaml")
            configs[-1].write_text(text, encoding="utf-8")
        command = ["bdebstrap", "--force", "--name", "terminal", "--output", str(plan.out / "bdebstrap")]
        command += [word for config in configs for word in ("--config", str(config))]
        subprocess.run([*command, "--target", str(root.resolve())], check=True, env=os.environ | environment)


def environment_epoch() -> str:
    """The last change's time, so that two builds of one commit differ as little as may be."""
    if told := os.environ.get("SOURCE_DATE_EPOCH"):
        return told
    asked = subprocess.run(
        ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or str(int(time.time()))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python3 -m image.sandbox.build", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build/image", help="the folder (%(default)s)")
    parser.add_argument("--arch", choices=("amd64", "arm64"), default="amd64", help="arm64 is slow: emulated")
    parser.add_argument("--version", default="0.1.0", help="what an update compares (%(default)s)")
    parser.add_argument("--mirror", help="Debian's archive (default: as this machine's apt)")
    parser.add_argument("--keyring", type=Path, help="PEM of who signs updates (default: a test key, made anew)")
    parser.add_argument("--with-cage", action="store_true", help="add the layer of the other way onto the display")
    parser.add_argument(
        "--base", type=Path, metavar="FOLDER", help="keep there what changes seldom (default: fetch all anew)"
    )
    parser.add_argument("--root-only", action="store_true", help="make no disk")
    options = parser.parse_args()
    layers = (LAYERS[0], "kiosk-cage", *LAYERS[1:]) if options.with_cage else LAYERS
    plan = Plan(options.out, options.arch, options.version, options.mirror, layers, options.keyring, options.base)
    began_s = time.monotonic()
    try:
        root = build_root(plan)
        print(f"root: {time.monotonic() - began_s:.0f} s")
        sbom.write(root, plan.out / "sbom.cdx.json", plan.version)
        if not options.root_only:
            print(f"card: {disk.make(root, plan.out)}, {time.monotonic() - began_s:.0f} s")
    except (BuildFailed, ValueError) as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        told = (error.stderr or b"").decode(errors="replace")[-2000:]
        print(f"build: {error.cmd[0]} failed ({error.returncode}) {told}".rstrip(), file=sys.stderr)
        return 1
    return 0


def _settings(sources: list[str], architecture: str) -> str:
    listed = "".join(f"    - '{line}'\n" for line in sources)
    return (
        "mmdebstrap:\n"
        "  mode: root\n"
        "  variant: minbase\n"
        f"  suite: {debian.SUITE}\n"
        f"  architectures:\n    - {architecture}\n"
        f"  mirrors:\n{listed}"
        "  aptopts:\n    - 'Apt::Install-Recommends \"0\"'\n    - 'Apt::Install-Suggests \"0\"'\n"
        "  dpkgopts:\n    - path-exclude=/usr/share/man/*\n    - path-exclude=/usr/share/locale/*\n"
    )


def _forget_mirrors(root: Path) -> None:
    for each in (*root.glob("etc/apt/sources.list"), *root.glob("etc/apt/sources.list.d/*")):
        each.unlink()


if __name__ == "__main__":
    sys.exit(main())
