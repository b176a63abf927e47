"""`make bench-card`: the built card in a virtual terminal; prints a table, and keeps it.

Exit codes: 0 all is as it must be, 1 a row is not, 2 something is missing on this machine.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.card_bench import bundles, files
from tests.card_bench.bundles import Bundles
from tests.card_bench.erasure import Erasure
from tests.card_bench.outside import Outside
from tests.card_bench.server import UpdateServer
from tests.card_bench.table import Table
from tests.card_bench.terminal import Terminal
from tests.card_bench.updates import Updates
from tests.device_bench import host, kernel, line, root
from tests.device_bench.__main__ import CACHE
from tests.device_bench.cache import Cache, key_of
from tests.device_bench.host import BenchFailed

REPOSITORY: Final = Path(__file__).parents[2]
MADE_BY: Final = ("image/update", "image/sandbox/disk.py", "tests/card_bench/bundles.py", "tests/card_bench/files.py")


def main() -> int:
    """The command."""
    options = _parser().parse_args()
    try:
        host.require()
        kernel_file, prepared = _prepare(options)
        if not line.inside():
            line.enter("tests.card_bench")
    except BenchFailed as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    table = Table(options.out / "table.md")
    with tempfile.TemporaryDirectory(prefix="card-bench-", dir=options.work) as name:
        folder = Path(name)
        with line.cable(folder):
            server = UpdateServer(folder, line.HOST)
            try:
                for what, story in _stories(kernel_file, prepared, folder, server, table).items():
                    if not options.only or what in options.only:
                        with table.story(what):
                            story()
            finally:
                server.close()
    return 0 if table.rows and all(row.good for row in table.rows) else 1


def _stories(
    kernel_file: Path, prepared: Bundles, folder: Path, server: UpdateServer, table: Table
) -> dict[str, Callable[[], None]]:
    def terminal(drop_ins: Mapping[str, str]) -> Terminal:
        own = Path(tempfile.mkdtemp(dir=folder))
        return Terminal(kernel_file, prepared.card, own, server, drop_ins)

    updates = Updates(prepared, server, terminal, table)
    outside = Outside(terminal, folder / "leases", table)
    erasure = Erasure(terminal, table)
    return {
        "files": lambda: files.check(prepared.built, folder / "files", table),
        "ports": outside.nothing_listens,
        "erasure": erasure.first_start,
        "refused": updates.refused_and_good,
        "dead": updates.dead,
        "empty": updates.empty,
        "mute": updates.mute,
        "frozen": updates.frozen,
        "cut": updates.cut_while_it_comes,
        "cut-trial": updates.cut_while_tried,
        "timer": updates.by_itself,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench-card", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/card"), help="for the table (%(default)s)")
    parser.add_argument("--cache", type=Path, default=CACHE, help="kept kernels, cards and bundles (%(default)s)")
    parser.add_argument(
        "--work", type=Path, help="for copies of the card, one gigabyte each (default: as the system has it)"
    )
    parser.add_argument("--mirror", help="where Debian is fetched from (default: as this machine's apt does)")
    parser.add_argument("--card", type=Path, help="a built card (default: build it, or take the kept one)")
    parser.add_argument("only", nargs="*", metavar="STORY", help="not all of them")
    return parser


def _prepare(options: argparse.Namespace) -> tuple[Path, Bundles]:
    """Kernel, card and bundles: built, or kept from the last time."""
    cache = Cache(options.cache)
    mirror = options.mirror or ("" if line.inside() else host.mirror())
    kernel_folder, _ = cache.get("kernel", kernel.key(), lambda into: kernel.build(into, mirror))
    card = options.card or root.get(cache, mirror)[0].disk
    inputs = [REPOSITORY / name for name in MADE_BY]
    kept, _ = cache.get("bundles", key_of(inputs, card.parent.name), lambda into: bundles.make(into, card))
    return kernel_folder / "linux", Bundles(kept, card)


if __name__ == "__main__":
    sys.exit(main())
