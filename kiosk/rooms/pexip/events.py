"""The platform's events, turned into the terminal's. Pure: no clock, no socket, no log."""

import json
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from kiosk.rooms.pexip.reasons import after_call_disconnected, after_disconnect, known
from kiosk.rooms.port import RoomAdmitted, RoomEvent, RoomMessage, RoomMuted, RoomPeople, RoomWaiting
from kiosk.sse import Record

LONGEST_MESSAGE_CHARS: Final = 500
MOST_PARTICIPANTS: Final = 1000

_IN_ROOM: Final = frozenset({"conference", "lecture", "gateway", "test_call", "media_playback"})
_ZERO_WIDTH_JOINER: Final = "\u200d"


class MalformedEvent(ValueError):
    """An event that makes no sense. The message names it and holds nothing of its content."""


@dataclass(frozen=True, slots=True)
class RefreshNow:
    """The platform wants the token refreshed."""


@dataclass(frozen=True, slots=True)
class GoneWithoutReason:
    """We are no longer in the room; the reason may follow in an event of its own."""


News = RoomEvent | RefreshNow | GoneWithoutReason


class Tracker:
    """Follows one participant's event stream. One thread at a time feeds it."""

    def __init__(self, participant: str, waiting: bool) -> None:
        self._me = participant
        self._waiting = waiting
        self._muted = False
        self._in_room: dict[str, bool] = {}
        self._syncing = False
        self._people: int | None = None
        self.call: str | None = None
        """Our call; set by whoever places it."""
        self.disconnect_reason: str | None = None
        """The platform's own words when it took our place away, if they are known ones."""

    def take(self, record: Record) -> list[News]:
        """What one event means to us, often nothing. Raises MalformedEvent."""
        match record.event:
            case "participant_sync_begin":
                self._syncing = True
                self._in_room.clear()
                return []
            case "participant_sync_end":
                self._syncing = False
                return self._count()
            case "participant_create" | "participant_update":
                return self._participant(_object(record))
            case "participant_delete":
                return self._deleted(_text(_object(record), "uuid", record.event))
            case "message_received":
                return self._message(_object(record))
            case "disconnect":
                reason = _optional_object(record).get("reason")
                self.disconnect_reason = reason if isinstance(reason, str) and known(reason) else None
                return [after_disconnect(reason)]
            case "call_disconnected":
                ended = _object(record)
                if self.call is None or ended.get("call_uuid") != self.call:
                    return []
                return [after_call_disconnected(ended.get("reason"))]
            case "bye":
                return [GoneWithoutReason()]
            case "refresh_token":
                return [RefreshNow()]
            case _:
                return []

    def _participant(self, seen: dict[str, Any]) -> list[News]:
        who = _text(seen, "uuid", "participant")
        place = seen.get("service_type")
        news: list[News] = self._ourselves(seen, place) if who == self._me else []
        if who in self._in_room or len(self._in_room) < MOST_PARTICIPANTS:
            self._in_room[who] = place in _IN_ROOM and not _is_only_a_stream(seen) if isinstance(place, str) else False
        return news + self._count()

    def _ourselves(self, seen: dict[str, Any], place: object) -> list[News]:
        news: list[News] = []
        waiting = True if place == "waiting_room" else False if place in list(_IN_ROOM) else self._waiting
        if waiting != self._waiting:
            self._waiting = waiting
            news.append(RoomWaiting() if waiting else RoomAdmitted())
        if "is_muted" in seen:
            muted = _yes(seen["is_muted"])
            if muted != self._muted:
                self._muted = muted
                news.append(RoomMuted(muted))
        return news

    def _deleted(self, who: str) -> list[News]:
        self._in_room.pop(who, None)
        if who == self._me:
            return [GoneWithoutReason()]
        return self._count()

    def _count(self) -> list[News]:
        people = sum(self._in_room.values())
        if self._syncing or people == self._people:
            return []
        self._people = people
        return [RoomPeople(people)]

    def _message(self, message: dict[str, Any]) -> list[News]:
        kind, payload = message.get("type"), message.get("payload")
        if not isinstance(kind, str) or kind.partition(";")[0].strip().lower() != "text/plain":
            return []
        if not isinstance(payload, str):
            raise MalformedEvent("message_received: the payload is not text")
        if message.get("uuid") == self._me:
            return []
        text = plain(payload)
        return [RoomMessage(text)] if text else []


def plain(text: str) -> str:
    """Text without anything that a screen would obey rather than show, on one line, cut to a sane length."""
    # Far more than can be shown is not worth cleaning.
    spaced = " ".join(text[: LONGEST_MESSAGE_CHARS * 10].split())
    shown = (
        char
        for char in spaced
        if char == _ZERO_WIDTH_JOINER or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return "".join(shown)[:LONGEST_MESSAGE_CHARS].strip()


def _is_only_a_stream(seen: dict[str, Any]) -> bool:
    """A recording or a broadcast is not somebody in the room."""
    return seen.get("is_streaming_conference") is True or seen.get("protocol") == "rtmp"


def _yes(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.upper() == "YES")


def _object(record: Record) -> dict[str, Any]:
    try:
        value = json.loads(record.data)
    except (ValueError, RecursionError):
        raise MalformedEvent(f"{record.event}: the data is not JSON") from None
    if not isinstance(value, dict):
        raise MalformedEvent(f"{record.event}: the data is not an object")
    return value


def _optional_object(record: Record) -> dict[str, Any]:
    """For events that count whatever they hold."""
    try:
        return _object(record)
    except MalformedEvent:
        return {}


def _text(value: dict[str, Any], name: str, event: str) -> str:
    text = value.get(name)
    if not isinstance(text, str) or not 0 < len(text) <= 200:
        raise MalformedEvent(f"{event}: {name} is not a short text")
    return text
