"""The server's answers and events, read into values. Pure."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from kiosk.errors import RoomError, RoomProtocolError, RoomRefused, RoomUnreachable

LATER: Final = frozenset({408, 425, 429})
"""HTTP statuses below 500 that ask to come back."""
NO_SUCH_SESSION: Final = 458
NO_SUCH_FEED: Final = 428
NOT_PUBLISHED: Final = 435

_UNAUTHORIZED: Final = frozenset({403, 405})
_NO_SUCH_PLUGIN: Final = 460
_NO_SUCH_ROOM: Final = 426
_MISSING_ELEMENT: Final = 429
_ROOM_FULL: Final = 432
_WRONG_PIN: Final = 433


class SessionGone(RoomUnreachable):
    """The server does not know our session: whoever wants to be in the room has to join again."""


class RoomSaysNo(RoomProtocolError):
    """An error of the plugin that is no refusal of ourselves."""

    def __init__(self, what: str, code: int) -> None:
        super().__init__(f"{what}: the room's error {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Notice:
    """An event of the session."""

    kind: str
    """What Janus calls it: event, hangup, webrtcup, timeout …"""
    handle: int | None
    transaction: str | None
    """Of the request that it answers."""
    data: dict[str, Any] = field(repr=False)
    """What the plugin says."""
    sdp: str | None = field(default=None, repr=False)


def read_answer(what: str, status: int, content_type: str, body: bytes) -> dict[str, Any]:
    """The answer to a request. Raises SessionGone, RoomUnreachable, RoomRefused, RoomProtocolError."""
    answer = _json(what, status, content_type, body)
    if not isinstance(answer, dict) or not isinstance(answer.get("janus"), str):
        raise RoomProtocolError(f"{what}: the answer is not of a Janus server ({status})")
    if answer["janus"] == "error":
        raise _refusal(what, answer.get("error"))
    return answer


def read_notices(what: str, status: int, content_type: str, body: bytes) -> list[Notice]:
    """The answer to a poll, oldest first; what cannot be understood is left out. Raises as `read_answer` does."""
    if status == 404 and not body:
        # So says the server of an unknown session, to polls alone.
        raise SessionGone(f"{what}: the server does not know our session")
    answer = _json(what, status, content_type, body)
    if isinstance(answer, dict):
        return _notices([read_answer(what, status, content_type, body)])
    if not isinstance(answer, list):
        raise RoomProtocolError(f"{what}: neither an event nor a list of events")
    return _notices(answer)


def read_id(what: str, answer: dict[str, Any]) -> int:
    """The number of a session or a handle just made. Raises RoomProtocolError."""
    data = answer.get("data")
    number = data.get("id") if isinstance(data, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise RoomProtocolError(f"{what}: no id in the answer")
    return number


def check(what: str, notice: Notice, *, joining: bool = False) -> Notice:
    """The same notice, if the plugin did as it was asked. Raises RoomUnreachable, RoomRefused, RoomSaysNo."""
    code = notice.data.get("error_code")
    if code is None:
        return notice
    if not isinstance(code, int):
        raise RoomProtocolError(f"{what}: an error without a number")
    if code == _NO_SUCH_ROOM:
        raise RoomRefused("not_found", f"{what}: there is no such room")
    if code == _WRONG_PIN:
        raise RoomRefused("pin", f"{what}: the room did not take the PIN")
    if joining and code == _MISSING_ELEMENT:
        raise RoomRefused("pin", f"{what}: the room wants a PIN, and none is known")
    if code == _ROOM_FULL:
        raise RoomUnreachable(f"{what}: the room is full")
    raise RoomSaysNo(what, code)


def _json(what: str, status: int, content_type: str, body: bytes) -> object:
    if status >= 500 or status < 200 or 300 <= status < 400 or status in LATER:
        raise RoomUnreachable(f"{what}: answer {status}")
    if "html" in content_type.lower() or body.lstrip()[:1] == b"<":
        raise RoomUnreachable(f"{what}: a web page instead of an answer ({status})")
    try:
        answer: object = json.loads(body)
    except (ValueError, RecursionError):
        raise RoomProtocolError(f"{what}: the answer is not JSON ({status})") from None
    return answer


def _refusal(what: str, error: object) -> RoomError:
    code = error.get("code") if isinstance(error, dict) else None
    if not isinstance(code, int):
        return RoomProtocolError(f"{what}: an error without a number")
    if code == NO_SUCH_SESSION:
        return SessionGone(f"{what}: the server does not know our session")
    if code in _UNAUTHORIZED:
        return RoomRefused("login", f"{what}: the server wants a secret or a token of its own")
    if code == _NO_SUCH_PLUGIN:
        return RoomRefused("service", f"{what}: the server has no video rooms")
    return RoomProtocolError(f"{what}: the server's error {code}")


def _notices(events: list[Any]) -> list[Notice]:
    return [
        Notice(
            event["janus"],
            _of(event.get("sender"), int),
            _of(event.get("transaction"), str),
            _plugin_data(event),
            _sdp(event),
        )
        for event in events
        if isinstance(event, dict) and isinstance(event.get("janus"), str) and event["janus"] != "keepalive"
    ]


def _plugin_data(event: dict[str, Any]) -> dict[str, Any]:
    said = event.get("plugindata")
    data = said.get("data") if isinstance(said, dict) else None
    return data if isinstance(data, dict) else {}


def _sdp(event: dict[str, Any]) -> str | None:
    jsep = event.get("jsep")
    return _of(jsep.get("sdp"), str) if isinstance(jsep, dict) else None


def _of(value: object, kind: type[Any]) -> Any:
    return value if isinstance(value, kind) and not isinstance(value, bool) else None
