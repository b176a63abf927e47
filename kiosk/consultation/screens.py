"""The screens, and what stands on each: values and keys, never prose."""

from dataclasses import dataclass, field
from datetime import datetime

from kiosk.consultation.line import Trouble
from kiosk.consultation.model import Device, EndReason, Flaw, Refusal, Rule, ServiceLine, Standing, WifiFault


@dataclass(frozen=True, slots=True)
class StartingScreen:
    """Wait a little."""


@dataclass(frozen=True, slots=True)
class NoNetworkScreen:
    """Plug in the cable."""

    looking: bool


@dataclass(frozen=True, slots=True)
class UnassignedScreen:
    """Lent to nobody."""

    standing: Standing | None = None
    """What the technician should know."""


@dataclass(frozen=True, slots=True)
class IdleScreen:
    """Clock, date, no appointment."""


@dataclass(frozen=True, slots=True)
class ScheduledScreen:
    """The next appointment."""

    starts_at: datetime
    refusal: Refusal | None = None
    """The room said ahead of time that it would not let us in: the patient should ring."""
    meet_at: str = field(default="", repr=False)
    """The patient is to come there in person."""


@dataclass(frozen=True, slots=True)
class RemindScreen:
    """The appointment is near: one may press."""

    starts_at: datetime
    room_known: bool
    """False: the clinic has given no room; the patient should ring."""
    refusal: Refusal | None = None
    """As on the ScheduledScreen."""


@dataclass(frozen=True, slots=True)
class ServiceScreen:
    """For a technician: what does not work first."""

    release: str = ""
    lines: tuple[ServiceLine, ...] = ()
    code: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SelfCheckScreen:
    """See yourself, say something. `heard` is None while the check runs."""

    heard: bool | None
    flaw: Flaw | None = None
    """What the patient should mend; None with `heard`: everything works."""


@dataclass(frozen=True, slots=True)
class LetterScreen:
    """The letter was read, or is not one of ours."""

    ours: bool
    starts_at: datetime | None
    """None: the letter names no hour."""


@dataclass(frozen=True, slots=True)
class WifiScreen:
    """A wireless network: may be joined, is being joined, did not let us in."""

    trying: bool
    failed: bool
    fault: WifiFault = WifiFault.OTHER
    """Why it did not."""


@dataclass(frozen=True, slots=True)
class JoiningScreen:
    """Connecting. `trying_again`: the first try failed."""

    trying_again: bool


@dataclass(frozen=True, slots=True)
class WaitingScreen:
    """In the waiting room; perhaps with a word from the clinic."""

    message: str = field(repr=False)
    rule: Rule | None = None
    """What is told in the meantime; None: that somebody will come."""
    mend: Flaw | None = None
    """What the patient should mend; it goes before the rule."""


@dataclass(frozen=True, slots=True)
class InCallScreen:
    """The clinician's picture fills the screen."""

    people: int
    """0: unknown, say nothing."""
    muted_by_host: bool
    message: str = field(repr=False)
    broken: Device | None
    """A part that stopped in mid-call."""
    arrived: str = field(default="", repr=False)
    """Who has just joined."""
    caption: str = field(default="", repr=False)
    """What is being said, for those who hear badly. At most two lines are shown, the newest."""
    recorded: bool = False
    """The platform records or streams: in red, with the word."""
    slides: bool = False
    """Slides come as a picture of their own: they take the large place, the far end the small one."""
    steered: bool = False
    """Somebody at the far end moves the patient's picture."""
    introduce: bool = False
    """The consultation begins: the patient says who she is and who is with her."""
    poor: Trouble | None = None
    """The connection is, that way: a sign,"""
    poor_in_words: bool = False
    """and at first a sentence."""
    loudspeaker_off: bool = False
    """Somebody speaks, and the loudspeaker does not play it."""
    speaks: bool = False
    """Somebody at the far end does: for those who do not hear it."""


@dataclass(frozen=True, slots=True)
class IdentifyScreen:
    """In the consultation: the patient holds a card to the camera and sees it as the clinician does."""

    recorded: bool


@dataclass(frozen=True, slots=True)
class PausedScreen:
    """Nobody sees or hears you. `asking`: is the consultation over?"""

    asking: bool


@dataclass(frozen=True, slots=True)
class ReconnectingScreen:
    """The picture went away; it is being fetched back."""

    paused: bool


@dataclass(frozen=True, slots=True)
class PhoneScreen:
    """The clinic rings you; or, with a refusal, the room would not let us in and you should ring."""

    refusal: Refusal | None
    again_at: datetime | None = None
    """When video is tried again without a press."""


@dataclass(frozen=True, slots=True)
class EndedScreen:
    """The consultation is over."""

    reason: EndReason


@dataclass(frozen=True, slots=True)
class FaultScreen:
    """A part is broken: ring."""

    device: Device


Screen = (
    StartingScreen
    | NoNetworkScreen
    | UnassignedScreen
    | IdleScreen
    | ScheduledScreen
    | RemindScreen
    | ServiceScreen
    | SelfCheckScreen
    | LetterScreen
    | WifiScreen
    | JoiningScreen
    | WaitingScreen
    | InCallScreen
    | IdentifyScreen
    | PausedScreen
    | ReconnectingScreen
    | PhoneScreen
    | EndedScreen
    | FaultScreen
)
