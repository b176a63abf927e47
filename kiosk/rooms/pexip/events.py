"""The platform's events, turned into the terminal's. Pure: no clock, no socket, no log."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from kiosk.consultation.model import LossReason
from kiosk.rooms.pexip.reasons import after_call_disconnected, after_disconnect, known
from kiosk.rooms.pexip.roster import IN_ROOM, Roster, yes
from kiosk.rooms.pexip.steering import steering
from kiosk.rooms.pexip.words import caption, plain
from kiosk.rooms.port import (
    RoomAdmitted,
    RoomCaption,
    RoomEvent,
    RoomJoined,
    RoomLost,
    RoomMessage,
    RoomMuted,
    RoomPeople,
    RoomRecorded,
    RoomSlides,
    RoomWaiting,
)
from kiosk.sse import Record

LONGEST_TOKEN_CHARS: Final = 8192
MOST_ARRIVALS: Final = 5
"""Told at once; of a crowd the rest come unnamed."""

_RECORDING: Final = frozenset(
    name for word in ("recording", "streaming", "transcribing") for name in (word, f"is_{word}", f"public_{word}")
)
"""Flags of a conference that mean: what is said here is kept or goes elsewhere."""
_PRESENTER: Final = ("presenter_name", "presenter_uri", "presenter_uuid")


class MalformedEvent(ValueError):
    """An event that makes no sense. The message names it and holds nothing of its content."""


@dataclass(frozen=True, slots=True)
class RefreshNow:
    """The platform wants the token refreshed."""


@dataclass(frozen=True, slots=True)
class GoneWithoutReason:
    """We are no longer in the room; the reason may follow in an event of its own."""


@dataclass(frozen=True, slots=True)
class CaptionsOffered:
    """The room can, or cannot any more, write what is being said."""

    on: bool


@dataclass(frozen=True, slots=True)
class Referred:
    """We are to go on in another room of this node."""

    alias: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReferralCancelled:
    """We are to stay."""


News = RoomEvent | RefreshNow | GoneWithoutReason | CaptionsOffered | Referred | ReferralCancelled


class Tracker:
    """Follows one participant's event stream. One thread at a time feeds it."""

    def __init__(self, participant: str, waiting: bool) -> None:
        self._me = participant
        self._waiting = waiting
        self._muted = False
        self._roster = Roster(participant)
        self._people: int | None = None
        self._flags: dict[str, bool] = {}
        self._recorded = False
        self._slides = False
        self._notice = ""
        self.call: str | None = None
        """Our call; set by whoever places it."""
        self.disconnect_reason: str | None = None
        """The platform's own words when it took our place away, if they are known ones."""

    def take(self, record: Record) -> list[News]:
        """What one event means to us, often nothing. Raises MalformedEvent."""
        match record.event:
            case "participant_sync_begin":
                self._roster.begin()
                return []
            case "participant_sync_end":
                self._roster.end()
                return self._roster_news() + self._slides_after_sync()
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
            case "peer_disconnect" | "new_offer" | "update_sdp":
                # Of calls from peer to peer, which we never ask for: ours is over, or is to carry other media than
                # was agreed. Either way the call is placed anew on our place, and the offer is ours.
                return [RoomLost(LossReason.MEDIA)] if self.call is not None else []
            case "conference_update":
                return self._conference(_object(record))
            case "live_captions":
                return self._caption(_object(record))
            case "presentation_start":
                return self._presentation(_optional_object(record))
            case "presentation_stop":
                return self._show_slides(False)
            case "fecc":
                move = steering(_object(record))
                return [] if move is None else [move]
            case "refer":
                return [_referred(_object(record))]
            case "cancel_refer":
                return [ReferralCancelled()]
            case "bye":
                return [GoneWithoutReason()]
            case "refresh_token":
                return [RefreshNow()]
            case _:
                # Among them whatever concerns breakout rooms, wrapped in events of their own: we follow none.
                return []

    def _participant(self, seen: dict[str, Any]) -> list[News]:
        who = _text(seen, "uuid", "participant")
        place = seen.get("service_type")
        news = self._ourselves(seen, place) if who == self._me else []
        self._roster.put(who, seen)
        return news + self._roster_news()

    def _ourselves(self, seen: dict[str, Any], place: object) -> list[News]:
        news: list[News] = []
        waiting = True if place == "waiting_room" else False if place in IN_ROOM else self._waiting
        if waiting != self._waiting:
            self._waiting = waiting
            news.append(RoomWaiting() if waiting else RoomAdmitted())
        if "is_muted" in seen:
            muted = yes(seen["is_muted"])
            if muted != self._muted:
                self._muted = muted
                news.append(RoomMuted(muted))
        return news

    def _deleted(self, who: str) -> list[News]:
        self._roster.drop(who)
        if who == self._me:
            return [GoneWithoutReason()]
        return self._roster_news()

    def _roster_news(self) -> list[News]:
        if self._roster.syncing:
            return []
        news: list[News] = []
        people = self._roster.people()
        if people != self._people:
            self._people = people
            news.append(RoomPeople(people))
        arrived = self._roster.arrivals()
        if not self._waiting:
            news += [RoomJoined(name) for name in arrived[:MOST_ARRIVALS]]
        return news + self._recording_news()

    def _recording_news(self) -> list[News]:
        recorded = self._roster.streamed() or any(self._flags.values())
        if recorded == self._recorded:
            return []
        self._recorded = recorded
        return [RoomRecorded(recorded)]

    def _conference(self, status: dict[str, Any]) -> list[News]:
        self._flags |= {name: yes(status[name]) for name in _RECORDING & status.keys()}
        news = self._recording_news()
        if "live_captions_available" in status:
            news.append(CaptionsOffered(status["live_captions_available"] is True))
        if "message_text" in status:
            news += self._banner(status["message_text"])
        return news

    def _banner(self, message: object) -> list[News]:
        """A notice that hosts put over everybody's picture."""
        text = message.get("text") if isinstance(message, dict) else message
        notice = plain(text) if isinstance(text, str) else ""
        if notice == self._notice:
            return []
        self._notice = notice
        return [RoomMessage(notice)] if notice else []

    def _caption(self, said: dict[str, Any]) -> list[News]:
        text = said.get("data")
        if not isinstance(text, str):
            raise MalformedEvent("live_captions: the data is not text")
        words = caption(text)
        return [RoomCaption(words)] if words else []

    def _presentation(self, presenter: dict[str, Any]) -> list[News]:
        if all(presenter.get(name) == "" for name in _PRESENTER):
            # Our own slides were taken away, which we never show.
            return []
        return self._show_slides(True)

    def _slides_after_sync(self) -> list[News]:
        """Slides may have begun or ended while no stream told us."""
        presented = self._roster.presented()
        return [] if presented is None else self._show_slides(presented)

    def _show_slides(self, shown: bool) -> list[News]:
        if shown == self._slides:
            return []
        self._slides = shown
        return [RoomSlides(shown)]

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


def _referred(wish: dict[str, Any]) -> Referred:
    alias, token = _text(wish, "alias", "refer"), wish.get("token")
    if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN_CHARS:
        raise MalformedEvent("refer: no usable token")
    return Referred(alias, token)


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
