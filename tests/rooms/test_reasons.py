"""What the platform's sentences mean to a patient."""

import pytest

from kiosk.consultation.model import EndReason, LossReason
from kiosk.rooms.pexip.reasons import after_call_disconnected, after_disconnect, known
from kiosk.rooms.port import RoomEnded, RoomLost

ENDED = RoomEnded(EndReason.FINISHED)
REJOIN = RoomLost(LossReason.ASKED_TO_REJOIN)
LATER = RoomLost(LossReason.UNREACHABLE)
MEDIA = RoomLost(LossReason.MEDIA)
REFUSED = RoomLost(LossReason.REFUSED)

TABLE: dict[object, RoomEnded | RoomLost] = {
    "Conference host ended the conference with a DTMF command": ENDED,
    "API initiated conference termination": ENDED,
    "API initiated participant disconnect": ENDED,
    "Conference terminated by an administrator": ENDED,
    "Disconnected by an administrator": ENDED,
    "Disconnected by another participant": ENDED,
    "Conference terminated by another participant": ENDED,
    "No participants can keep conference alive": ENDED,
    "All conference hosts departed hosted conference": ENDED,
    "Last remaining participant removed from conference after timeout": ENDED,
    "Test call finished": ENDED,
    "Call rejected": ENDED,
    "Call disconnected": ENDED,
    "Gateway dial out failed": ENDED,
    "Timeout waiting for conference host to join or permit access to locked conference": REJOIN,
    "Signaling node disconnected": REJOIN,
    "Media process disconnected": REJOIN,
    "Media node disconnected": REJOIN,
    "Proxied participant disconnected": REJOIN,
    "Timer expired awaiting token refresh": REJOIN,
    "Invalid token": REJOIN,
    "Out of resource": LATER,
    "System in maintenance mode": LATER,
    "Insufficient licenses": LATER,
    "WebRTC connection failed": MEDIA,
    "Ice failure": MEDIA,
    "Invalid PIN": REFUSED,
    "Participant exceeded PIN entry retries": REFUSED,
    "Neither conference nor gateway found": REFUSED,
    "Disabled": REFUSED,
    "SSO Authentication Failed": REFUSED,
    "SSO is in maintenance": REFUSED,
    "Disconnected by remote host": ENDED,
    "disconnected by another participant": ENDED,
    "": ENDED,
    None: ENDED,
    7: ENDED,
}


@pytest.mark.parametrize("text", TABLE)
def test_after_disconnect(text: object) -> None:
    assert after_disconnect(text) == TABLE[text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, MEDIA),
        ("words of tomorrow", MEDIA),
        ("Call disconnected", MEDIA),
        ("Media process disconnected", REJOIN),
        ("Conference terminated by another participant", ENDED),
    ],
)
def test_after_call_disconnected(text: object, expected: RoomEnded | RoomLost) -> None:
    assert after_call_disconnected(text) == expected


def test_only_sentences_as_they_stand_are_known() -> None:
    reason = known("  Invalid PIN\n")
    assert reason is not None
    assert reason.code == 101
    assert known("Invalid PIN 1234") is None
    assert known(["Invalid PIN"]) is None
