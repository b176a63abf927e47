"""What the platform's events mean to the terminal."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.consultation.model import EndReason, LossReason
from kiosk.rooms.pexip.events import (
    LONGEST_MESSAGE_CHARS,
    MOST_PARTICIPANTS,
    GoneWithoutReason,
    MalformedEvent,
    News,
    RefreshNow,
    Tracker,
    plain,
)
from kiosk.rooms.port import RoomAdmitted, RoomEnded, RoomLost, RoomMessage, RoomMuted, RoomPeople, RoomWaiting
from kiosk.sse import Record

ME = "me"


def heard(tracker: Tracker, *events: tuple[str, Any]) -> list[News]:
    return [news for event, data in events for news in tracker.take(Record(event, json.dumps(data)))]


def somebody(uuid: str = "host", place: str = "conference", **fields: Any) -> dict[str, Any]:
    return {"uuid": uuid, "service_type": place, "is_muted": "NO"} | fields


def sync(*people: dict[str, Any]) -> list[tuple[str, Any]]:
    creates = [("participant_create", person) for person in people]
    return [("participant_sync_begin", None), *creates, ("participant_sync_end", None)]


def chat(payload: Any, **fields: Any) -> tuple[str, Any]:
    return "message_received", {"type": "text/plain", "uuid": "host", "origin": "Dr", "payload": payload} | fields


def test_from_the_waiting_room_into_the_consultation_and_back() -> None:
    tracker = Tracker(ME, waiting=True)
    assert heard(tracker, *sync(somebody(ME, "waiting_room"))) == [RoomPeople(0)]
    assert heard(tracker, ("participant_update", somebody(ME, "connecting"))) == []
    assert heard(tracker, ("participant_update", somebody(ME))) == [RoomAdmitted(), RoomPeople(1)]
    assert heard(tracker, ("participant_update", somebody(ME))) == []
    assert heard(tracker, ("participant_update", somebody(ME, "waiting_room"))) == [RoomWaiting(), RoomPeople(0)]
    assert heard(tracker, ("participant_update", somebody(ME, "lecture"))) == [RoomAdmitted(), RoomPeople(1)]


def test_admitted_between_two_streams() -> None:
    tracker = Tracker(ME, waiting=True)
    assert heard(tracker, *sync(somebody(ME, "conference"))) == [RoomAdmitted(), RoomPeople(1)]


def test_muted_by_the_host() -> None:
    tracker = Tracker(ME, waiting=False)
    muted = ("participant_update", somebody(ME, is_muted="YES"))
    assert heard(tracker, muted) == [RoomMuted(True), RoomPeople(1)]
    assert heard(tracker, muted) == []
    assert heard(tracker, ("participant_update", somebody(is_muted="YES"))) == [RoomPeople(2)]
    assert heard(tracker, ("participant_update", somebody(ME, is_client_muted=True))) == [RoomMuted(False)]


def test_the_roster_is_rebuilt_by_every_sync_and_told_once() -> None:
    tracker = Tracker(ME, waiting=False)
    assert heard(tracker, *sync(somebody(ME), somebody("a"), somebody("b"))) == [RoomPeople(3)]
    assert heard(tracker, ("participant_delete", {"uuid": "a"})) == [RoomPeople(2)]
    assert heard(tracker, ("participant_delete", {"uuid": "nobody"})) == []
    assert heard(tracker, *sync(somebody(ME), somebody("c"))) == []
    assert heard(tracker, *sync(somebody(ME))) == [RoomPeople(1)]


@pytest.mark.parametrize(
    ("fields", "people"),
    [
        ({}, 1),
        ({"place": "lecture"}, 1),
        ({"place": "gateway"}, 1),
        ({"place": "test_call"}, 1),
        ({"place": "waiting_room"}, 0),
        ({"place": "connecting"}, 0),
        ({"place": "ivr"}, 0),
        ({"place": None}, 0),
        ({"place": ["conference"]}, 0),
        ({"is_streaming_conference": True, "protocol": "api"}, 0),
        ({"protocol": "rtmp"}, 0),
        ({"protocol": ""}, 1),
    ],
)
def test_who_counts(fields: dict[str, Any], people: int) -> None:
    assert heard(Tracker(ME, waiting=True), *sync(somebody(**fields))) == [RoomPeople(people)]


def test_a_roster_without_end_is_not_kept() -> None:
    tracker = Tracker(ME, waiting=False)
    crowd = [somebody(str(number)) for number in range(MOST_PARTICIPANTS + 50)]
    assert heard(tracker, *sync(*crowd)) == [RoomPeople(MOST_PARTICIPANTS)]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (chat("Hello"), [RoomMessage("Hello")]),
        (chat("Hello", type="text/plain; charset=utf-8"), [RoomMessage("Hello")]),
        (chat("Hello", direct=True), [RoomMessage("Hello")]),
        (chat("Hello", uuid=ME), []),
        (chat("{}", type="application/json"), []),
        (chat("<b>", type="text/html"), []),
        (chat("Hello", type=None), []),
        (chat(" \n\x00\u202e "), []),
        (chat("a\tb\r\nc \x1b[31md\u202ee\ud800"), [RoomMessage("a b c [31mde")]),
        (chat("x" * 10_000), [RoomMessage("x" * LONGEST_MESSAGE_CHARS)]),
        (chat("👩\u200d⚕️ æøå"), [RoomMessage("👩\u200d⚕️ æøå")]),
    ],
)
def test_chat(message: tuple[str, Any], expected: list[News]) -> None:
    assert heard(Tracker(ME, waiting=False), message) == expected


def test_the_end_and_the_loss_of_our_place() -> None:
    tracker = Tracker(ME, waiting=False)
    assert heard(tracker, ("disconnect", {"reason": "Media node disconnected"})) == [
        RoomLost(LossReason.ASKED_TO_REJOIN)
    ]
    assert tracker.disconnect_reason == "Media node disconnected"
    others: list[Any] = [{"reason": "Kari was rude"}, {"reason": 7}, {}, None, []]
    for data in others:
        assert heard(tracker, ("disconnect", data)) == [RoomEnded(EndReason.FINISHED)]
        assert tracker.disconnect_reason is None
    assert heard(tracker, ("participant_delete", {"uuid": ME})) == [GoneWithoutReason()]
    assert heard(tracker, ("bye", None)) == [GoneWithoutReason()]


def test_only_our_own_call_is_missed() -> None:
    tracker = Tracker(ME, waiting=False)
    gone = ("call_disconnected", {"call_uuid": "c1", "reason": "Call disconnected"})
    assert heard(tracker, gone) == []
    tracker.call = "c2"
    assert heard(tracker, gone) == []
    tracker.call = "c1"
    assert heard(tracker, gone) == [RoomLost(LossReason.MEDIA)]


def test_a_refresh_is_asked_for() -> None:
    assert heard(Tracker(ME, waiting=False), ("refresh_token", None)) == [RefreshNow()]


@pytest.mark.parametrize("event", ["conference_update", "layout", "stage", "on_hold", "splash_screen", "of tomorrow"])
@pytest.mark.parametrize("data", ["{}", "null", "not JSON", "[1"])
def test_what_does_not_concern_us_is_ignored(event: str, data: str) -> None:
    assert Tracker(ME, waiting=False).take(Record(event, data)) == []


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("participant_update", "SECRET"),
        ("participant_update", "null"),
        ("participant_update", '["SECRET"]'),
        ("participant_update", '{"display_name": "SECRET"}'),
        ("participant_create", '{"uuid": 7, "display_name": "SECRET"}'),
        ("participant_delete", '{"uuid": ""}'),
        ("participant_delete", "[" * 100_000),
        ("message_received", '{"type": "text/plain", "payload": ["SECRET"]}'),
        ("call_disconnected", "SECRET"),
    ],
)
def test_events_that_make_no_sense_are_named_without_their_content(event: str, data: str) -> None:
    with pytest.raises(MalformedEvent) as caught:
        Tracker(ME, waiting=False).take(Record(event, data))
    assert "SECRET" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@given(st.text())
def test_plain_text_is_short_and_obeys_nothing(text: str) -> None:
    shown = plain(text)
    assert len(shown) <= LONGEST_MESSAGE_CHARS
    assert shown.isprintable() or "\u200d" in shown
    shown.encode()


NAMES = [
    *["participant_sync_begin", "participant_sync_end", "participant_create", "participant_update"],
    *["participant_delete", "message_received", "disconnect", "call_disconnected", "bye", "refresh_token", "new"],
]
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([ME, "a", "conference"])
DATA = st.dictionaries(
    st.sampled_from(["uuid", "service_type", "is_muted", "type", "payload", "reason", "call_uuid", "protocol"]),
    VALUES | st.lists(VALUES, max_size=2),
)


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=10) | DATA.map(json.dumps))))
def test_no_sequence_of_events_is_too_strange(records: list[tuple[str, str]]) -> None:
    tracker = Tracker(ME, waiting=True)
    for event, data in records:
        try:
            news = tracker.take(Record(event, data))
        except MalformedEvent:
            continue
        assert all(item.people >= 0 for item in news if isinstance(item, RoomPeople))
