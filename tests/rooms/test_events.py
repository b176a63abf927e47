"""What the platform's events mean to the terminal."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.consultation.model import EndReason, LossReason
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
from kiosk.rooms.pexip.roster import MOST_PARTICIPANTS
from kiosk.rooms.pexip.words import LONGEST_MESSAGE_CHARS, plain
from kiosk.rooms.port import (
    RoomAdmitted,
    RoomCamera,
    RoomCaption,
    RoomEnded,
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
    assert heard(tracker, *sync(somebody(ME), somebody("c"))) == [RoomJoined("")]
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
        ({"protocol": ""}, 1),
    ],
)
def test_who_counts(fields: dict[str, Any], people: int) -> None:
    assert heard(Tracker(ME, waiting=True), *sync(somebody(**fields))) == [RoomPeople(people)]


def test_whoever_comes_after_us_is_told_by_name_once() -> None:
    tracker = Tracker(ME, waiting=False)
    doctor = somebody("host", display_name="Dr\n Who\u202e")
    assert heard(tracker, *sync(somebody(ME), somebody("early", display_name="Early"))) == [RoomPeople(2)]
    assert heard(tracker, ("participant_create", doctor)) == [RoomPeople(3), RoomJoined("Dr Who")]
    assert heard(tracker, ("participant_update", doctor)) == []
    assert heard(tracker, *sync(somebody(ME), somebody("early"), doctor)) == [], "a new stream greets nobody twice"
    gap = somebody("gap", display_name="In the gap")
    assert heard(tracker, *sync(somebody(ME), doctor, gap)) == [RoomJoined("In the gap")]
    assert heard(tracker, ("participant_delete", {"uuid": "host"})) == [RoomPeople(2)]
    assert heard(tracker, ("participant_create", doctor)) == [RoomPeople(3), RoomJoined("Dr Who")]


def test_who_waits_is_greeted_when_let_in() -> None:
    tracker = Tracker(ME, waiting=False)
    waiting = ("participant_create", somebody("guest", "waiting_room", display_name="Ola"))
    assert heard(tracker, *sync(somebody(ME)), waiting) == [RoomPeople(1)]
    let_in = ("participant_update", somebody("guest", display_name="Ola"))
    assert heard(tracker, let_in) == [RoomPeople(2), RoomJoined("Ola")]


def test_nobody_is_greeted_while_we_wait_ourselves() -> None:
    tracker = Tracker(ME, waiting=True)
    waiting = somebody(ME, "waiting_room")
    assert heard(tracker, *sync(waiting), ("participant_create", somebody("host"))) == [RoomPeople(0), RoomPeople(1)]
    assert heard(tracker, ("participant_update", somebody(ME))) == [RoomAdmitted(), RoomPeople(2)]


def test_of_a_crowd_a_few_are_named() -> None:
    tracker = Tracker(ME, waiting=False)
    crowd = [somebody(str(number)) for number in range(20)]
    news = heard(tracker, *sync(somebody(ME)), *sync(somebody(ME), *crowd))
    assert news == [RoomPeople(1), RoomPeople(21), *[RoomJoined("")] * MOST_ARRIVALS]


@pytest.mark.parametrize("fields", [{"is_streaming_conference": True, "protocol": "api"}, {"protocol": "rtmp"}])
def test_a_recording_is_told_and_is_nobody(fields: dict[str, Any]) -> None:
    tracker = Tracker(ME, waiting=False)
    recorder = somebody("recorder", **fields)
    assert heard(tracker, *sync(somebody(ME), recorder)) == [RoomPeople(1), RoomRecorded(True)]
    assert heard(tracker, ("participant_update", recorder)) == []
    assert heard(tracker, ("participant_delete", {"uuid": "recorder"})) == [RoomRecorded(False)]


@pytest.mark.parametrize("flag", ["recording", "streaming", "transcribing", "public_streaming", "is_recording"])
def test_flags_of_the_conference_mean_that_it_is_recorded(flag: str) -> None:
    tracker = Tracker(ME, waiting=False)
    on, off, other = {flag: True}, {flag: False}, {"locked": True}
    events = [("conference_update", status) for status in (off, on, on, other, off)]
    assert heard(tracker, *events) == [RoomRecorded(True), RoomRecorded(False)]
    assert heard(tracker, ("conference_update", {flag: 1}), ("conference_update", {flag: None})) == []


def test_a_notice_over_the_picture_is_a_message() -> None:
    tracker = Tracker(ME, waiting=False)
    texts: list[Any] = [None, "Back in 5 min", {"text": "Back in 5 min", "set_time": 1}, "", {"text": "Hello"}, 7]
    events = [("conference_update", {"message_text": text}) for text in texts]
    assert heard(tracker, *events) == [RoomMessage("Back in 5 min"), RoomMessage("Hello")]


def test_captions() -> None:
    tracker = Tracker(ME, waiting=False)
    assert heard(tracker, ("conference_update", {"live_captions_available": True})) == [CaptionsOffered(True)]
    assert heard(tracker, ("conference_update", {"live_captions_available": "x"})) == [CaptionsOffered(False)]
    assert heard(tracker, ("live_captions", {"data": "Take\n two", "is_final": False})) == [RoomCaption("Take two")]
    assert heard(tracker, ("live_captions", {"data": " "})) == []
    (long,) = heard(tracker, ("live_captions", {"data": "first " + "word " * 500 + "last"}))
    assert isinstance(long, RoomCaption)
    assert long.text.endswith("word last")
    assert long.text.startswith("word")
    assert len(long.text) <= 200


def test_slides() -> None:
    tracker = Tracker(ME, waiting=False)
    presenter = {"presenter_name": "Dr Who", "presenter_uri": "", "presenter_uuid": "host"}
    nobody = dict.fromkeys(presenter, "")
    assert heard(tracker, ("presentation_start", nobody)) == []
    assert heard(tracker, *[("presentation_start", presenter)] * 2) == [RoomSlides(True)]
    assert heard(tracker, ("presentation_start", nobody)) == []
    assert heard(tracker, ("presentation_stop", None), ("presentation_stop", {})) == [RoomSlides(False)]


def test_slides_that_ended_while_no_stream_told_us() -> None:
    tracker = Tracker(ME, waiting=False)
    showing, silent = somebody(is_presenting="YES"), somebody(is_presenting="NO")
    assert heard(tracker, *sync(showing)) == [RoomPeople(1), RoomSlides(True)]
    assert heard(tracker, *sync(somebody())) == []
    assert heard(tracker, *sync(silent)) == [RoomSlides(False)]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (
            {"action": "start", "movement": [{"axis": "pan", "direction": "left"}], "timeout": 1000},
            [RoomCamera(-1, 0, 0, 1.0)],
        ),
        (
            {
                "action": "continue",
                "movement": [{"axis": "tilt", "direction": "up"}, {"axis": "zoom", "direction": "out"}],
                "timeout": 90_000,
            },
            [RoomCamera(0, 1, -1, 3.0)],
        ),
        ({"action": "start", "movement": [{"axis": "zoom", "direction": "in"}]}, [RoomCamera(0, 0, 1, 1.0)]),
        ({"action": "stop"}, [RoomCamera(0, 0, 0, 0.0)]),
        ({"action": "start", "movement": [{"axis": "focus", "direction": "in"}]}, []),
        ({"action": "start", "movement": [{"axis": "pan", "direction": "in"}, 7, {"axis": ["pan"]}]}, []),
        ({"action": "start", "movement": {}}, []),
        ({"action": ["start"]}, []),
        ({}, []),
    ],
)
def test_a_host_steers_the_camera(wish: dict[str, Any], expected: list[News]) -> None:
    assert heard(Tracker(ME, waiting=False), ("fecc", wish)) == expected


@pytest.mark.parametrize("timeout", [0, -5, True, "soon", None, 10**400, float("inf"), float("nan")])
def test_a_move_without_a_sane_end_ends_by_itself(timeout: Any) -> None:
    wish = {"action": "start", "movement": [{"axis": "zoom", "direction": "in"}], "timeout": timeout}
    (move,) = heard(Tracker(ME, waiting=False), ("fecc", wish))
    assert isinstance(move, RoomCamera)
    assert 0 < move.for_s <= 3


def test_a_referral_and_its_end() -> None:
    tracker = Tracker(ME, waiting=False)
    wish = {"alias": "SECRET-room", "token": "SECRET"}
    (referred,) = heard(tracker, ("refer", wish))
    assert referred == Referred("SECRET-room", "SECRET")
    assert "SECRET" not in repr(referred)
    assert heard(tracker, ("cancel_refer", {"token": "x"}), ("cancel_refer", None)) == [ReferralCancelled()] * 2


@pytest.mark.parametrize(
    ("name", "data"),
    [("peer_disconnect", None), ("new_offer", {"sdp": "v=0"}), ("update_sdp", {"sdp": "v=0"}), ("new_offer", None)],
)
def test_what_changes_an_agreed_call_has_it_placed_anew(name: str, data: object) -> None:
    tracker = Tracker(ME, waiting=False)
    assert heard(tracker, (name, data)) == []
    tracker.call = "c1"
    assert heard(tracker, (name, data)) == [RoomLost(LossReason.MEDIA)]


def test_what_happens_in_a_breakout_room_does_not_concern_us() -> None:
    wrapped = {"breakout_uuid": "b", "event": "disconnect", "data": {"reason": "Call disconnected"}}
    assert heard(Tracker(ME, waiting=False), ("breakout_event", wrapped)) == []


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


@pytest.mark.parametrize(
    "event", ["layout", "stage", "on_hold", "splash_screen", "new_offer", "breakout_event", "of tomorrow"]
)
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
        ("conference_update", "SECRET"),
        ("live_captions", '{"data": ["SECRET"]}'),
        ("fecc", '"SECRET"'),
        ("refer", '{"alias": "SECRET"}'),
        ("refer", '{"token": "SECRET"}'),
        ("refer", '{"alias": "", "token": "SECRET"}'),
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
    *["conference_update", "live_captions", "presentation_start", "presentation_stop", "fecc", "refer"],
    *["cancel_refer", "peer_disconnect", "new_offer", "update_sdp"],
]
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([ME, "a", "conference"])
DATA = st.dictionaries(
    st.sampled_from(
        [
            *["uuid", "service_type", "is_muted", "type", "payload", "reason", "call_uuid", "protocol", "data"],
            *["action", "movement", "timeout", "alias", "token", "recording", "message_text", "is_presenting"],
            *["presenter_uuid", "display_name", "is_streaming_conference", "live_captions_available"],
        ]
    ),
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
