"""What the terminal knows (Facts) and what it is doing (Phase). Frozen; changed in update.py alone."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from kiosk.consultation.events import Examined, Interrupted
from kiosk.consultation.line import Line
from kiosk.consultation.loudness import Loudness
from kiosk.consultation.model import (
    Ailment,
    Appointment,
    Device,
    EndReason,
    Flaw,
    Policy,
    Refusal,
    Room,
    Standing,
    Wifi,
    WifiFault,
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One consultation from the patient's press to its end, over however many tries to connect."""

    id: int
    """Counts up with every press that joins; tags pictures and sound, so that none outlives its visit."""
    appointment: Appointment
    room: Room
    attempt: int
    """Counts up with every try to connect and never repeats, so that a try is never taken for another one."""
    until_s: float
    """Monotonic: from then on it is too late to go on connecting or waiting. Fixed at the press, so that a jump
    of wall time cannot end a visit."""
    has_met: bool = False
    """Was in the consultation before: a call that comes back is not begun anew."""
    asked: frozenset[Flaw] = frozenset()
    """What the patient has been asked aloud to mend: of each once."""


@dataclass(frozen=True, slots=True)
class Starting:
    """Power is on, parts are opening."""


@dataclass(frozen=True, slots=True)
class NoNetwork:
    """No cable, no Wi-Fi, no address."""

    asked_at_s: float | None = None
    """Monotonic: the patient's last press here; for a moment the screen says that we look again."""


@dataclass(frozen=True, slots=True)
class Unassigned:
    """Lent to nobody."""


@dataclass(frozen=True, slots=True)
class Idle:
    """No appointment that one could wait for today."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """An appointment is known; its time has not come."""

    appointment: Appointment


@dataclass(frozen=True, slots=True)
class Remind:
    """The appointment is near or on: a press joins."""

    appointment: Appointment
    calls: int = 0
    """How often the patient has been told anew, aloud, that she may press."""


@dataclass(frozen=True, slots=True)
class Service:
    """A technician looks at the table of parts."""

    since_s: float
    found: Examined | None = None
    """None while it is being made."""


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """The patient tries picture and sound; nobody else sees it."""

    run: int
    since_s: float
    heard: bool | None = None
    """None while it runs."""
    flaw: Flaw | None = None
    """The weightiest that was found."""


@dataclass(frozen=True, slots=True)
class LetterShown:
    """A letter was read; one press confirms it."""

    since_s: float
    appointment: Appointment | None
    """What the press joins. None: a letter of somebody else's."""
    known: bool = False
    """The clinic's diary has this appointment, with its hour; a letter alone names none."""
    early: bool = False
    """Its time has not come: the press goes back."""


@dataclass(frozen=True, slots=True)
class WifiShown:
    """The code of a wireless network was read; one press joins it."""

    run: int
    since_s: float
    wifi: Wifi
    joined: bool | None = None
    """False: it was tried in vain,"""
    fault: WifiFault = WifiFault.OTHER
    """for this reason."""
    trying: bool = False


@dataclass(frozen=True, slots=True)
class Joining:
    """Pressed; not yet connected."""

    visit: Visit
    since_s: float
    """Monotonic: when the patient pressed."""
    tries: int = 1
    retry_at_s: float | None = None
    """None: a try is running. Otherwise when the next one starts."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Connected, in the waiting room."""

    visit: Visit
    since_s: float
    message: str = field(default="", repr=False)
    told: int = 0
    """How many rules have been shown; 0: the first sentence stands, that somebody will come."""
    told_at_s: float = 0.0
    """Monotonic: since when the present sentence stands; 0: since `since_s`."""
    comforts: int = 0
    """How often the patient has been told anew, aloud, that she is expected."""
    asks: Flaw | None = None
    """What she is being asked aloud to mend; None: she is told that she is expected."""
    line: Line = field(default_factory=Line)
    loudspeaker_off: bool = False


@dataclass(frozen=True, slots=True)
class InCall:
    """Connected and admitted."""

    visit: Visit
    since_s: float
    introduce_until_s: float = 0.0
    """Monotonic: until then the patient is asked who she is and who is with her."""
    identify_until_s: float = 0.0
    """Monotonic: until then the patient shows a card, and sees it large."""
    people: int = 0
    """In the consultation, ourselves counted; 0 while unknown."""
    muted_by_host: bool = False
    message: str = field(default="", repr=False)
    message_until_s: float = 0.0
    """Monotonic; the message leaves the screen then."""
    arrivals: int = 0
    """How many have joined since we did: each is told by a chime."""
    arrived: str = field(default="", repr=False)
    """The name of the last one, while it is shown."""
    arrived_until_s: float = 0.0
    caption: str = field(default="", repr=False)
    caption_until_s: float = 0.0
    recorded: bool = False
    slides: bool = False
    steered: bool = False
    """Somebody at the far end zooms or pans the patient's picture."""
    line: Line = field(default_factory=Line)
    loudspeaker_off: bool = False
    """Somebody speaks, and the patient cannot hear it."""
    speaks: bool = False
    """Somebody at the far end does."""


@dataclass(frozen=True, slots=True)
class Paused:
    """Connected, but nothing leaves this room and nothing enters it. What to go back to is kept in `held`."""

    held: Waiting | InCall
    since_s: float
    asked_since_s: float | None = None
    """Monotonic: since when the screen asks whether the consultation is over."""


@dataclass(frozen=True, slots=True)
class Reconnecting:
    """The connection broke in mid-visit; tries follow each other without a press."""

    visit: Visit
    since_s: float
    """Monotonic: when it broke."""
    paused: bool
    """The patient had paused: she stays paused when the call is back."""
    tries: int = 1
    retry_at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Phone:
    """The clinic rings the patient. The terminal goes on trying behind the card, with camera and microphone off;
    when it succeeds the visit is paused, for nobody expects to be seen again without a press."""

    visit: Visit
    since_s: float
    refusal: Refusal | None
    """The room said no, and why: only a press tries again. None: it could not be reached."""
    tries: int = 1
    retry_at_s: float | None = None
    again_at: datetime | None = None
    """Wall: when the next try is planned, to be shown."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The consultation is over."""

    reason: EndReason
    since_s: float


@dataclass(frozen=True, slots=True)
class Fault:
    """A part that a consultation cannot do without is broken, and no consultation is going on."""

    device: Device


Phase = (
    Starting
    | NoNetwork
    | Unassigned
    | Idle
    | Scheduled
    | Remind
    | Service
    | SelfCheck
    | LetterShown
    | WifiShown
    | Joining
    | Waiting
    | InCall
    | Paused
    | Reconnecting
    | Phone
    | Ended
    | Fault
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What stays true across phases."""

    policy: Policy
    assigned: bool = False
    standing: Standing | None = None
    """What is told while it is lent to nobody."""
    network_up: bool = True
    failed: frozenset[Device] = frozenset()
    ailments: frozenset[Ailment] = frozenset()
    mend: Flaw | None = None
    """What the patient should mend while she waits in this visit."""
    appointments: tuple[Appointment, ...] = ()
    appointments_read: bool = False
    """Their source has answered since the terminal started."""
    finished: frozenset[str] = frozenset()
    """Ids of appointments whose consultation is over."""
    refusals: tuple[tuple[str, Refusal], ...] = ()
    """Appointments, by id, whose room would not let us in when it was asked ahead of time."""
    interrupted: Interrupted | None = None
    """A visit that a restart of the terminal broke off, until the appointments are known."""
    visits: int = 0
    attempts: int = 0
    checks: int = 0
    pressed_at_s: float | None = None
    """Monotonic: the last press that counted or was swallowed."""
    service_presses: int = 0
    """So many presses of the technician's gesture have been made."""
    loudness: Loudness = field(default_factory=Loudness)


@dataclass(frozen=True, slots=True)
class State:
    """Everything the terminal decides from."""

    facts: Facts
    phase: Phase

    def to(self, phase: Phase) -> "State":
        """The same facts in another phase."""
        return replace(self, phase=phase)

    @property
    def refusal_ahead(self) -> Refusal | None:
        """What the room of the appointment that is shown said ahead of time."""
        match self.phase:
            case Scheduled(appointment=appointment) | Remind(appointment=appointment):
                return dict(self.facts.refusals).get(appointment.id)
            case _:
                return None

    def knowing(self, facts: Facts) -> "State":
        """Other facts in the same phase."""
        return replace(self, facts=facts)


def initial(policy: Policy, loudness: Loudness | None = None) -> State:
    """The state at power-on."""
    return State(facts=Facts(policy=policy, loudness=loudness or Loudness()), phase=Starting())
