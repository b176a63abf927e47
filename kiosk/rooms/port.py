"""Where one meets: what the terminal needs of any platform."""

from collections.abc import AsyncIterator, Awaitable, Callable
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
class RoomJoined:
    """Somebody else has entered the consultation since we did."""

    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RoomCaption:
    """What is being said, as text; replaces the caption before."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RoomRecorded:
    """The consultation is recorded, streamed or transcribed by the platform, or is so no more."""

    on: bool


@dataclass(frozen=True, slots=True)
class RoomSlides:
    """Slides come as a picture of their own, or do so no more."""

    shown: bool


@dataclass(frozen=True, slots=True)
class RoomCamera:
    """A host steers the picture that we send. Each is -1, 0 or 1: right, up, closer are 1."""

    pan: int
    tilt: int
    zoom: int
    for_s: float
    """So long, unless another one comes before; 0: stop."""


@dataclass(frozen=True, slots=True)
class RoomOffer:
    """One of the others sends over a connection of its own, which the platform offers; a newer offer of the same
    `source` takes its place. Platforms that mix all for us never say this."""

    source: str = field(repr=False)
    """Who; means nothing outside the room."""
    sdp: str = field(repr=False)
    """A complete offer that only sends."""
    answer: Callable[[str], Awaitable[None]] = field(repr=False, compare=False)
    """Takes a complete answer. Raises as `Signaling.offer` does."""


@dataclass(frozen=True, slots=True)
class RoomOfferWithdrawn:
    """This source sends no more."""

    source: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RoomMoved:
    """The clinic transfers us. Last event of the iterator; whoever reads it joins `room` and then leaves here."""

    room: Room


@dataclass(frozen=True, slots=True)
class RoomEnded:
    """The consultation is over. Last event of the iterator."""

    reason: EndReason


@dataclass(frozen=True, slots=True)
class RoomLost:
    """Our place is gone, and that is not the consultation's end. Last event of the iterator."""

    reason: LossReason


RoomEvent = (
    RoomAdmitted
    | RoomWaiting
    | RoomPeople
    | RoomMuted
    | RoomMessage
    | RoomJoined
    | RoomCaption
    | RoomRecorded
    | RoomSlides
    | RoomCamera
    | RoomOffer
    | RoomOfferWithdrawn
    | RoomMoved
    | RoomEnded
    | RoomLost
)


@dataclass(frozen=True, slots=True)
class StreamStatistics:
    """One kind of media since the call began, both ways."""

    received_packets: int = 0
    received_bytes: int = 0
    lost_packets: int = 0
    jitter_s: float = 0.0
    received_codec: str = ""
    sent_packets: int = 0
    sent_bytes: int = 0
    sent_codec: str = ""
    remote_lost_packets: int = 0
    """Of ours, as the other end reports (RFC 3550)."""


@dataclass(frozen=True, slots=True)
class CallStatistics:
    """How a call does, for platforms that want to know."""

    audio: StreamStatistics
    video: StreamStatistics


class Signaling(Protocol):
    """One participant's place in a room."""

    waiting: bool
    """True until admitted, as the platform said at joining."""
    ice_servers: tuple[IceServer, ...]
    relay_only: bool
    video: bool
    """False: the room takes sound alone; a picture must not be offered."""
    statistics_every_s: float | None
    """How often the platform wants `statistics`; None: never."""

    async def offer(self, sdp: str) -> str:
        """Place the call with a complete offer; the answer's SDP. Raises RoomUnreachable, RoomRefused,
        RoomProtocolError; of the first kind RoomSilent, if it can be told, when nothing at all came back.

        Called again it replaces the call on the same place. `ice_servers` may be richer after it than before.
        """

    async def ack(self) -> None:
        """The answer is in use; the platform begins to send. Raises as `offer` does."""

    def events(self) -> AsyncIterator[RoomEvent]:
        """What the platform says, from the moment of joining; ends after RoomEnded or RoomLost. One reader."""

    def renew(self) -> None:
        """Media died, so the way to the platform may be another one by now: what is open is trusted no more. Does not
        wait or raise."""

    async def pause(self, paused: bool) -> None:
        """Tell the others that our camera and microphone are off (True) or on. Failure is logged, not raised:
        what counts is that nothing is sent."""

    async def statistics(self, statistics: CallStatistics) -> None:
        """Tell the platform how the call does. Failure is not raised."""

    async def leave(self) -> None:
        """Give the place back. Idempotent, at most 5 s, does not raise."""


class RoomClient(Protocol):
    """A platform's language."""

    async def check(self, room: Room) -> None:
        """Would this room let us in? Takes no seat that anybody sees. Raises RoomUnreachable, RoomRefused,
        RoomProtocolError."""

    async def join(self, room: Room) -> Signaling:
        """Take a place. Raises RoomUnreachable, RoomRefused, RoomProtocolError. A cancelled join leaves no place
        behind."""
