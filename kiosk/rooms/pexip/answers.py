"""The platform's answers, read into values. Pure.

Nodes and their documentation do not always agree: what counts is the HTTP status and the type and content of
`result`. The envelope's `status` and unknown fields are ignored, and every optional field may be missing.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from kiosk.errors import RoomError, RoomProtocolError, RoomRefused, RoomUnreachable
from kiosk.rooms.pexip.reasons import REFUSALS, known
from kiosk.rooms.port import IceServer

PORTAL: Final = "perhaps this network has a log-in page of its own (a captive portal)"
NETWORK_WANTS_LOGIN: Final = 511
LATER: Final = frozenset({408, 425, 429})
"""Statuses below 500 that ask to come back."""
LONGEST_TOKEN_CHARS: Final = 8192
LONGEST_SDP_CHARS: Final = 128 * 1024
MOST_ICE_SERVERS: Final = 8
MOST_ICE_URLS: Final = 8
LONGEST_ICE_TEXT_CHARS: Final = 1024
LONGEST_PACE_S: Final = 60.0
SHORTEST_PACE_S: Final = 1.0

_PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")
_ICE_URL: Final = re.compile(r"(stuns?|turns?):[^?:\s]+(:[0-9]{1,5})?(\?transport=(udp|tcp))?")


class PlaceGone(RoomUnreachable):
    """The token is no longer good: whoever wants to be in the room has to join again."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came over HTTP."""

    status: int
    content_type: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """A token and its life."""

    token: str = field(repr=False)
    expires_s: float


@dataclass(frozen=True, slots=True)
class Grant:
    """A place in a room."""

    token: Token
    participant: str = field(repr=False)
    """Ourselves, in every event."""
    waiting: bool
    ice_servers: tuple[IceServer, ...]
    relay_only: bool
    video: bool = True
    """False: the room takes sound alone."""
    statistics_every_s: float | None = None


class PinWanted(Enum):
    """What a room says of its PIN."""

    NO = "no"
    FOR_HOSTS = "for hosts"
    """Guests say `pin: none`."""
    FOR_ALL = "for all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question in place of a grant."""

    pin: PinWanted = PinWanted.NO
    extension: bool = False
    """A reception asks for the number of the room behind it."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call as placed."""

    call: str = field(repr=False)
    sdp: str = field(repr=False)
    ice_servers: tuple[IceServer, ...] = ()
    """TURN servers for those who found no way with the ones before."""


def read_grant(reply: Reply) -> Grant | Wanted:
    """The answer to request_token. Raises RoomUnreachable, RoomRefused, RoomProtocolError."""
    what = "request_token"
    result = _result(what, reply)
    if reply.status in {401, 403} and isinstance(result, dict):
        return _question(what, result)
    if reply.status != 200:
        raise _refusal(what, reply.status, result)
    granted = _object(what, result)
    return Grant(
        token=_token(what, granted),
        participant=_identifier(what, granted, "participant_uuid"),
        waiting=granted.get("current_service_type") == "waiting_room",
        ice_servers=tuple(_ice_servers(granted))[:MOST_ICE_SERVERS],
        relay_only=granted.get("use_relay_candidates_only") is True,
        video=granted.get("call_type") != "audio",
        statistics_every_s=_pace_s(granted.get("client_stats_update_interval")),
    )


def read_token(reply: Reply) -> Token:
    """The answer to refresh_token. Raises PlaceGone, RoomUnreachable, RoomProtocolError."""
    what = "refresh_token"
    result = _result(what, reply)
    if reply.status in {401, 403, 404}:
        raise PlaceGone(f"{what}: answer {reply.status}")
    if reply.status != 200:
        raise RoomProtocolError(f"{what}: answer {reply.status}")
    return _token(what, _object(what, result))


def read_call(reply: Reply) -> Call:
    """The answer to calls. Raises RoomUnreachable, RoomRefused, RoomProtocolError."""
    what = "calls"
    answered = _object(what, read_result(what, reply))
    sdp = answered.get("sdp")
    if not isinstance(sdp, str) or not sdp.startswith("v=0"):
        raise RoomProtocolError(f"{what}: no SDP in the answer")
    if len(sdp) > LONGEST_SDP_CHARS:
        raise RoomProtocolError(f"{what}: an SDP of {len(sdp)} characters")
    servers = tuple(_ice_servers(answered))[:MOST_ICE_SERVERS]
    return Call(call=_identifier(what, answered, "call_uuid"), sdp=sdp, ice_servers=servers)


def read_result(what: str, reply: Reply) -> object:
    """The result of a call made with a token. Raises PlaceGone, RoomUnreachable, RoomRefused, RoomProtocolError."""
    result = _result(what, reply)
    if reply.status == 200:
        return result
    error = _refusal(what, reply.status, result)
    if isinstance(error, RoomRefused) and known(result) is None:
        # What a place is refused without a known reason, it may get after joining again.
        raise PlaceGone(f"{what}: answer {reply.status}")
    raise error


def _result(what: str, reply: Reply) -> object:
    page = "html" in reply.content_type.lower() or reply.body.lstrip()[:1] == b"<"
    if 300 <= reply.status < 400 or reply.status == NETWORK_WANTS_LOGIN or (page and reply.status < 300):
        raise RoomUnreachable(f"{what}: answer {reply.status} sends us elsewhere; {PORTAL}")
    if reply.status >= 500 or reply.status < 200 or reply.status in LATER:
        raise RoomUnreachable(f"{what}: answer {reply.status}")
    if page:
        # A proxy's apology: it may pass.
        raise RoomUnreachable(f"{what}: a web page instead of an answer ({reply.status})")
    try:
        envelope = json.loads(reply.body)
    except (ValueError, RecursionError):
        if 400 <= reply.status < 500:
            return reply.body[:200].decode("utf-8", "replace")
        raise RoomProtocolError(f"{what}: the answer is not JSON") from None
    if not isinstance(envelope, dict) or "result" not in envelope:
        if 400 <= reply.status < 500:
            return None
        raise RoomProtocolError(f"{what}: the answer has no result")
    return envelope["result"]


def _question(what: str, asked: dict[str, Any]) -> Wanted:
    """A structured refusal: something is wanted of us."""
    if "idp" in asked or "redirect_url" in asked or "redirect_idp" in asked:
        raise RoomRefused("login", f"{what}: the room wants a log-in with an identity provider")
    pin = PinWanted.NO
    if "required" in (asked.get("pin"), asked.get("guest_pin")):
        pin = PinWanted.FOR_HOSTS if asked.get("guest_pin") == "none" else PinWanted.FOR_ALL
    extension = asked.get("conference_extension") not in (None, False, "", "none")
    if extension or pin is not PinWanted.NO:
        return Wanted(pin, extension)
    if "display_name" in asked:
        raise RoomRefused("other", f"{what}: the room wants a display name")
    raise RoomProtocolError(f"{what}: a refusal that makes no sense")


def _refusal(what: str, status: int, result: object) -> RoomError:
    """The error that a status below 500 and its words stand for. Unknown words are never repeated."""
    reason = known(result)
    if reason is not None and status in {401, 403, 404}:
        where = f"{what}: answer {status}, #pex{reason.code}"
        if reason.outcome in REFUSALS:
            return RoomRefused(REFUSALS[reason.outcome].value, where)
        return RoomUnreachable(where)
    if status == 404:
        return RoomRefused("not_found", f"{what}: answer 404")
    if status in {401, 403}:
        return RoomRefused("other", f"{what}: answer {status} for a reason unknown to us")
    return RoomProtocolError(f"{what}: answer {status}")


def _token(what: str, granted: dict[str, Any]) -> Token:
    token = granted.get("token")
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN_CHARS or not _PRINTABLE.fullmatch(token):
        raise RoomProtocolError(f"{what}: no usable token in the answer")
    return Token(token, _seconds(what, granted, "expires"))


def _seconds(what: str, granted: dict[str, Any], name: str) -> float:
    value = granted.get(name)
    seconds = math.nan
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            seconds = float(value)
        except (ValueError, OverflowError):
            seconds = math.nan
    if not 0 < seconds < math.inf:
        raise RoomProtocolError(f"{what}: {name} is not a number of seconds")
    return min(seconds, 86400.0)


def _identifier(what: str, granted: dict[str, Any], name: str) -> str:
    value = granted.get(name)
    if not isinstance(value, str) or len(value) > 200 or not _PRINTABLE.fullmatch(value) or value in {".", ".."}:
        raise RoomProtocolError(f"{what}: no usable {name} in the answer")
    return value


def _object(what: str, result: object) -> dict[str, Any]:
    if not isinstance(result, dict):
        raise RoomProtocolError(f"{what}: the result is not an object")
    return result


def _ice_servers(granted: dict[str, Any]) -> Iterator[IceServer]:
    """Every STUN and TURN server that makes sense; a room without is reachable directly."""
    for kind in ("stun", "turn"):
        listed = granted.get(kind)
        for entry in listed if isinstance(listed, list) else ():
            if not isinstance(entry, dict):
                continue
            given = entry.get("urls", entry.get("url"))
            urls = given if isinstance(given, list) else [given]
            texts = [_text(url) for url in urls[:MOST_ICE_URLS]]
            usable = tuple(url for url in texts if url is not None and _ICE_URL.fullmatch(url))
            if usable:
                yield IceServer(usable, _text(entry.get("username")), _text(entry.get("credential")))


def _pace_s(value: object) -> float | None:
    """Milliseconds, perhaps with a fraction, as a pace that neither hurries nor is forgotten."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        return None
    return max(SHORTEST_PACE_S * 1000, min(LONGEST_PACE_S * 1000, value)) / 1000


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= LONGEST_ICE_TEXT_CHARS else None
