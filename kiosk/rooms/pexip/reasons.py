"""The platform's reasons, and what they mean to a patient. Pure."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from kiosk.consultation.model import EndReason, LossReason, Refusal
from kiosk.rooms.port import RoomEnded, RoomLost


class Outcome(Enum):
    """What the terminal does about a reason."""

    ENDED = "ended"
    """The consultation is over."""
    CALL_OVER = "call_over"
    """The call is over; of a whole place it means the same as ENDED."""
    REJOIN = "rejoin"
    """The platform lost us: come back."""
    RETRY = "retry"
    """The platform has no room for us now: come back later."""
    CALL_AGAIN = "call_again"
    """Picture and sound found no way."""
    PIN = "pin"
    NOT_FOUND = "not_found"
    LOGIN = "login"
    SERVICE = "service"


REFUSALS: Final = {
    Outcome.PIN: Refusal.PIN,
    Outcome.NOT_FOUND: Refusal.NOT_FOUND,
    Outcome.LOGIN: Refusal.LOGIN,
    Outcome.SERVICE: Refusal.OTHER,
}
"""Trying again by ourselves would not help."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of the platform, known to us."""

    code: int
    """The vendor's number, as in #pex126."""
    outcome: Outcome


_TABLE: Final[dict[str, tuple[int, Outcome]]] = {
    "Invalid role": (100, Outcome.SERVICE),
    "Invalid PIN": (101, Outcome.PIN),
    "Out of proxying resource": (109, Outcome.RETRY),
    "System in maintenance mode": (110, Outcome.RETRY),
    "502 Bad Gateway": (111, Outcome.RETRY),
    "503 Service Unavailable": (112, Outcome.RETRY),
    "Invalid token": (113, Outcome.REJOIN),
    "Timer expired awaiting token refresh": (113, Outcome.REJOIN),
    "Out of resource": (114, Outcome.RETRY),
    "Out of transcoding resource": (114, Outcome.RETRY),
    "transfer failed": (115, Outcome.REJOIN),
    "Unexpected Response: 503": (116, Outcome.RETRY),
    "Failed to forward request": (119, Outcome.RETRY),
    "Conference host ended the conference with a DTMF command": (120, Outcome.ENDED),
    "API initiated conference termination": (121, Outcome.ENDED),
    "API initiated participant disconnect": (122, Outcome.ENDED),
    "Conference terminated by an administrator": (122, Outcome.ENDED),
    "Disconnected by an administrator": (123, Outcome.ENDED),
    "Disconnected by another participant": (124, Outcome.ENDED),
    "Conference terminated by another participant": (125, Outcome.ENDED),
    "Timeout waiting for conference host to join or permit access to locked conference": (126, Outcome.REJOIN),
    "Disabled": (127, Outcome.SERVICE),
    "WebRTC connection failed": (128, Outcome.CALL_AGAIN),
    "Signaling node disconnected": (129, Outcome.REJOIN),
    "Media process disconnected": (130, Outcome.REJOIN),
    "Media node disconnected": (131, Outcome.REJOIN),
    "Proxied participant disconnected": (132, Outcome.REJOIN),
    "No participants can keep conference alive": (140, Outcome.ENDED),
    "All conference hosts departed hosted conference": (141, Outcome.ENDED),
    "Last remaining participant removed from conference after timeout": (142, Outcome.ENDED),
    "Test call finished": (143, Outcome.ENDED),
    "Call rejected": (150, Outcome.CALL_OVER),
    "Call disconnected": (151, Outcome.CALL_OVER),
    "Gateway dial out failed": (152, Outcome.CALL_OVER),
    "invalid gateway routing rule transform": (153, Outcome.NOT_FOUND),
    "Neither conference nor gateway found": (154, Outcome.NOT_FOUND),
    "No direct route between Edge and Transcoding": (156, Outcome.NOT_FOUND),
    "404 Not Found": (157, Outcome.NOT_FOUND),
    "Resource unavailable": (191, Outcome.RETRY),
    "Participant exceeded PIN entry retries": (192, Outcome.PIN),
    "Invalid license": (193, Outcome.RETRY),
    "Participant limit reached": (194, Outcome.RETRY),
    "Insufficient licenses": (195, Outcome.RETRY),
    "Ice failure": (196, Outcome.CALL_AGAIN),
    "Telehealth Call failure": (197, Outcome.SERVICE),
    "SSO Authentication Failed": (200, Outcome.LOGIN),
    "SSO enabled but no Identity Providers configured": (201, Outcome.LOGIN),
    "Failed to transfer into a multi-party conference": (210, Outcome.REJOIN),
    "Failed to transfer into a one-to-one conference": (211, Outcome.REJOIN),
}


def known(text: object) -> Reason | None:
    """The reason that the platform's sentence names; None for anything else. They are matched as they stand: the
    platform does not translate them."""
    if not isinstance(text, str):
        return None
    row = _TABLE.get(text.strip())
    if row is None:
        return Reason(200, Outcome.LOGIN) if text.startswith("SSO ") else None
    return Reason(*row)


def after_disconnect(text: object) -> RoomEnded | RoomLost:
    """Our place was taken away. An unknown reason is an end: a patient who was let go must not walk in again by
    herself, with an open camera."""
    reason = known(text)
    if reason is None:
        return RoomEnded(EndReason.FINISHED)
    if reason.outcome in REFUSALS:
        return RoomLost(LossReason.REFUSED)
    match reason.outcome:
        case Outcome.REJOIN:
            return RoomLost(LossReason.ASKED_TO_REJOIN)
        case Outcome.RETRY:
            return RoomLost(LossReason.UNREACHABLE)
        case Outcome.CALL_AGAIN:
            return RoomLost(LossReason.MEDIA)
        case _:
            return RoomEnded(EndReason.FINISHED)


def after_call_disconnected(text: object) -> RoomEnded | RoomLost:
    """Our call was taken away while we kept our place: call again, unless the reason says that all is over."""
    reason = known(text)
    if reason is None or reason.outcome is Outcome.CALL_OVER:
        return RoomLost(LossReason.MEDIA)
    return after_disconnect(text)
