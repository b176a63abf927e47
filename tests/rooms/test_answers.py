"""The platform's answers: what is understood, and which error the rest becomes."""

import contextlib
import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import RoomError, RoomProtocolError, RoomRefused, RoomUnreachable
from kiosk.rooms.pexip.answers import (
    LONGEST_SDP_CHARS,
    Call,
    Grant,
    PinWanted,
    PlaceGone,
    Reply,
    Token,
    Wanted,
    read_call,
    read_grant,
    read_result,
    read_token,
)
from kiosk.rooms.port import IceServer

GRANTED: dict[str, Any] = {
    "token": "abc==",
    "expires": "120",
    "participant_uuid": "2f1c",
    "display_name": "Kari",
    "role": "GUEST",
    "current_service_type": "conference",
    "version": {"version_id": "36", "pseudo_version": "79019.0.0"},
    "turn": [],
}
PLAIN = Grant(Token("abc==", 120.0), "2f1c", waiting=False, ice_servers=(), relay_only=False)


def reply(result: object, status: int = 200, word: str = "success") -> Reply:
    return Reply(status, "application/json", json.dumps({"status": word, "result": result}).encode())


def raw(body: bytes, status: int = 200, content_type: str = "application/json") -> Reply:
    return Reply(status, content_type, body)


def grant(without: str = "", **changes: Any) -> Reply:
    return reply({name: value for name, value in (GRANTED | changes).items() if name != without})


def test_a_usual_grant() -> None:
    assert read_grant(grant()) == PLAIN


@pytest.mark.parametrize("word", ["success", "failed", "failure", None])
def test_the_status_word_does_not_matter(word: Any) -> None:
    assert read_grant(reply(GRANTED, word=word)) == PLAIN


def test_a_grant_with_everything() -> None:
    read = read_grant(
        grant(
            expires=90.5,
            current_service_type="waiting_room",
            use_relay_candidates_only=True,
            stun=[{"url": "stun:stun.example.org:3478"}, {"url": "http://nonsense"}, "nonsense", {"url": None}],
            turn=[
                {
                    "urls": ["turn:turn.example.org:443?transport=tcp", "turn:with space", 7],
                    "username": "u",
                    "credential": "c",
                },
                {"urls": "turns:turn.example.org", "username": 7},
                {"urls": []},
            ],
        )
    )
    assert read == Grant(
        Token("abc==", 90.5),
        "2f1c",
        waiting=True,
        ice_servers=(
            IceServer(("stun:stun.example.org:3478",)),
            IceServer(("turn:turn.example.org:443?transport=tcp",), "u", "c"),
            IceServer(("turns:turn.example.org",)),
        ),
        relay_only=True,
    )


@pytest.mark.parametrize(
    ("fields", "video", "pace_s"),
    [
        ({}, True, None),
        ({"call_type": "video"}, True, None),
        ({"call_type": "audio"}, False, None),
        ({"client_stats_update_interval": 4411.07}, True, 4.41107),
        ({"client_stats_update_interval": 1}, True, 1.0),
        ({"client_stats_update_interval": 10**400}, True, 60.0),
        *[({"client_stats_update_interval": value}, True, None) for value in (0, -1, True, "1000", None, [1000])],
    ],
)
def test_what_a_room_takes(fields: dict[str, Any], video: bool, pace_s: float | None) -> None:
    read = read_grant(grant(**fields))
    assert isinstance(read, Grant)
    assert (read.video, read.statistics_every_s) == (video, pace_s)


def test_a_network_that_wants_a_login_of_its_own_is_named() -> None:
    for portal in (raw(b"", 302), raw(b"<html>log in</html>", 200, "text/html"), raw(b"", 511)):
        with pytest.raises(RoomUnreachable, match="captive portal"):
            read_grant(portal)
    with pytest.raises(RoomUnreachable) as apology:
        read_grant(raw(b"<html>busy</html>", 503, "text/html"))
    assert "captive" not in str(apology.value)


def test_a_grant_tells_no_secret() -> None:
    servers = [{"urls": ["turn:t.example.org"], "username": "SECRET", "credential": "SECRET"}]
    read = read_grant(grant(token="SECRET", participant_uuid="SECRET", turn=servers))
    assert isinstance(read, Grant)
    assert read.token.token == "SECRET"
    assert "SECRET" not in repr(read)
    assert "SECRET" not in repr(reply(GRANTED | {"token": "SECRET"}))


@pytest.mark.parametrize(
    "answer",
    [
        *[grant(without=name) for name in ("token", "expires", "participant_uuid")],
        *[grant(token=token) for token in ("", 7, None, "a\r\nb", "a b", "ø", "x" * 9000, ["a"])],
        *[grant(expires=expires) for expires in ("", "soon", "0", -1, "nan", "inf", True, None, 10**400)],
        *[grant(participant_uuid=uuid) for uuid in ("", 7, "..", "a b", "x" * 300)],
        reply([]),
        reply(None),
        reply("text"),
        raw(b"[]"),
        raw(b'{"status": "success"}'),
        raw(b""),
        raw(b"\xff\xfe"),
        raw(b"[" * 100_000),
        raw(b"9" * 10_000),
        reply("no", 400),
        reply("not JSON", 415),
        reply({"surprise": 1}, 403),
        reply(True, 201),
    ],
)
def test_a_grant_that_makes_no_sense(answer: Reply) -> None:
    with pytest.raises(RoomProtocolError, match="request_token: "):
        read_grant(answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (reply("Invalid PIN", 403), "pin"),
        (reply("Participant exceeded PIN entry retries", 403), "pin"),
        (reply({"idp": [{"name": "ID-porten", "uuid": "7"}]}, 403), "login"),
        (reply({"idp": []}, 403), "login"),
        (reply({"redirect_url": "https://login.example.org", "redirect_idp": {}}, 403), "login"),
        (reply("SSO Authentication Failed", 403), "login"),
        (reply({"display_name": "required"}, 403), "other"),
        (reply("Neither conference nor gateway found", 404), "not_found"),
        (reply("Neither conference nor gateway found", 404, word="failed"), "not_found"),
        (reply("something else", 404), "not_found"),
        (raw(b"404 page not found", 404, "text/plain"), "not_found"),
        (reply("Disabled", 403), "other"),
        (reply("Words of tomorrow", 403), "other"),
        (reply(None, 403), "other"),
        (raw(b"{}", 401), "other"),
    ],
)
def test_refusals(answer: Reply, word: str) -> None:
    with pytest.raises(RoomRefused) as caught:
        read_grant(answer)
    assert caught.value.reason == word
    assert "tomorrow" not in str(caught.value)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"pin": "required", "guest_pin": "none", "version": {}}, Wanted(PinWanted.FOR_HOSTS)),
        ({"pin": "required", "guest_pin": "required"}, Wanted(PinWanted.FOR_ALL)),
        ({"pin": "none", "guest_pin": "required"}, Wanted(PinWanted.FOR_ALL)),
        ({"conference_extension": "required", "conference_extension_type": "standard"}, Wanted(extension=True)),
        ({"conference_extension": "standard"}, Wanted(extension=True)),
        (
            {"conference_extension": "standard", "pin": "required", "guest_pin": "none"},
            Wanted(PinWanted.FOR_HOSTS, extension=True),
        ),
    ],
)
def test_questions(asked: dict[str, Any], wanted: Wanted) -> None:
    assert read_grant(reply(asked, 403)) == wanted


@pytest.mark.parametrize(
    "answer",
    [
        *[reply("later", status) for status in (408, 429, 500, 502, 503, 504, 529)],
        raw(b"<html>maintenance</html>", 503, "text/html"),
        raw(b"<!DOCTYPE html><html>log in to the guest network", 200, "text/html; charset=utf-8"),
        raw(b"\n <html>", 200, "application/json"),
        raw(b"<html>not found</html>", 404, "text/html"),
        raw(b"", 302),
        reply("Out of resource", 403),
        reply("Participant limit reached", 403),
        reply("System in maintenance mode", 403),
    ],
)
def test_answers_that_may_be_better_later(answer: Reply) -> None:
    with pytest.raises(RoomUnreachable):
        read_grant(answer)


def test_a_refreshed_token() -> None:
    assert read_token(reply({"token": "new", "expires": "60"})) == Token("new", 60.0)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_token_that_is_not_refreshed_is_gone(status: int) -> None:
    with pytest.raises(PlaceGone):
        read_token(reply("Invalid token", status))


def test_a_call() -> None:
    assert read_call(reply({"call_uuid": "c", "sdp": "v=0\r\n"})) == Call("c", "v=0\r\n")
    turn = [{"urls": ["turns:t.example.org:443?transport=tcp"], "username": "u", "credential": "c"}]
    late = read_call(reply({"call_uuid": "c", "sdp": "v=0\r\n", "turn": turn}))
    assert late.ice_servers == (IceServer(("turns:t.example.org:443?transport=tcp",), "u", "c"),)


@pytest.mark.parametrize(
    "result",
    [
        {"call_uuid": "c"},
        {"call_uuid": "c", "sdp": ""},
        {"call_uuid": "c", "sdp": "v=0\r\n" + "x" * LONGEST_SDP_CHARS},
        {"call_uuid": "c", "sdp": "", "offer_ignored": True},
        {"sdp": "v=0"},
        {"call_uuid": "../x y", "sdp": "v=0"},
        "v=0",
    ],
)
def test_a_call_that_makes_no_sense(result: object) -> None:
    with pytest.raises(RoomProtocolError, match="calls: "):
        read_call(reply(result))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reply("Invalid token", 403), RoomUnreachable),
        (reply("Words of tomorrow", 403), PlaceGone),
        (reply("404 page", 404), PlaceGone),
        (reply("Disabled", 403), RoomRefused),
        (reply("bad SDP", 400), RoomProtocolError),
        (raw(b"gateway", 504, "text/plain"), RoomUnreachable),
    ],
)
def test_calls_made_with_a_token(answer: Reply, error: type[RoomError]) -> None:
    with pytest.raises(error, match="ack: answer"):
        read_result("ack", answer)
    assert read_result("ack", reply(None)) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
FIELDS = st.fixed_dictionaries({}, optional=dict.fromkeys([*GRANTED, "stun", "pin", "guest_pin", "idp", "sdp"], JSON))
BODIES = st.binary() | (FIELDS | JSON).map(lambda result: json.dumps({"result": result}).encode())


@given(BODIES, st.integers(100, 599), st.sampled_from(["application/json", "text/html", ""]))
def test_no_answer_is_too_strange(body: bytes, status: int, content_type: str) -> None:
    answer = Reply(status, content_type, body)
    for read in (read_grant, read_token, read_call, partial(read_result, "ack")):
        with contextlib.suppress(RoomError):
            read(answer)
