"""Calendar texts for the tests, and a reader of invitations."""

from datetime import UTC, datetime
from itertools import chain

from kiosk.rooms import invitations
from kiosk.rooms.pexip.settings import PexipSettings

NODE = "https://join.example.org"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LINK = f"{NODE}/webapp/conference/998112"

read_link = invitations.reader(PexipSettings(allowed_hosts=("*.example.org",), node=NODE), "Terminal 0042")


def event(*lines: str, uid: str = "a1", start: str = "20261125T100000", zone: str = "Europe/Oslo") -> list[str]:
    """A half hour, with these lines more."""
    head = f"DTSTART;TZID={zone}:{start}" if zone else f"DTSTART:{start}"
    return ["BEGIN:VEVENT", f"UID:{uid}", head, "DURATION:PT30M", *lines, "END:VEVENT"]


def calendar(*parts: list[str]) -> str:
    """A whole document."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//test//EN"]
    return "\r\n".join([*head, *chain.from_iterable(parts), "END:VCALENDAR", ""])
