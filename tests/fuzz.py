"""Coverage-guided bad input against the room client: `python -m tests.fuzz [seconds]`.

Needs atheris, which is not among the locked packages since it exists for few machines: `pip install atheris`.
"""

import json
import sys
import tempfile
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit(
        "atheris is not installed here: pip install atheris (x86-64 Linux); hypothesis runs without it, in tests/rooms"
    )

with atheris.instrument_imports(include=["kiosk.rooms", "kiosk.sse"]):
    from kiosk.rooms.pexip.answers import Reply
    from tests.rooms import bad_input

from tests.rooms.test_bad_input import EVENTS, RESULTS, record

SECONDS = 60
LONGEST_INPUT_BYTES = 4096
CONTENT_TYPES = ("application/json", "text/html", "")


def try_once(given: bytes) -> None:
    """The first byte says what the rest is."""
    kind, rest = (given[0] if given else 0) % 4, given[1:]
    match kind:
        case 0:
            bad_input.stream([rest[: len(rest) // 2], rest[len(rest) // 2 :]])
        case 1:
            lines = [line.partition(" ") for line in rest.decode("utf-8", "replace").split("\n")]
            bad_input.events([(name, data) for name, _, data in lines])
        case 2:
            status, content = (200, 403, 404, 503)[rest[0] % 4] if rest else 200, rest[1:]
            bad_input.answer(Reply(status, CONTENT_TYPES[len(rest) % 3], content))
        case _:
            bad_input.link(rest.decode("utf-8", "replace"))


def write_seeds(folder: Path) -> None:
    """Sound input of each kind, from which the strange is grown."""
    events = [(name, json.dumps(data)) for name, data in EVENTS.items()]
    seeds = [
        b"\0" + b"".join(record(name, data) for name, data in events),
        b"\1" + "\n".join(f"{name} {data}" for name, data in events).encode(),
        *[b"\2" + bytes([status]) + json.dumps({"result": result}).encode() for result in RESULTS for status in (0, 1)],
        b"\3https://join.clinic.test/webapp3/m/998112?pin=0234&name=Kari&role=guest",
        b"\3https://join.clinic.test/webapp/#/?conference=meet%40clinic.test",
        b"\3pexip://meet@clinic.test?host=join.clinic.test",
        b"\3Room 998 112, PIN 0234",
    ]
    for number, seed in enumerate(seeds):
        (folder / f"seed-{number}").write_bytes(seed)


def main() -> None:
    """Until the time is over or something is found; the fuzzer's last line counts the inputs."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    write_seeds(folder)
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST_INPUT_BYTES}", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *options, "-timeout=5", "-rss_limit_mb=1024", str(folder)], try_once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
