"""`make bench-device`: build the terminal's system, boot it on virtual hardware, and take it through a consultation.

Exit codes: 0 all good, 1 a step failed and the transcript says which, 2 something is missing on this machine.
"""

import argparse
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.device_bench import card, host, kernel, line, root
from tests.device_bench.cache import Cache
from tests.device_bench.host import BenchFailed
from tests.device_bench.machine import Machine
from tests.device_bench.scenario import Scenario
from tests.device_bench.terminal import BOARD, Terminal, appointments
from tests.device_bench.timeserver import TimeServer
from tests.device_bench.transcript import Transcript
from tests.whole.product import Clinic
from tests.whole.tls_door import TlsDoor

CACHE: Final = Path.home() / ".cache/terminal-bench"
GUEST: Final = Path(__file__).with_name("guest")


def main() -> int:
    """The command."""
    options = parser("make bench-device", __doc__, Path("build/device")).parse_args()
    try:
        host.require()
    except BenchFailed as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    transcript = Transcript(options.out / ("transcript.txt" if line.inside() else "build.txt"))
    try:
        kernel_file, system = _build(options, transcript)
        if options.build_only:
            return 0
        if not line.inside():
            transcript.close()
            line.enter("tests.device_bench")
        _run(kernel_file, system, options.out, transcript)
    except BenchFailed as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    finally:
        transcript.close()
    return 0


def parser(prog: str, told: str | None, out: Path) -> argparse.ArgumentParser:
    """Of a bench that builds and boots a system."""
    made = argparse.ArgumentParser(prog=prog, description=told)
    made.add_argument("--out", type=Path, default=out, help="transcript and pictures (%(default)s)")
    made.add_argument("--cache", type=Path, default=CACHE, help="kept kernels and systems (%(default)s)")
    made.add_argument("--mirror", help="where Debian is fetched from (default: as this machine's apt does)")
    made.add_argument("--fresh", action="store_true", help="build everything anew")
    made.add_argument("--build-only", action="store_true", help="boot nothing")
    return made


def _build(options: argparse.Namespace, transcript: Transcript) -> tuple[Path, root.System]:
    cache = Cache(options.cache)
    # The second time round, in the bench's own network, all is there.
    fresh = options.fresh and not line.inside()
    mirror = options.mirror or ("" if line.inside() else host.mirror())
    with transcript.step("the kernel") as notes:
        folder, kept = cache.get("kernel", kernel.key(), lambda into: kernel.build(into, mirror), fresh=fresh)
        notes.append(f"{'kept' if kept else 'built'}: {folder.name}")
    with transcript.step("the terminal's system") as notes:
        system, kept = root.get(cache, mirror, fresh=fresh)
        notes.append(f"{'kept' if kept else 'built'}: {system.disk.parent.name}")
    return folder / "linux", system


def _run(kernel_file: Path, system: root.System, out: Path, transcript: Transcript) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        shared = folder / "shared"
        shutil.copytree(GUEST, shared)
        shared.chmod(0o755)
        (shared / "out").mkdir()
        (shared / "appointments.json").write_text(appointments(None))
        (shared / "image.toml").write_text(card.image_settings(BOARD))
        with ExitStack() as closing:
            closing.enter_context(line.cable(folder))
            closing.callback(TimeServer(line.HOST).close)
            # The clinician stays for the whole of it, and asks for no fresh token.
            clinic = Clinic(folder, "--token-lifetime", "3600")
            closing.callback(clinic.kill)
            door = TlsDoor(folder, int(clinic.url.rsplit(":", 1)[1]), line.HOST)
            closing.callback(door.close)
            shutil.copy(door.certificate, shared / "door.pem")
            node = f"https://{line.HOST}:{door.port}"
            with transcript.step("a card for one terminal, by kiosk provision") as notes:
                disk = card.provisioned(system.disk, folder / "cards", node)
                notes.append(card.SERIAL)
            machine = Machine(kernel_file, disk, shared, folder, system.arguments, writes=True)
            closing.enter_context(machine)
            terminal = Terminal(machine, shared)
            scenario = Scenario(
                machine, terminal, clinic_url=clinic.url, host=node, shared=shared, disk=disk, transcript=transcript
            )
            try:
                scenario.run()
            finally:
                _keep(machine, terminal, folder, out)


def _keep(machine: Machine, terminal: Terminal, folder: Path, out: Path) -> None:
    """What tells afterwards how it went. A terminal that came to the end has left its journal already."""
    left = folder / "shared/out"
    if not (left / "journal.txt").exists():
        try:
            (left / "journal.txt").write_text(terminal.journal())
        except (BenchFailed, OSError) as error:
            print(f"bench: no journal ({error})", file=sys.stderr)
    for pattern in ("*.png", "*.txt"):
        for file in left.glob(pattern):
            shutil.copy(file, out)
    (out / "console.log").write_text(machine.console())


if __name__ == "__main__":
    sys.exit(main())
