"""Whatever comes over the network: a typed error or an event that makes sense, never a crash, never without bound."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.rooms.pexip.answers import Reply
from tests.rooms import bad_input

PERSON = {
    "uuid": "host",
    "display_name": "Dr Who",
    "role": "chair",
    "service_type": "conference",
    "protocol": "webrtc",
    "is_muted": "NO",
    "is_presenting": "NO",
    "is_streaming_conference": False,
}
EVENTS: dict[str, Any] = {
    "participant_sync_begin": None,
    "participant_sync_end": None,
    "participant_create": PERSON,
    "participant_update": PERSON | {"uuid": bad_input.ME, "service_type": "waiting_room"},
    "participant_delete": {"uuid": "host"},
    "conference_update": {"locked": False, "recording": True, "live_captions_available": True, "message_text": "Hello"},
    "message_received": {"origin": "Dr", "uuid": "host", "type": "text/plain", "payload": "Hello"},
    "live_captions": {"data": "How are you?", "is_final": True},
    "presentation_start": {"presenter_name": "Dr", "presenter_uri": "", "presenter_uuid": "host"},
    "presentation_stop": None,
    "fecc": {"action": "start", "movement": [{"axis": "pan", "direction": "left"}], "timeout": 1000},
    "refer": {"alias": "ward eight", "token": "once"},
    "cancel_refer": {"token": "once"},
    "refresh_token": None,
    "peer_disconnect": None,
    "call_disconnected": {"call_uuid": "call-1", "reason": "Call disconnected"},
    "disconnect": {"reason": "Media node disconnected"},
    "bye": None,
    "breakout_event": {"breakout_uuid": "b", "event": "disconnect", "data": {"reason": "x"}},
}
RESULTS: list[Any] = [
    {
        "token": "abc==",
        "expires": "120",
        "participant_uuid": "2f1c",
        "current_service_type": "conference",
        "call_type": "video",
        "client_stats_update_interval": 5000,
        "stun": [{"url": "stun:s.example.org"}],
        "turn": [{"urls": ["turn:t.example.org"], "username": "u", "credential": "c"}],
    },
    {"call_uuid": "c", "sdp": "v=0\r\n", "turn": [{"urls": "turn:t.example.org"}]},
    {"pin": "required", "guest_pin": "none", "version": {}},
    {"conference_extension": "required", "conference_extension_type": "standard"},
    {"idp": [{"name": "x", "uuid": "y"}]},
    "Invalid PIN",
    None,
    True,
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["YES", "required", "none"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@st.composite
def changed(draw: st.DrawFn, value: Any) -> Any:
    """A sound value with something in it replaced, taken away, or left."""
    if draw(st.integers(0, 3)) == 0:
        return draw(JSON)
    if isinstance(value, dict):
        kept = draw(st.sets(st.sampled_from(sorted(value)), min_size=max(0, len(value) - 1))) if value else set()
        return {name: draw(changed(value[name])) for name in sorted(kept)}
    if isinstance(value, list):
        return [draw(changed(item)) for item in value] * draw(st.integers(0, 3))
    return value


@st.composite
def events(draw: st.DrawFn) -> tuple[str, str]:
    name = draw(st.sampled_from(sorted(EVENTS)))
    text = json.dumps(draw(changed(EVENTS[name])))
    return name, text[: draw(st.integers(0, len(text)))] if draw(st.integers(0, 9)) == 0 else text


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    result = draw(changed(draw(st.sampled_from(RESULTS))))
    body = json.dumps({"status": draw(st.text(max_size=8)), "result": result}).encode()
    if draw(st.integers(0, 9)) == 0:
        body = draw(st.binary() | st.just(body[: len(body) // 2]))
    status = draw(st.sampled_from([200, 200, 403, 403, 401, 404, 302, 503]) | st.integers(100, 599))
    return Reply(status, draw(st.sampled_from(["application/json", "text/html", ""])), body)


def record(name: str, data: str) -> bytes:
    return f"id: bm9kZV8x\r\nevent: {name}\r\ndata: {data}\r\n\r\n".encode("utf-8", "replace")


@settings(max_examples=400, deadline=None)
@given(st.lists(events(), max_size=12))
def test_events(records: list[tuple[str, str]]) -> None:
    bad_input.events(records)


@settings(max_examples=300, deadline=None)
@given(st.lists(events().map(lambda event: record(*event)) | st.binary(max_size=60), max_size=8), st.integers(1, 200))
def test_event_streams(pieces: list[bytes], step: int) -> None:
    whole = b"".join(pieces)
    bad_input.stream([whole[start : start + step] for start in range(0, len(whole), step)])


@settings(max_examples=600, deadline=None)
@given(replies())
def test_answers(reply: Reply) -> None:
    bad_input.answer(reply)


WORDS = st.sampled_from(
    [
        *["https://", "http://", "pexip:", "pexip://", "join.clinic.test", ":8443", "/", "/m/", "/conference/"],
        *[
            "/webapp3",
            "#/?",
            "?",
            "&",
            "conference=",
            "pin=",
            "name=",
            "role=guest",
            "host=",
            "@",
            "%2F",
            "%00",
            "998112",
        ],
        *[" 0234", "Room ", "[::1]", "127.0.0.1", "..", "\n", "–"],
    ]
)


@settings(max_examples=600, deadline=None)
@given(st.lists(WORDS | st.text(max_size=4), max_size=14).map("".join))
def test_links(text: str) -> None:
    bad_input.link(text)
