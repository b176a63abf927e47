"""Meeting links, as letters, messages and QR codes hold them, read into what they say. Pure.

A link is an invitation: whoever has it may enter. So it is never logged, nor is any part of it told in an error.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from kiosk.consultation.model import Room
from kiosk.errors import RoomRefused
from kiosk.rooms.pexip.address import base_url, conference_path, pin_header

LONGEST_LINK_CHARS: Final = 2048
LONGEST_FIELD_CHARS: Final = 200
MOST_FIELDS: Final = 50

_FILLER: Final = r"[^\W\d_]|[ \t\r\n.,:;#()–-]"
_ROOM_NUMBER: Final = r"([0-9]{3} ?[0-9]{3})"
_NUMBERS: Final = re.compile(rf"(?:{_FILLER}){{0,40}}{_ROOM_NUMBER}(?:(?:{_FILLER}){{1,40}}([0-9]{{4}}))?[\s.]*")
"""Six digits and perhaps four, with the words that letters put around them."""
_NO_SCHEME: Final = re.compile(r"[\w.-]+\.[A-Za-z]{2,}(:\d{1,5})?/\S*", re.ASCII)
_APP: Final = "pexip"
DEEPEST_WORD: Final = 4
"""How many words of a path, the brand's among them, may come before the room's."""


@dataclass(frozen=True, slots=True)
class Link:
    """What an invitation says. Whoever reads the link decides what of it to use."""

    host: str | None = field(repr=False)
    """Base URL; None: the clinic's own node is meant."""
    alias: str = field(repr=False)
    pin: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    role: str | None = None
    """"guest" or "host"; None with a PIN, since the PIN decides."""
    extension: str | None = field(default=None, repr=False)

    def room(self, display_name: str, own_host: str) -> Room:
        """The room that is meant; `own_host` is the node for links that name none."""
        host = self.host or own_host
        return Room("pexip", host, self.alias, self.pin, display_name or self.name or "", self.extension)


def parse_link(text: str, allowed: Sequence[str] = ()) -> Link:
    """An invitation in any of its forms. Raises RoomRefused: "not_found" when no room is named, "forbidden_host" when
    it lies where the terminal must not go (see PexipSettings.allowed_hosts), "pin", "other"."""
    given = text.strip()
    if len(given) > LONGEST_LINK_CHARS:
        raise RoomRefused("not_found", f"a link of more than {LONGEST_LINK_CHARS} characters")
    numbers = _NUMBERS.fullmatch(given)
    if numbers:
        return Link(None, numbers[1].replace(" ", ""), pin_header(numbers[2]))
    if _NO_SCHEME.fullmatch(given):
        given = f"https://{given}"
    try:
        parts = urlsplit(given)
    except ValueError:
        raise RoomRefused("not_found", "this is not a link") from None
    if parts.scheme == _APP:
        return _app_link(parts, allowed)
    if parts.scheme not in {"http", "https"}:
        raise RoomRefused("not_found", "this is neither a link nor a room number")
    host = base_url(f"{parts.scheme}://{parts.netloc}", allowed)
    # The web apps of some years keep path and query behind the #.
    behind = urlsplit(parts.fragment.removeprefix("!"))
    fields = _fields(parts.query) | _fields(behind.query)
    for path in (parts.path, behind.path):
        alias = _alias_in(path)
        if alias is not None:
            return _link(host, alias, fields)
    return _link(host, fields.get("conference"), fields)


def _app_link(parts: SplitResult, allowed: Sequence[str]) -> Link:
    # pexip://alias@domain, pexip:alias@domain, pexip://alias?host=domain
    fields = _fields(parts.query)
    alias = unquote((parts.netloc + parts.path).strip("/"))
    domain = fields.get("host") or alias.rpartition("@")[2] if "@" in alias or "host" in fields else None
    return _link(None if domain is None else base_url(f"https://{domain}", allowed), alias, fields)


def _link(host: str | None, alias: str | None, fields: Mapping[str, str]) -> Link:
    if not alias or len(alias) > LONGEST_FIELD_CHARS or not alias.isprintable():
        raise RoomRefused("not_found", "the link names no room")
    conference_path(alias)
    pin = pin_header(fields.get("pin"))
    role = fields.get("role", "").lower()
    return Link(
        host=host,
        alias=alias.strip(),
        pin=pin,
        name=_short(fields.get("name")),
        role=role if pin is None and role in {"guest", "host"} else None,
        extension=_short(fields.get("extension")),
    )


def _alias_in(path: str) -> str | None:
    """…/m/<alias> and …/conference/<alias>, whatever follows; None when the path names none."""
    words = path.split("/")
    for word, following in itertools.pairwise(words[1 : DEEPEST_WORD + 2]):
        if word in {"m", "conference"} and following:
            return unquote(following, errors="replace")
    return None


def _fields(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise RoomRefused("not_found", "a link with too many fields") from None
    # The first of a name counts.
    return {name.lower(): value for name, value in reversed(pairs)}


def _short(text: str | None) -> str | None:
    if text is None or not text.strip() or len(text) > LONGEST_FIELD_CHARS or not text.isprintable():
        return None
    return text.strip()
