"""Who is in the room, by the platform's own list. Pure."""

from dataclasses import dataclass, field
from typing import Any, Final

from kiosk.rooms.pexip.words import plain

MOST_PARTICIPANTS: Final = 1000
LONGEST_NAME_CHARS: Final = 80
IN_ROOM: Final = ("conference", "lecture", "gateway", "test_call", "media_playback")


@dataclass(frozen=True, slots=True)
class _Person:
    inside: bool
    """In the consultation: neither waiting nor a recording."""
    streams: bool
    """A recording or a broadcast, which is not somebody in the room."""
    presents: bool | None
    """Shows slides; None: not told."""
    name: str = field(repr=False)


class Roster:
    """A full list comes at the begin of every event stream, and changes follow."""

    def __init__(self, me: str) -> None:
        self._me = me
        self._people: dict[str, _Person] = {}
        self._greeted: set[str] | None = None
        """Those whose being here is no news. None until there has been a list."""
        self.syncing = False

    def begin(self) -> None:
        """A new list comes."""
        self.syncing = True
        self._people.clear()

    def end(self) -> None:
        """The list is complete."""
        self.syncing = False
        if self._greeted is None:
            self._greeted = self._others()

    def put(self, uuid: str, seen: dict[str, Any]) -> None:
        """Somebody came or changed."""
        if uuid not in self._people and len(self._people) >= MOST_PARTICIPANTS:
            return
        here = seen.get("service_type") in IN_ROOM
        streams = seen.get("is_streaming_conference") is True or seen.get("protocol") == "rtmp"
        presents = yes(seen["is_presenting"]) if "is_presenting" in seen else None
        name = seen.get("display_name")
        self._people[uuid] = _Person(
            inside=here and not streams,
            streams=here and streams,
            presents=presents,
            name=plain(name)[:LONGEST_NAME_CHARS].strip() if isinstance(name, str) else "",
        )

    def drop(self, uuid: str) -> None:
        """Somebody went."""
        self._people.pop(uuid, None)

    def people(self) -> int:
        """How many are in the consultation, ourselves counted."""
        return sum(person.inside for person in self._people.values())

    def streamed(self) -> bool:
        """Whether a recording or a broadcast takes part."""
        return any(person.streams for person in self._people.values())

    def presented(self) -> bool | None:
        """Whether somebody shows slides; None when the list does not tell."""
        told = [person.presents for person in self._people.values() if person.presents is not None]
        return any(told) if told else None

    def arrivals(self) -> list[str]:
        """Names of the others who came since this was last asked; whom we found here is not among them."""
        if self._greeted is None:
            return []
        others = self._others()
        new = others - self._greeted
        # In the order of the list.
        names = [person.name for uuid, person in self._people.items() if uuid in new] if new else []
        self._greeted = others
        return names

    def _others(self) -> set[str]:
        return {uuid for uuid, person in self._people.items() if person.inside and uuid != self._me}


def yes(value: object) -> bool:
    """The platform's two ways to say so."""
    return value is True or (isinstance(value, str) and value.upper() == "YES")
