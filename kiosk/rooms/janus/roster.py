"""Who is in the room and who sends, kept from the plugin's events. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from kiosk.consultation.model import EndReason
from kiosk.rooms.port import RoomEnded, RoomEvent, RoomJoined, RoomMuted, RoomPeople

Feed = int | str
"""A participant's id: a number, or a text where the server is set up so."""

LONGEST_NAME: Final = 60
MOST_PEOPLE: Final = 200


@dataclass(frozen=True, slots=True)
class FeedAppeared:
    """Somebody sends picture or sound, or sends other ones than before."""

    feed: Feed


@dataclass(frozen=True, slots=True)
class FeedGone:
    """And does so no more."""

    feed: Feed


@dataclass(frozen=True, slots=True)
class Speaking:
    """Somebody's voice is heard."""

    feed: Feed


News = RoomEvent | FeedAppeared | FeedGone | Speaking


@dataclass
class Roster:
    """Fed with what the plugin says to the handle that is in the room."""

    me: Feed | None = field(default=None, repr=False)
    audio_mid: str | None = None
    """Our microphone's section in our offer."""
    _people: set[Feed] = field(default_factory=set, repr=False)
    _feeds: set[Feed] = field(default_factory=set, repr=False)

    def take(self, data: dict[str, Any]) -> list[News]:
        """What this event means; nothing for what is not understood."""
        match data.get("videoroom"):
            case "joined":
                self.me = _feed(data.get("id"))
                return [*self._enter(data, at_first=True), RoomPeople(self._count())]
            case "destroyed":
                return [RoomEnded(EndReason.FINISHED)]
            case "talking":
                feed = _feed(data.get("id"))
                return [Speaking(feed)] if feed in self._feeds and feed is not None else []
            case "event":
                return self._event(data)
        return []

    def _event(self, data: dict[str, Any]) -> list[News]:
        if data.get("leaving") == "ok":
            return [RoomEnded(EndReason.FINISHED)]
        if "moderation" in data:
            mine = _feed(data.get("id")) == self.me and data.get("mid") == self.audio_mid
            return [RoomMuted(data["moderation"] == "muted")] if mine else []
        before = self._count()
        news = self._enter(data, at_first=False)
        unpublished, leaving = _feed(data.get("unpublished")), _feed(data.get("leaving"))
        for feed in (unpublished, leaving):
            if feed in self._feeds and feed is not None:
                self._feeds.remove(feed)
                news.append(FeedGone(feed))
        if leaving is not None:
            self._people.discard(leaving)
        return news if self._count() == before else [*news, RoomPeople(self._count())]

    def _enter(self, data: dict[str, Any], *, at_first: bool) -> list[News]:
        news: list[News] = []
        joining = data.get("joining")
        for person in [joining, *_list(data.get("attendees"))]:
            news += self._person(person, at_first)
        for person in _list(data.get("publishers")):
            feed = _feed(person.get("id")) if isinstance(person, dict) else None
            if feed is not None and feed != self.me:
                news += self._person(person, at_first)
                self._feeds.add(feed)
                news.append(FeedAppeared(feed))
        return news

    def _person(self, person: object, at_first: bool) -> Iterator[News]:
        feed = _feed(person.get("id")) if isinstance(person, dict) else None
        if not isinstance(person, dict) or feed is None or feed == self.me or feed in self._people:
            return
        if len(self._people) >= MOST_PEOPLE:
            return
        self._people.add(feed)
        if not at_first:
            yield RoomJoined(_name(person.get("display")))

    def _count(self) -> int:
        return len(self._people) + 1


def _feed(value: object) -> Feed | None:
    return value if isinstance(value, int | str) and not isinstance(value, bool) else None


def _list(value: object) -> list[Any]:
    return value[:MOST_PEOPLE] if isinstance(value, list) else []


def _name(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * LONGEST_NAME]).split())[:LONGEST_NAME]
