"""`python -m kiosk.clinic`: a clinic as a process of its own."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Sequence

from .server import serve
from .settings import DEFAULT_ROOM, ClinicSettings, RoomSettings, SettingsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; 0 after a clean end, 2 for a wrong command line, 1 when it cannot listen."""
    given = _parser().parse_args(arguments)
    logging.basicConfig(format="%(name)s: %(message)s")
    logging.getLogger("kiosk").setLevel(logging.INFO if given.verbose else logging.WARNING)
    try:
        settings = _settings(given)
    except SettingsError as error:
        print(f"clinic: {error}", file=sys.stderr)
        return 2
    try:
        asyncio.run(_serve(settings))
    except OSError as error:
        print(f"clinic: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m kiosk.clinic", description=__doc__)
    parser.add_argument("--listen", metavar="ADDRESS", default="127.0.0.1", help="IP address (default: %(default)s)")
    parser.add_argument("--listen-everywhere", action="store_true", help="allow an address other machines can reach")
    parser.add_argument("--port", type=int, default=8080, help="0: any free one (default: %(default)s)")
    parser.add_argument(
        "--room",
        action="append",
        metavar="ALIAS[:HOSTPIN[:GUESTPIN]]",
        help="a meeting room; may be repeated (default: room 123456 with the host PIN 1234)",
    )
    parser.add_argument("--codec", choices=("vp8", "h264"), default="vp8", help="the rooms' video codec")
    parser.add_argument("--auto-admit", action="store_true", help="guests enter as soon as a host is there")
    parser.add_argument("--token-lifetime", type=int, default=120, metavar="S", help="seconds (default: %(default)s)")
    parser.add_argument("--statistics-every", type=float, metavar="MS", help="ask for statistics (default: never)")
    parser.add_argument("--verbose", action="store_true", help="log who comes and goes, without names")
    return parser


def _settings(given: argparse.Namespace) -> ClinicSettings:
    rooms = [_room(text, given.auto_admit) for text in given.room or []]
    default = RoomSettings(DEFAULT_ROOM.alias, DEFAULT_ROOM.host_pin, auto_admit=given.auto_admit)
    return ClinicSettings(
        listen=given.listen,
        listen_everywhere=given.listen_everywhere,
        port=given.port,
        rooms=tuple(rooms or [default]),
        codec=given.codec,
        token_lifetime_s=given.token_lifetime,
        statistics_every_ms=given.statistics_every,
    )


def _room(text: str, auto_admit: bool) -> RoomSettings:
    alias, *pins = text.split(":")
    if len(pins) > 2:
        raise SettingsError("--room: ALIAS[:HOSTPIN[:GUESTPIN]] has at most two colons")
    host_pin, guest_pin = [*(pin or None for pin in pins), None, None][:2]
    return RoomSettings(alias, host_pin, guest_pin, auto_admit=auto_admit)


async def _serve(settings: ClinicSettings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    running = await serve(settings)
    print(f"clinic ready at {running.url}", flush=True)
    try:
        await stop.wait()
    finally:
        await running.close()


if __name__ == "__main__":
    sys.exit(main())
