"""Invitations, wherever they come from, as rooms: of a letter, a calendar, a configuration."""

from collections.abc import Callable
from urllib.parse import urlsplit

from kiosk.consultation.model import Room
from kiosk.errors import RoomRefused
from kiosk.rooms.pexip.address import base_url
from kiosk.rooms.pexip.links import parse_link
from kiosk.rooms.pexip.settings import PexipSettings

LONGEST_INVITATION_CHARS = 512


def reader(settings: PexipSettings, display_name: str) -> Callable[[str], Room]:
    """What reads an invitation's text into a room; it raises RoomRefused.

    Stricter than entering a room that the clinic's own diary names: without `allowed_hosts` only the clinic's `node`
    counts, and without either nothing does. A strange letter must not lead anywhere.
    """
    node = base_url(settings.node) if settings.node else ""
    allowed = settings.allowed_hosts or ((urlsplit(node).hostname or "",) if node else ())

    def read(text: str) -> Room:
        if len(text) > LONGEST_INVITATION_CHARS:
            raise RoomRefused("not_found", f"an invitation of more than {LONGEST_INVITATION_CHARS} characters")
        link = parse_link(text, allowed or ("none.invalid",))
        if link.host is None and not node:
            raise RoomRefused("forbidden_host", "a room number alone, and [rooms.pexip] names no node for it")
        return link.room(display_name, node)

    return read
