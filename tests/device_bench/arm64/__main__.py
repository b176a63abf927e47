"""`make bench-arm64`: build the card for the boards' own processor, start it on an emulated machine, press its button.

Slow: all of it is emulated. Exit codes: 0 all good, 1 a step failed and the transcript says which, 2 something is
missing on this machine.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from image.sandbox import debian
from tests.device_bench import host, root
from tests.device_bench.__main__ import parser
from tests.device_bench.arm64 import kernel
from tests.device_bench.arm64.emulator import Emulator
from tests.device_bench.arm64.scenario import Scenario
from tests.device_bench.arm64.terminal import SETTINGS, EmulatedTerminal
from tests.device_bench.cache import Cache
from tests.device_bench.host import BenchFailed
from tests.device_bench.transcript import Transcript

HERE: Final = Path(__file__).parent


def main() -> int:
    """The command."""
    options = parser("make bench-arm64", __doc__, Path("build/arm64")).parse_args()
    try:
        host.require(HERE / "tools.txt")
    except BenchFailed as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    transcript = Transcript(options.out / "transcript.txt")
    try:
        kernel_folder, system = _build(options, transcript)
        if not options.build_only:
            _run(kernel_folder, system, options.out, transcript)
    except (BenchFailed, ValueError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    finally:
        transcript.close()
    return 0


def _build(options: argparse.Namespace, transcript: Transcript) -> tuple[Path, root.System]:
    cache = Cache(options.cache)
    main_mirror, security = (options.mirror, None) if options.mirror else debian.own()
    with transcript.step("Debian's kernel") as notes:
        folder, kept = cache.get(
            "arm64-kernel", kernel.key(), lambda into: kernel.build(into, main_mirror, security), fresh=options.fresh
        )
        notes.append(f"{'kept' if kept else 'built'}: {folder.name}")
    with transcript.step("the terminal's system") as notes:
        system, kept = root.get(cache, options.mirror or "", fresh=options.fresh, architecture="arm64")
        notes.append(f"{'kept' if kept else 'built'}: {system.disk.parent.name}")
    return folder, system


def _run(kernel_folder: Path, system: root.System, out: Path, transcript: Transcript) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        shared = folder / "shared"
        shared.mkdir()
        shutil.copy(HERE.parent / "guest/agent.py", shared)
        shutil.copy(HERE / "guest/hardware.py", shared)
        (shared / "appointments.json").write_text(json.dumps({"appointments": []}))
        (shared / "image.toml").write_text(SETTINGS)
        with Emulator(kernel_folder, system.disk, shared, folder, system.arguments) as machine:
            terminal = EmulatedTerminal(machine, shared, out)
            try:
                Scenario(machine, terminal, transcript).run()
            finally:
                _keep(machine, terminal, out)


def _keep(machine: Emulator, terminal: EmulatedTerminal, out: Path) -> None:
    """What tells afterwards how it went."""
    (out / "console.log").write_text(machine.console())
    try:
        terminal.screen("last")
        (out / "journal.log").write_text(terminal.journal())
    except (BenchFailed, OSError) as error:
        print(f"bench: no journal ({error})", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
