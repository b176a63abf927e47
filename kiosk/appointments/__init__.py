"""Where appointments come from: the port, its settings, and the front door that picks the source."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from annotated_types import Interval

from kiosk.appointments.address import check_address
from kiosk.appointments.invitation import ReadLink
from kiosk.appointments.kept import KeptAppointments
from kiosk.appointments.known import KnownAppointments
from kiosk.appointments.none import NoAppointments
from kiosk.appointments.port import Appointments
from kiosk.appointments.simulated import SimulatedAppointments, Simulation
from kiosk.appointments.standing import StandingAppointments, weekly_time
from kiosk.consultation.model import Room
from kiosk.errors import ConfigError, RoomRefused

__all__ = ["Appointments", "Settings", "Simulation", "faults", "open_appointments"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Which source."""

    driver: Literal["none", "simulated", "file", "calendar", "standing"] = "none"
    """none: a terminal lent to nobody. simulated: given on the bench. file: a JSON document on disk. calendar: an
    iCalendar document, fetched or on disk. standing: the same times every week."""
    path: str = ""
    """file, calendar: the document on disk."""
    url: str = field(default="", repr=False)
    """calendar: where to fetch the document; https, or http on this machine. Whoever knows it can read it."""
    ca_file: str | None = None
    """calendar: a PEM file of the certificate authorities to trust instead of the usual ones."""
    every_s: Annotated[float, Interval(ge=1, le=3600)] = 10
    """Seconds between two readings; for a calendar that is fetched at least 60."""
    times: tuple[str, ...] = ()
    """standing: such as "thu 10:00-10:30" or "mon-fri 08:00-15:30". Each is one visit."""
    room: str = field(default="", repr=False)
    """A link, or a room number with its PIN, for every appointment whose source names no room."""
    display_name: str = field(default="", repr=False)
    """What the others see of a patient whose appointment tells no name, such as "Terminal 0042"."""
    time_zone: str = "Europe/Oslo"
    """calendar, standing: holds for times that name no zone."""
    trust_rooms_h: Annotated[float, Interval(ge=1, le=168)] = 24
    """After so many hours without an answer of the source the hours stand without their rooms."""
    kept: str = ""
    """A file in a folder that lives in memory, such as /run/kiosk/appointments.json: with it what is known outlasts a
    restart of the terminal, though not of the machine. Empty, or on a disk: it does not."""


FETCHED_AT_MOST_EVERY_S: Final = 60.0


def faults(settings: Settings) -> Iterator[str]:
    """What contradicts itself, one line each."""
    if settings.driver == "calendar" and bool(settings.url) == bool(settings.path):
        yield "appointments: a calendar needs either url or path"
    if settings.driver == "standing" and not settings.times:
        yield "appointments.times: standing appointments need at least one"
    checks: list[Callable[[], object]] = [lambda: _zone(settings), *(partial(weekly_time, t) for t in settings.times)]
    if settings.url:
        checks.append(lambda: check_address(settings.url))
    for check in checks:
        try:
            check()
        except ConfigError as error:
            yield str(error)


def no_links(_text: str) -> Room:
    """For sources that hold no links."""
    raise RoomRefused("forbidden_host", "no invitation can be read here")


def open_appointments(
    settings: Settings, simulation: Simulation | None = None, read_link: ReadLink = no_links
) -> Appointments:
    """A source that touches nothing yet. Real ones take no notice of `simulation`. Raises ConfigError.

    `read_link` gives the room of an invitation.
    """
    room = None
    if settings.room:
        try:
            room = read_link(settings.room)
        except RoomRefused as error:
            raise ConfigError(f"appointments.room: {error}") from None
    origin = f"{settings.driver} {settings.url} {settings.path} {settings.times}"
    return KnownAppointments(
        _source(settings, simulation, read_link),
        3600 * settings.trust_rooms_h,
        room,
        kept=KeptAppointments(Path(settings.kept), origin) if settings.kept else None,
    )


def _source(settings: Settings, simulation: Simulation | None, read_link: ReadLink) -> Appointments:
    match settings.driver:
        case "none":
            return NoAppointments(settings.every_s)
        case "simulated":
            return SimulatedAppointments(settings.every_s, simulation or Simulation())
        case "file":
            from kiosk.appointments.file import FileAppointments  # noqa: PLC0415

            return FileAppointments(settings.path, settings.every_s)
        case "calendar":
            from kiosk.appointments.calendar import CalendarAppointments, CalendarFile  # noqa: PLC0415
            from kiosk.appointments.feed import Feed  # noqa: PLC0415

            if settings.url:
                every_s = max(FETCHED_AT_MOST_EVERY_S, settings.every_s)
                feed = Feed(settings.url, settings.ca_file)
                return CalendarAppointments(feed, every_s, _zone(settings), read_link)
            file = CalendarFile(settings.path)
            return CalendarAppointments(file, settings.every_s, _zone(settings), read_link)
        case "standing":
            times = [weekly_time(text) for text in settings.times]
            return StandingAppointments(times, _zone(settings), settings.every_s)


def _zone(settings: Settings) -> ZoneInfo:
    try:
        return ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError("appointments.time_zone: must be a name such as Europe/Oslo") from None
