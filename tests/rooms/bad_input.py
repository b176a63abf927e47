"""What anybody on the network may send us, and what must hold whatever it is. Called by hypothesis and by a fuzzer.

Each function raises nothing of its own when all is well; an AssertionError, or any error but the typed ones, is a find.
"""

from collections import Counter
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from kiosk.errors import RoomError, RoomRefused
from kiosk.rooms.inbox import MOST_MESSAGES, Inbox
from kiosk.rooms.pexip.address import base_url, conference_path, pin_header
from kiosk.rooms.pexip.answers import (
    LONGEST_SDP_CHARS,
    LONGEST_TOKEN_CHARS,
    MOST_ICE_SERVERS,
    Grant,
    Reply,
    read_call,
    read_grant,
    read_result,
    read_token,
)
from kiosk.rooms.pexip.events import (
    MOST_ARRIVALS,
    CaptionsOffered,
    GoneWithoutReason,
    MalformedEvent,
    News,
    ReferralCancelled,
    Referred,
    RefreshNow,
    Tracker,
)
from kiosk.rooms.pexip.links import parse_link
from kiosk.rooms.pexip.nodes import status_fault
from kiosk.rooms.pexip.roster import LONGEST_NAME_CHARS, MOST_PARTICIPANTS
from kiosk.rooms.pexip.words import LONGEST_CAPTION_CHARS, LONGEST_MESSAGE_CHARS
from kiosk.rooms.port import RoomCamera, RoomCaption, RoomEvent, RoomJoined, RoomMessage, RoomPeople
from kiosk.sse import Parser, Record

ME: Final = "me"
RECORD_LIMIT_BYTES: Final = 2000

tried: Counter[str] = Counter()
"""How many inputs of each kind."""


def stream(chunks: list[bytes]) -> None:
    """Bytes of an event stream, as they come."""
    tried["event streams"] += 1
    parser = Parser(RECORD_LIMIT_BYTES)
    tracker = Tracker(ME, waiting=True)
    tracker.call = "call-1"
    for chunk in chunks:
        for record in parser.feed(chunk):
            assert len(record.data.encode("utf-8", "replace")) <= RECORD_LIMIT_BYTES * 3
            _take(tracker, record)


def events(records: list[tuple[str, str]]) -> None:
    """Names and data of events."""
    tried["sequences of events"] += 1
    tracker = Tracker(ME, waiting=True)
    tracker.call = "call-1"
    inbox = Inbox()
    for name, data in records:
        tried["events"] += 1
        for news in _take(tracker, Record(name, data)):
            inbox.post(news)
    assert len(inbox._pending) <= 2 * MOST_MESSAGES + 10


def _take(tracker: Tracker, record: Record) -> list[RoomEvent]:
    try:
        news = tracker.take(record)
    except MalformedEvent as error:
        complaint = str(error)
    else:
        return _checked(news)
    assert len(complaint) < 100
    return []


def _checked(news: list[News]) -> list[RoomEvent]:
    told: list[RoomEvent] = []
    for item in news:
        match item:
            case RoomPeople(people=people):
                assert 0 <= people <= MOST_PARTICIPANTS
            case RoomMessage(text=text):
                assert 0 < len(text) <= LONGEST_MESSAGE_CHARS
            case RoomCaption(text=text):
                assert 0 < len(text) <= LONGEST_CAPTION_CHARS
            case RoomJoined(name=name):
                assert len(name) <= LONGEST_NAME_CHARS
            case RoomCamera():
                assert 0 <= item.for_s <= 3
                assert {item.pan, item.tilt, item.zoom} <= {-1, 0, 1}
        if not isinstance(item, RefreshNow | GoneWithoutReason | CaptionsOffered | Referred | ReferralCancelled):
            told.append(item)
    assert sum(isinstance(item, RoomJoined) for item in news) <= MOST_ARRIVALS
    return told


def answer(reply: Reply) -> None:
    """An answer to any of our questions."""
    tried["answers"] += 1
    with suppress(RoomError):
        granted = read_grant(reply)
        if isinstance(granted, Grant):
            assert granted.token.token.isascii()
            assert 0 < len(granted.token.token) <= LONGEST_TOKEN_CHARS
            assert 0 < granted.token.expires_s <= 86400
            assert len(granted.ice_servers) <= MOST_ICE_SERVERS
            assert granted.statistics_every_s is None or 1 <= granted.statistics_every_s <= 60
    with suppress(RoomError):
        assert 0 < read_token(reply).expires_s <= 86400
    with suppress(RoomError):
        call = read_call(reply)
        assert len(call.sdp) <= LONGEST_SDP_CHARS
        assert call.call not in {"", ".", ".."}
    with suppress(RoomError):
        read_result("ack", reply)
    status_fault(reply)


def link(text: str) -> None:
    """An invitation."""
    tried["links"] += 1
    with suppress(RoomRefused):
        found = parse_link(text)
        assert found.alias == found.alias.strip() != ""
        assert conference_path(found.alias).isascii()
        assert found.host is None or base_url(found.host) == found.host
        assert pin_header(found.pin) == found.pin
        assert parse_link(text) == found
        if found.host is not None:
            name = urlsplit(found.host).hostname or ""
            assert parse_link(text, (name,)) == found
