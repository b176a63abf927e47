"""Debian's kernel for the boards' processor, and a first root with those of its modules that the machine wants.

A Raspberry Pi's own kernel knows no such machine, so that this one stands beside the card, not on it. The card itself
has no modules and needs none: all are loaded before its first program runs.
"""

import gzip
import lzma
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from image.sandbox import debian
from tests.device_bench.cache import key_of
from tests.device_bench.host import BenchFailed, run
from tests.device_bench.packages import Packages

META: Final = "linux-image-arm64"
INIT: Final = Path(__file__).with_name("init")
MODULES: Final = (
    "virtio_blk",
    # Asked for by name alone, when the next ones begin.
    "crc32c_generic",
    "erofs",
    "ext4",
    "vfat",
    "nls_ascii",
    "nls_cp437",
    # What the bench shares with the machine.
    "9p",
    "9pnet_virtio",
    # The terminal's devices: panel, network, sound card, camera. Its pins' driver is part of the kernel.
    "virtio_gpu",
    "virtio_net",
    "snd_aloop",
    "vivid node_types=0x1 num_inputs=1 input_types=0x0 no_error_inj=1",
)
"""With their settings."""


def key() -> str:
    """Of all that is chosen here; a kernel that Debian has mended since is taken with --fresh."""
    return key_of([INIT, Path(__file__)], debian.SUITE)


def build(folder: Path, mirror: str, security: str | None) -> None:
    """Leave `folder/vmlinuz` and `folder/initrd`, some 60 MB of downloads. Raises BenchFailed."""
    log, tree = folder / "build.log", folder / "tree"
    packages = Packages(folder / "apt", debian.sources(mirror, security, "main"), log, "arm64")
    packages.unpack(packages.wanted_by(META, "linux-image-"), tree)
    packages.unpack("busybox-static", tree)
    (release,) = (each.name for each in (tree / "usr/lib/modules").iterdir())
    (tree / "lib").mkdir(exist_ok=True)
    (tree / "lib/modules").symlink_to("../usr/lib/modules")
    run("depmod", "--basedir", str(tree), release, log=log)
    shutil.copy(tree / f"boot/vmlinuz-{release}", folder / "vmlinuz")
    _first_root(tree, tree / "lib/modules" / release, folder)
    for name in ("tree", "apt", "first"):
        shutil.rmtree(folder / name)


def order(wanted: Iterable[str], depends: str, builtin: str) -> list[tuple[str, str]]:
    """Paths of modules with their settings, each after what it needs; from modules.dep and modules.builtin. Raises
    BenchFailed when the kernel has no such module."""
    needs = {path: after.split() for path, _, after in (line.partition(":") for line in depends.splitlines())}
    paths = {_name(path): path for path in needs}
    there = {_name(path) for path in builtin.split()}
    found: dict[str, str] = {}
    for row in wanted:
        name, _, settings = row.partition(" ")
        if name in there:
            continue
        if name not in paths:
            raise BenchFailed(f"this kernel has no module {name}")
        # modules.dep names the nearest last: what is to be loaded first stands at its end.
        for path in reversed(needs[paths[name]]):
            found.setdefault(path, "")
        found[paths[name]] = settings
    return list(found.items())


def _name(path: str) -> str:
    return Path(path).name.partition(".")[0].replace("-", "_")


def _first_root(tree: Path, modules: Path, folder: Path) -> None:
    root = folder / "first"
    for name in ("bin", "modules", "proc", "sys", "dev", "root"):
        (root / name).mkdir(parents=True)
    shutil.copy(tree / "usr/bin/busybox", root / "bin/busybox")
    shutil.copy(INIT, root / "init")
    (root / "init").chmod(0o755)
    chosen = order(MODULES, (modules / "modules.dep").read_text(), (modules / "modules.builtin").read_text())
    rows = []
    for path, settings in chosen:
        name = Path(path).name.removesuffix(".xz")
        packed = (modules / path).read_bytes()
        # The little insmod unpacks nothing.
        (root / "modules" / name).write_bytes(lzma.decompress(packed) if path.endswith(".xz") else packed)
        rows.append(f"{name} {settings}".rstrip())
    (root / "modules/order").write_text("\n".join(rows) + "\n")
    names = sorted(str(each.relative_to(root)) for each in root.rglob("*"))
    (folder / "names").write_text("\n".join(names) + "\n")
    archive = folder / "initrd.cpio"
    run("sh", "-c", f"cpio --quiet -o -H newc -R 0:0 <{folder}/names >{archive}", cwd=root)
    with gzip.open(folder / "initrd", "wb", compresslevel=1) as packed_file:
        packed_file.write(archive.read_bytes())
    archive.unlink()
    (folder / "names").unlink()
