"""Fetches what the application needs from the lock file, hashes checked:  python3 -m image.wheels --out DIR

Of requirements.lock only what the terminal itself imports is taken, not what the tests import. The image is then built
from this folder, without an index. With --hardware also the modules that Raspberry Pi's archive has as Debian packages.
"""

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
EXTRAS: Final = ("sound",)
FROM_SOURCE: Final = frozenset({"lgpio", "pidng", "pyalsaaudio"})
"""These have no wheel for the image's Python: they are built in it, by compilers that leave it again."""
GLIBCS: Final = (5, 12, 17, 24, 26, 27, 28, 31, 34, 35, 39)
"""Debian 13 has glibc 2.41."""
MACHINES: Final = {"amd64": "x86_64", "arm64": "aarch64"}


@dataclass(frozen=True, slots=True)
class Locked:
    """One package of a lock file."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    wanted_by: frozenset[str]

    def line(self) -> str:
        """For pip's --require-hashes."""
        return " \\\n    ".join((f"{self.name}=={self.version}", *(f"--hash={each}" for each in self.hashes)))


def read_lock(text: str) -> list[Locked]:
    """What uv wrote."""
    found = []
    for block in re.split(r"(?m)^(?=[A-Za-z0-9])", text):
        head = re.match(r"([A-Za-z0-9_.-]+)==(\S+)(?: ; ([^\\\n]+))?", block)
        if head is None:
            continue
        hashes = tuple(re.findall(r"--hash=(\S+)", block))
        via = re.search(r"# via((?:\s+(?:#\s+)?\S.*)+)", block)
        wanted_by = frozenset(re.findall(r"(?:^|#)\s*([A-Za-z0-9_.-]+)", via[1])) if via else frozenset()
        found.append(Locked(_normal(head[1]), head[2], (head[3] or "").strip(), hashes, wanted_by))
    return found


def needed(locked: Iterable[Locked], roots: Iterable[str]) -> list[Locked]:
    """The roots and all that they want, in the lock file's order."""
    packages = list(locked)
    names = set(roots)
    while True:
        more = {each.name for each in packages if each.wanted_by & names} - names
        if not more:
            return [each for each in packages if each.name in names]
        names |= more


def fitting(locked: Iterable[Locked], python: str) -> Iterator[Locked]:
    """Those whose marker holds on Linux with this Python, such as 3.13. Raises ValueError at a marker that it does not
    understand."""
    version = tuple(int(part) for part in python.split("."))
    for each in locked:
        if all(_holds(term.strip(), version) for term in each.marker.split(" and ") if term.strip()):
            yield each


def roots_of(project: Mapping[str, object]) -> list[str]:
    """Names of what the terminal itself depends on, by its pyproject.toml's [project]."""
    wanted = list(_strings(project["dependencies"]))
    extras = project["optional-dependencies"]
    assert isinstance(extras, dict)
    for extra in EXTRAS:
        wanted += _strings(extras[extra])
    return [_normal(re.split(r"[<>=!~;\[ ]", each, maxsplit=1)[0]) for each in wanted]


def requirements(python: str, *, hardware: bool) -> list[Locked]:
    """All that goes into the image, one of a name. Raises ValueError where the two lock files disagree."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        roots = roots_of(tomllib.load(file)["project"])
    chosen = list(fitting(needed(read_lock((ROOT / "requirements.lock").read_text()), roots), python))
    if hardware:
        ours = {each.name: each for each in chosen}
        for each in fitting(read_lock((ROOT / "image/sandbox/hardware.lock").read_text()), python):
            if each.name not in ours:
                chosen.append(each)
            elif ours[each.name].version != each.version:
                raise ValueError(f"{each.name}: the lock files name two versions; renew image/sandbox/hardware.lock")
    return chosen


def fetch(chosen: Iterable[Locked], out: Path, architecture: str, python: str) -> None:
    """Download into `out`, with a requirements.txt beside. Raises CalledProcessError."""
    out.mkdir(parents=True, exist_ok=True)
    packages = list(chosen)
    machine = MACHINES[architecture]
    platforms = [f"manylinux_2_{glibc}_{machine}" for glibc in GLIBCS] + [f"manylinux2014_{machine}"]
    built = ["--python-version", python, "--only-binary=:all:", *(f"--platform={each}" for each in platforms)]
    for source, how in ((False, built), (True, ["--no-binary=:all:"])):
        part = [each for each in packages if (each.name in FROM_SOURCE) is source]
        listed = out / f"{'source' if source else 'wheels'}.txt"
        listed.write_text("".join(each.line() + "\n" for each in part))
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run([*command, *how, "--dest", str(out), "--requirement", str(listed)], check=True)
        listed.unlink()
    (out / "requirements.txt").write_text("".join(each.line() + "\n" for each in packages))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python3 -m image.wheels", description="Fetch the locked Python packages.")
    parser.add_argument("--out", type=Path, default=ROOT / "build/wheels", help="the folder (%(default)s)")
    parser.add_argument("--arch", choices=sorted(MACHINES), default="arm64", help="of the image (%(default)s)")
    parser.add_argument("--python", default="3.13", help="of the image (%(default)s)")
    parser.add_argument("--hardware", action="store_true", help="also what Raspberry Pi's archive would bring")
    options = parser.parse_args()
    chosen = requirements(options.python, hardware=options.hardware)
    fetch(chosen, options.out, options.arch, options.python)
    print(f"{len(chosen)} packages in {options.out}")
    return 0


def _normal(name: str) -> str:
    """As the package index compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _strings(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(each) for each in value]


def _holds(term: str, python: tuple[int, ...]) -> bool:
    match = re.fullmatch(r"(\w+) (<|<=|==|!=|>=|>) '([^']*)'", term)
    if match is None:
        raise ValueError(f"this marker is not understood: {term}")
    key, operator, value = match.groups()
    ours: object
    theirs: object
    if key in {"python_full_version", "python_version"}:
        ours, theirs = python, tuple(int(part) for part in value.split("."))
    else:
        known = {"sys_platform": "linux", "platform_python_implementation": "CPython", "implementation_name": "cpython"}
        ours, theirs = known[key], value
    if operator in {"==", "!="}:
        return (ours == theirs) is (operator == "==")
    assert isinstance(ours, tuple)
    assert isinstance(theirs, tuple)
    return {"<": ours < theirs, "<=": ours <= theirs, ">": ours > theirs, ">=": ours >= theirs}[operator]


if __name__ == "__main__":
    sys.exit(main())
