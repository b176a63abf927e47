"""A wall clock of its own for a process, to be put forward and back while it runs: a preloaded C library that is built
here and now."""

import mmap
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).with_suffix(".c")


class WallClock:
    """Runs with the machine's until it is put."""

    def __init__(self, folder: Path) -> None:
        """Needs gcc."""
        library, offset = folder / "wall_clock.so", folder / "wall_clock.offset"
        build = ["gcc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"]
        subprocess.run(build, check=True, capture_output=True)
        offset.write_bytes(bytes(8))
        self.within = ("env", f"LD_PRELOAD={library}", f"WALL_CLOCK_OFFSET={offset}")
        """The command that runs another one by this clock."""
        with offset.open("r+b") as file:
            self._offset = mmap.mmap(file.fileno(), 8)

    def put(self, hours: float) -> None:
        """So far ahead of the machine's."""
        self._offset[:] = struct.pack("=q", round(hours * 3600e9))

    @staticmethod
    def missing() -> str | None:
        """Why there can be none; None when there can."""
        return None if shutil.which("gcc") else "gcc is not installed"
