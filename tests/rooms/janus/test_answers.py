"""The server's words: what they are read as, and that no words break the reader."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import RoomError, RoomProtocolError, RoomRefused, RoomUnreachable
from kiosk.rooms.janus.answers import Notice, RoomSaysNo, SessionGone, check, read_answer, read_id, read_notices

JSON = "application/json"


def answer(status: int, value: Any, content_type: str = JSON) -> dict[str, Any]:
    return read_answer("create", status, content_type, json.dumps(value).encode())


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (458, SessionGone),
        (403, RoomRefused),
        (405, RoomRefused),
        (460, RoomRefused),
        (490, RoomProtocolError),
        ("458", RoomProtocolError),
    ],
)
def test_the_servers_errors(code: object, expected: type[RoomError]) -> None:
    with pytest.raises(RoomError) as raised:
        answer(200, {"janus": "error", "error": {"code": code, "reason": "SECRET"}})
    assert type(raised.value) is expected
    assert "SECRET" not in str(raised.value)


@pytest.mark.parametrize(
    ("code", "joining", "expected"),
    [
        (426, False, RoomRefused("not_found", "")),
        (433, False, RoomRefused("pin", "")),
        (429, True, RoomRefused("pin", "")),
        (429, False, RoomSaysNo("", 429)),
        (432, False, RoomUnreachable()),
        (499, False, RoomSaysNo("", 499)),
        ("no", False, RoomProtocolError()),
    ],
)
def test_the_rooms_errors(code: object, joining: bool, expected: RoomError) -> None:
    notice = Notice("event", 1, "t", {"error_code": code, "error": "SECRET"})
    with pytest.raises(RoomError) as raised:
        check("join", notice, joining=joining)
    assert type(raised.value) is type(expected)
    assert getattr(raised.value, "reason", None) == getattr(expected, "reason", None)
    assert "SECRET" not in str(raised.value)


@pytest.mark.parametrize(
    ("status", "content_type", "body", "expected"),
    [
        (502, JSON, b"{}", RoomUnreachable),
        (302, JSON, b"", RoomUnreachable),
        (429, JSON, b"", RoomUnreachable),
        (200, "text/html", b"<html>log in", RoomUnreachable),
        (404, JSON, b"not here", RoomProtocolError),
        (200, JSON, b"[]", RoomProtocolError),
        (200, JSON, b"[" * 100_000, RoomProtocolError),
        (200, JSON, b'{"janus": 1}', RoomProtocolError),
    ],
)
def test_answers_that_are_none(status: int, content_type: str, body: bytes, expected: type[RoomError]) -> None:
    with pytest.raises(RoomError) as raised:
        read_answer("create", status, content_type, body)
    assert type(raised.value) is expected


def test_a_poll_of_a_forgotten_session() -> None:
    with pytest.raises(SessionGone):
        read_notices("events", 404, "", b"")


@pytest.mark.parametrize("data", [None, {}, {"id": "1"}, {"id": True}, {"id": -1}, {"id": 1.5}])
def test_an_id_that_is_none(data: object) -> None:
    with pytest.raises(RoomProtocolError):
        read_id("create", {"janus": "success", "data": data})


def test_events_are_read_and_rubbish_is_left_out() -> None:
    event = {
        "janus": "event",
        "sender": 7,
        "transaction": "t",
        "plugindata": {"data": {"videoroom": "joined"}},
        "jsep": {"type": "offer", "sdp": "v=0"},
    }
    body = json.dumps([event, {"janus": "keepalive"}, 5, {"janus": None}, {"janus": "hangup", "sender": True}]).encode()
    assert read_notices("events", 200, JSON, body) == [
        Notice("event", 7, "t", {"videoroom": "joined"}, "v=0"),
        Notice("hangup", None, None, {}),
    ]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["janus", "error", "jsep"]), inner),
    max_leaves=20,
)
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "janus": ANYTHING | st.sampled_from(["event", "error", "keepalive"]),
        "sender": ANYTHING,
        "plugindata": ANYTHING | st.fixed_dictionaries({"data": ANYTHING}),
        "jsep": ANYTHING | st.fixed_dictionaries({"sdp": ANYTHING}),
        "error": ANYTHING | st.fixed_dictionaries({"code": ANYTHING}),
    },
)


@given(
    st.integers(100, 599), st.binary() | (ANYTHING | EVENTS | st.lists(EVENTS)).map(lambda v: json.dumps(v).encode())
)
def test_no_bytes_break_the_reader(status: int, body: bytes) -> None:
    for read in (read_answer, read_notices):
        try:
            read("events", status, JSON, body)
        except RoomError:
            continue
