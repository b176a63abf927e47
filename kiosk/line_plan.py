"""From the configuration to the test call that is made without a patient."""

from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.config import Config
from kiosk.engine.line_check import LinePlan
from kiosk.errors import ConfigError, RoomRefused
from kiosk.rooms import invitations
from kiosk.selfcheck.settings import time_of_day


def line_plan(config: Config) -> LinePlan | None:
    """None: there is no test room. Raises ConfigError."""
    chosen = config.selfcheck
    if not chosen.room:
        return None
    try:
        room = invitations.reader(config.rooms.pexip, config.appointments.display_name)(chosen.room)
    except RoomRefused as error:
        raise ConfigError(f"selfcheck.room: {error}") from None
    return LinePlan(
        room,
        chosen.call_s,
        tuple(time_of_day(text) for text in chosen.times),
        ZoneInfo(config.appointments.time_zone),
        config.rooms.pexip.ca_file,
        Path(chosen.report) if chosen.report else None,
    )
