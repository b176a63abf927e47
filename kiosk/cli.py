"""The command line. `kiosk --help` lists its commands.

Exit codes: 0 done, 1 a fault that the message names, 2 wrong usage, 75 not now (quiet), 130 stopped by Ctrl-C.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kiosk import heap, logs
from kiosk.clock import system_clock
from kiosk.errors import KioskError
from kiosk.quiet import ask

PROGRAMS = {
    "clinic": "kiosk.clinic",
    "firstboot": "kiosk.firstboot",
    "loan": "kiosk.loan",
    "provision": "kiosk.provision",
    "screens": "kiosk.ui.gallery",
    "wipe": "kiosk.loan.wipe",
}
"""Programs of their own, which this one never imports: it becomes them. The configuration is read in only by the
commands that want it, so that becoming another costs a start of the terminal next to nothing."""

CONFIG_HELP = "TOML file; may be given more than once, later files override earlier ones"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one sub-command; its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in PROGRAMS:
        return _become(PROGRAMS[words[0]], words[1:])
    options = _parser().parse_args(words)
    try:
        code: int = options.act(options)
    except KioskError as error:
        print(f"kiosk: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


class _Help(argparse.HelpFormatter):
    """The longest commands on one line with their help, which argparse reckons two letters too short."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self._action_max_length = 14


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kiosk",
        description="A one-button video terminal that hospitals lend to patients.",
        epilog="kiosk COMMAND --help tells more of each.",
        formatter_class=_Help,
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="be the terminal", description="Be the terminal, until stopped.")
    _takes_config(run)
    run.add_argument("--verbose", action="store_true", help="log more (never anything personal)")
    run.set_defaults(act=_run)

    demo = commands.add_parser(
        "demo",
        help="a clinic and a terminal on this machine, for the browser",
        description="Start an embedded clinic and a terminal on this machine, and print the one address to open.",
    )
    demo.add_argument("--port", type=int, help="the clinic's port on loopback (default 8080, or any if that is taken)")
    demo.add_argument(
        "--own-devices", action="store_true", help="this machine's camera, microphone and speaker instead of drawn ones"
    )
    demo.add_argument("--config", type=Path, action="append", default=[], metavar="FILE", help=CONFIG_HELP)
    demo.set_defaults(act=_demo)

    commands.add_parser("clinic", help="only the embedded clinic: a room server and its pages")

    doctor = commands.add_parser(
        "doctor",
        help="is every part there?",
        description="Look for every part that the configuration names, without opening camera or microphone; one line "
        "each. Exit code 1 when something is missing.",
    )
    doctor.add_argument(
        "--try",
        dest="trial",
        action="store_true",
        help="then open camera, microphone and speaker for six seconds, play a sound, and judge what is seen and heard",
    )
    doctor.add_argument(
        "--call",
        action="store_true",
        help="then call the test room of the configuration for some seconds, with generated picture and sound",
    )
    doctor.add_argument("--json", dest="as_json", action="store_true", help="the report as one JSON object")
    _takes_config(doctor)
    doctor.set_defaults(act=_doctor)

    check = commands.add_parser(
        "check", help="read the configuration and tell every fault", description="Tell every fault in it."
    )
    _takes_config(check)
    check.set_defaults(act=_check)

    quiet = commands.add_parser(
        "quiet",
        help="may the machine be restarted or updated now?",
        description="Ask the file in which the terminal tells its busy hours (terminal.busy), from two hours before an "
        "appointment to its end. Exit code 0: the work may begin now; 75: not now, or nobody knows.",
    )
    quiet.add_argument("--file", type=Path, required=True, metavar="FILE", help="what terminal.busy names")
    quiet.add_argument("--for-s", type=float, default=600.0, metavar="SECONDS", help="how long the work takes (600)")
    quiet.set_defaults(act=_quiet)

    commands.add_parser("provision", help="make the cards of many terminals, their keys and their labels")
    commands.add_parser("firstboot", help="on the terminal: take in what the card tells, and accept it")
    commands.add_parser("loan", help="on the terminal: lend it to a patient")
    commands.add_parser("wipe", help="on the terminal: take it back, with a signed receipt; or check one")
    commands.add_parser("screens", help="draw every screen as a PNG")
    return parser


def _takes_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, action="append", required=True, metavar="FILE", help=CONFIG_HELP)


def _run(options: argparse.Namespace) -> int:
    from kiosk.config import load  # noqa: PLC0415
    from kiosk.devices.screen import open_screen  # noqa: PLC0415

    logs.start(verbose=options.verbose)
    config = load(*options.config)
    heap.settle()
    told = replace(config.screen, contacts=config.contact, clinic=config.clinic, serial=config.terminal.serial)
    shown = open_screen(told)
    try:
        shown.start()
        # Its process reads Kivy in while this one reads in aiortc: either takes seconds of a small machine's start.
        from kiosk.app import run  # noqa: PLC0415

        asyncio.run(run(config, shown))
    finally:
        shown.close()
    return 0


def _demo(options: argparse.Namespace) -> int:
    from kiosk.demo import Demo  # noqa: PLC0415

    return Demo(port=options.port, own_devices=options.own_devices, configs=tuple(options.config)).run()


def _become(module: str, rest: list[str]) -> int:
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *rest])  # noqa: S606


def _doctor(options: argparse.Namespace) -> int:
    from kiosk.config import load  # noqa: PLC0415
    from kiosk.doctor import examine  # noqa: PLC0415

    return examine(load(*options.config), trial=options.trial, call=options.call, as_json=options.as_json)


def _quiet(options: argparse.Namespace) -> int:
    return ask(options.file, system_clock().wall, options.for_s)


def _check(options: argparse.Namespace) -> int:
    from kiosk.config import load  # noqa: PLC0415

    config = load(*options.config)
    print(f"good: terminal {config.terminal.serial}, {'lent out' if config.terminal.assigned else 'lent to nobody'}")
    return 0
