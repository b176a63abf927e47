"""What hands on the bench may do, and how their words are read."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kiosk.consultation.model import Appointment, Device, Room


@dataclass(frozen=True, slots=True)
class Hands:
    """What each hand does here. All are called in the bench's own thread and return at once."""

    press: Callable[[], None]
    plug: Callable[[Device, bool], None]
    stall: Callable[[Device, bool], None]
    network: Callable[[bool], None]
    watch: Callable[[bool], None]
    """Somebody looks at the screen, or nobody does any more."""
    kill_screen: Callable[[], None]
    appointment: Callable[[Appointment], None]


class HandNotUnderstood(ValueError):
    """The message names the hand and the field, and no value."""


def obey(hands: Hands, event: str, data: str, now: datetime) -> None:
    """Do what one record of the hands' stream says. Raises HandNotUnderstood. `now` is aware."""
    try:
        fields = json.loads(data) or {}
    except json.JSONDecodeError:
        raise HandNotUnderstood(f"{event}: not JSON") from None
    if not isinstance(fields, dict):
        raise HandNotUnderstood(f"{event}: not an object")
    match event:
        case "press":
            hands.press()
        case "plug":
            hands.plug(_device(event, fields), _field(event, fields, "plugged", bool))
        case "stall":
            hands.stall(_device(event, fields), _field(event, fields, "stalled", bool))
        case "network":
            hands.network(_field(event, fields, "up", bool))
        case "watch":
            hands.watch(_field(event, fields, "on", bool))
        case "kill_screen":
            hands.kill_screen()
        case "appointment":
            hands.appointment(_appointment(event, fields, now))
        case _:
            raise HandNotUnderstood("an unknown hand")


def _appointment(event: str, fields: dict[str, Any], now: datetime) -> Appointment:
    starts_at = now + timedelta(seconds=_field(event, fields, "starts_in_s", int, float))
    return Appointment(
        id=_field(event, fields, "id", str),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(seconds=_field(event, fields, "lasts_s", int, float)),
        room=Room(
            provider="pexip",
            host=_field(event, fields, "host", str),
            alias=_field(event, fields, "alias", str),
            pin=None if fields.get("pin") is None else _field(event, fields, "pin", str),
            display_name=_field(event, fields, "display_name", str),
        ),
    )


def _device(event: str, fields: dict[str, Any]) -> Device:
    try:
        return Device(fields.get("device"))
    except ValueError:
        raise HandNotUnderstood(f"{event}: device must be {', '.join(each.value for each in Device)}") from None


def _field(event: str, fields: dict[str, Any], name: str, *kinds: type) -> Any:
    value = fields.get(name)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise HandNotUnderstood(f"{event}: {name} must be a {kinds[0].__name__}")
    return value
