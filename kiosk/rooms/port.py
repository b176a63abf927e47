"""Where one meets: what the terminal needs of any platform."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.consultation.model import EndReason, LossReason, Room


@dataclass(frozen=True, slots=True)
class IceServer:
    """One STUN or TURN server (RFC 8489, RFC 8656)."""

    urls: tuple[str, ...]
    username: str | None = field(default=None, repr=False)
    credential: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RoomAdmitted:
    """A host let us in."""


@dataclass(frozen=True, slots=True)
class RoomWaiting:
    """We were in, and wait again."""


@dataclass(frozen=True, slots=True)
class RoomPeople:
    """How many are in the consultation (waiting ones not counted), ourselves counted once admitted."""

    people: int


@dataclass(frozen=True, slots=True)
class RoomMuted:
    """A host closed or opened our microphone."""

    muted: bool


@dataclass(frozen=True, slots=True)
class RoomMessage:
    """Chat for us, plain text, already cut to a sane length."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RoomEnded:
    """The consultation is over. Last event of the iterator."""

    reason: EndReason


@dataclass(frozen=True, slots=True)
class RoomLost:
    """Our place is gone, and that is not the consultation's end. Last event of the iterator."""

    reason: LossReason


RoomEvent = RoomAdmitted | RoomWaiting | RoomPeople | RoomMuted | RoomMessage | RoomEnded | RoomLost


class Signaling(Protocol):
    """One participant's place in a room."""

    waiting: bool
    """True until admitted, as the platform said at joining."""
    ice_servers: tuple[IceServer, ...]
    relay_only: bool

    async def offer(self, sdp: str) -> str:
        """Place the call with a complete offer; the answer's SDP. Raises RoomUnreachable, RoomRefused,
        RoomProtocolError."""

    async def ack(self) -> None:
        """The answer is in use; the platform begins to send. Raises as `offer` does."""

    def events(self) -> AsyncIterator[RoomEvent]:
        """What the platform says, from the moment of joining; ends after RoomEnded or RoomLost. One reader."""

    async def pause(self, paused: bool) -> None:
        """Tell the others that our camera and microphone are off (True) or on. Failure is logged, not raised:
        what counts is that nothing is sent."""

    async def leave(self) -> None:
        """Give the place back. Idempotent, at most 5 s, does not raise."""


class RoomClient(Protocol):
    """A platform's language."""

    async def join(self, room: Room) -> Signaling:
        """Take a place. Raises RoomUnreachable, RoomRefused, RoomProtocolError. A cancelled join leaves no place
        behind."""
