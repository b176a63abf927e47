"""What the bench wants of the machine it runs on: programs, root, and where Debian comes from."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

TOOLS: Final = Path(__file__).parent / "tools.txt"


class BenchFailed(Exception):
    """A step did not do what it had to; the message says which and what it said."""


def require(tools: Path = TOOLS) -> None:
    """Raises BenchFailed when something of that list is missing, with the command that brings it."""
    if os.geteuid() != 0:
        raise BenchFailed("the bench makes devices, networks and file systems: run it as root")
    rows = [line.split() for line in tools.read_text().splitlines() if line.strip() and not line.startswith("#")]
    missing = [package for package, proof in rows if not (shutil.which(proof) or Path(proof).exists())]
    if missing:
        raise BenchFailed(f"the bench needs more Debian packages: apt-get install {' '.join(missing)}")


def run(*command: str, log: Path | None = None, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """A command that must succeed; what it printed. With `log` all goes there instead. Raises BenchFailed."""
    environment = None if env is None else {**os.environ, **env}
    if log is None:
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        said = done.stderr + done.stdout
    else:
        with log.open("a") as out:
            done = subprocess.run(command, cwd=cwd, env=environment, stdout=out, stderr=out, text=True, check=False)
        said = f"see {log}: {_end_of(log)}"
    if done.returncode:
        raise BenchFailed(f"{' '.join(command[:4])} … ended with {done.returncode}: {said.strip()[-2000:]}")
    return done.stdout or ""


def mirror() -> str:
    """Where this machine's apt gets Debian from. Raises BenchFailed."""
    rows = run("apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)", "Component: main").splitlines()
    for row in rows:
        label, _, uri = row.partition(" ")
        if label == "Debian":
            return uri
    raise BenchFailed("this machine's apt knows no Debian mirror; name one: --mirror URL")


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-1500:]
