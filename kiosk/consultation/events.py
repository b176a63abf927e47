"""Everything that can happen to the terminal. Frozen values; nothing here decides."""

from dataclasses import dataclass, field

from kiosk.consultation.model import (
    Ailment,
    Appointment,
    Device,
    EndReason,
    Flaw,
    Key,
    LossReason,
    Quality,
    Refusal,
    Room,
    ServiceLine,
    Standing,
    Wifi,
    WifiFault,
)


@dataclass(frozen=True, slots=True)
class Started:
    """Every part of the terminal is open."""

    assigned: bool
    """False: nobody has lent this terminal to a patient yet."""
    interrupted: "Interrupted | None" = None
    """The visit that the terminal was in when it last stopped without its end."""
    standing: Standing | None = None
    """What is known of a terminal that is lent to nobody."""


@dataclass(frozen=True, slots=True)
class Interrupted:
    """What is remembered of a visit over a restart of the terminal: nothing personal."""

    appointment_id: str
    paused: bool
    loudness: int | None = None
    """As she had turned it, 1 to loudness.LEVELS; None: unknown."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A deadline has come, or a minute has passed."""


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """One press, already released of bounce by its driver as far as the hardware does that."""


@dataclass(frozen=True, slots=True)
class KeyMoved:
    """A key for loudness went down, or up again."""

    key: Key
    down: bool


@dataclass(frozen=True, slots=True)
class NetworkChanged:
    """The machine has, or has no more, a way to the world."""

    up: bool


@dataclass(frozen=True, slots=True)
class AppointmentsRead:
    """The source of appointments answered. Replaces all that was known."""

    appointments: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class DeviceFailed:
    """A device is missing or was lost."""

    device: Device


@dataclass(frozen=True, slots=True)
class DeviceWorks:
    """A device is there (again)."""

    device: Device


@dataclass(frozen=True, slots=True)
class HealthChanged:
    """The machine has these ailments now."""

    ailments: frozenset[Ailment]


@dataclass(frozen=True, slots=True)
class Examined:
    """What a technician asked for."""

    release: str
    lines: tuple[ServiceLine, ...]
    code: tuple[str, ...]
    """All of it as a QR code: its rows, "1" dark."""


@dataclass(frozen=True, slots=True)
class SelfCheckDone:
    """The practice test ran to its end."""

    run: int
    heard: bool
    """The microphone heard a voice."""
    flaw: Flaw | None = None
    """The weightiest that was found."""


@dataclass(frozen=True, slots=True)
class JoinChecked:
    """What was seen and heard while the patient is being connected, or waits."""

    visit: int
    flaw: Flaw | None
    """The weightiest that she can mend; None: there is none, or no more."""


@dataclass(frozen=True, slots=True)
class LetterRead:
    """A letter was held to the camera in the practice test."""

    run: int
    room: Room | None
    """None: it names no room that this terminal may enter."""
    wifi: Wifi | None = None
    """A wireless network in place of a room."""


@dataclass(frozen=True, slots=True)
class WifiTried:
    """The wireless network of a code was tried."""

    run: int
    joined: bool
    fault: WifiFault = WifiFault.OTHER
    """Why not."""


@dataclass(frozen=True, slots=True)
class CallConnected:
    """Media flows between us and the room."""

    attempt: int
    waiting: bool
    """In the waiting room: not yet admitted."""


@dataclass(frozen=True, slots=True)
class MediaBroken:
    """The call's media died; its place in the room is still ours, and the same attempt puts new media there."""

    attempt: int


@dataclass(frozen=True, slots=True)
class Admitted:
    """A host let us in."""

    attempt: int


@dataclass(frozen=True, slots=True)
class SentToWaitingRoom:
    """We were in, and wait again."""

    attempt: int


@dataclass(frozen=True, slots=True)
class PeopleChanged:
    """How many are in the consultation, ourselves counted."""

    attempt: int
    people: int


@dataclass(frozen=True, slots=True)
class MutedByHost:
    """A host has closed or opened our microphone at the platform."""

    attempt: int
    muted: bool


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """Text from the clinic, to be shown large."""

    attempt: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SomebodyJoined:
    """One more is in the consultation."""

    attempt: int
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaptionHeard:
    """What is being said, as text. Replaces the caption before."""

    attempt: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RecordingChanged:
    """The platform records or streams the consultation, or does so no more."""

    attempt: int
    on: bool


@dataclass(frozen=True, slots=True)
class SlidesChanged:
    """Slides come as a picture of their own, or do so no more."""

    attempt: int
    shown: bool


@dataclass(frozen=True, slots=True)
class CameraSteered:
    """Somebody at the far end zooms or pans the patient's picture, or it is whole again."""

    attempt: int
    on: bool


@dataclass(frozen=True, slots=True)
class LineMeasured:
    """The connection does better or worse than before."""

    attempt: int
    incoming: Quality
    """What the patient sees and hears of the others;"""
    outgoing: Quality
    """and they of her."""


@dataclass(frozen=True, slots=True)
class LoudspeakerOff:
    """Somebody speaks and the loudspeaker does not play it: it is turned down, or hangs. Or it plays again."""

    attempt: int
    off: bool


@dataclass(frozen=True, slots=True)
class SomebodySpeaks:
    """A voice comes from the far end, or none has come for a second."""

    attempt: int
    on: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """The clinic moves us to another room."""

    attempt: int
    room: Room


@dataclass(frozen=True, slots=True)
class RoomChecked:
    """An appointment's room was asked ahead of time whether it would let us in."""

    appointment_id: str
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class CallLost:
    """The call is gone, or never came to be, and that is not its end."""

    attempt: int
    reason: LossReason
    refusal: Refusal = Refusal.OTHER
    """Only with LossReason.REFUSED."""
    spread: float = 0.5
    """Random, 0 to 1: spreads the next tries of many terminals over time. Drawn where the loss is seen, since
    nothing that decides may roll dice."""


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The consultation is over: the platform said so."""

    attempt: int
    reason: EndReason = EndReason.FINISHED


Event = (
    Started
    | Tick
    | ButtonPressed
    | KeyMoved
    | NetworkChanged
    | AppointmentsRead
    | DeviceFailed
    | DeviceWorks
    | HealthChanged
    | Examined
    | SelfCheckDone
    | JoinChecked
    | LetterRead
    | WifiTried
    | CallConnected
    | MediaBroken
    | Admitted
    | SentToWaitingRoom
    | PeopleChanged
    | MutedByHost
    | MessageReceived
    | SomebodyJoined
    | CaptionHeard
    | RecordingChanged
    | SlidesChanged
    | CameraSteered
    | LineMeasured
    | LoudspeakerOff
    | SomebodySpeaks
    | Moved
    | RoomChecked
    | CallLost
    | CallEnded
)
