"""Debian packages of another release than this machine's, or for another processor, fetched by an apt of its own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.device_bench.host import BenchFailed, run

KEYRING: Final = "/usr/share/keyrings/debian-archive-keyring.gpg"


class Packages:
    """Signatures are checked. Lists and packages stay in `folder`; nothing of this machine is changed."""

    def __init__(self, folder: Path, sources: Sequence[str], log: Path, architecture: str = "") -> None:
        """`sources`: lines of a sources.list. `architecture`: this machine's when empty. Raises BenchFailed."""
        for name in ("lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True)
        listed = folder / "sources.list"
        listed.write_text("".join(line.replace("deb ", f"deb [signed-by={KEYRING}] ", 1) + "\n" for line in sources))
        options = [
            *([f"APT::Architecture={architecture}", f"APT::Architectures={architecture}"] if architecture else []),
            f"Dir::Etc::sourcelist={listed}",
            "Dir::Etc::sourceparts=/dev/null",
            f"Dir::State::lists={folder}/lists",
            "Dir::State::status=/dev/null",
            f"Dir::Cache={folder}/cache",
            "APT::Sandbox::User=root",
        ]
        self._options = [word for option in options for word in ("-o", option)]
        self._folder = folder
        self._log = log
        run("apt-get", *self._options, "--quiet", "update", log=log)

    def wanted_by(self, package: str, beginning: str) -> str:
        """The package that this one depends on, whose name begins so. Raises BenchFailed."""
        told = run("apt-cache", *self._options, "depends", package)
        for word in told.split():
            if word.startswith(beginning) and word != package:
                return word
        raise BenchFailed(f"{package} wants no {beginning}…: {told}")

    def unpack(self, package: str, into: Path) -> None:
        """Its files, in that folder. Raises BenchFailed."""
        run("apt-get", *self._options, "--quiet", "download", package, cwd=self._folder, log=self._log)
        archive = next(self._folder.glob(f"{package}_*.deb"))
        run("dpkg-deb", "--extract", str(archive), str(into), log=self._log)
        archive.unlink()
