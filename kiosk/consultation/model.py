"""What a consultation is made of: rooms, appointments, contacts, people, devices, policies.

Fields that tell who somebody is, or that open a door, have `repr=False`: they cannot reach a log by accident.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, IntEnum


@dataclass(frozen=True, slots=True)
class Room:
    """Where one meets."""

    provider: str
    """The room client that speaks the platform's language, such as "pexip"."""
    host: str = field(repr=False)
    """Base URL of the platform's node, such as https://join.example.org."""
    alias: str = field(repr=False)
    """Room number or name."""
    pin: str | None = field(default=None, repr=False)
    display_name: str = field(default="", repr=False)
    """What the others see."""
    extension: str | None = field(default=None, repr=False)
    """What a virtual reception asks for; None: the alias itself."""
    token: str | None = field(default=None, repr=False)
    """A one-time token that lets a transferred participant in."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """One booked hour."""

    id: str
    """Opaque; says nothing of the patient."""
    starts_at: datetime
    """Aware, UTC."""
    ends_at: datetime
    room: Room | None = None
    """None: the hour is known, but the clinic has given no room yet."""
    meet_at: str = field(default="", repr=False)
    """Where the patient is to come in person: the hour is no video consultation any more, and no press joins."""


@dataclass(frozen=True, slots=True)
class Wifi:
    """A wireless network, as its code tells it."""

    name: str = field(repr=False)
    password: str | None = field(repr=False)
    """None: it wants none."""
    hidden: bool = False
    """It does not tell its name by itself."""


class WifiFault(Enum):
    """Why a wireless network did not let us in."""

    PASSWORD = "password"  # noqa: S105
    """The code's password is not the network's."""
    NOT_FOUND = "not_found"
    """Out of reach."""
    LOGIN = "login"
    """It lets nobody further before a form is filled in, as in hotels."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ring. Shown on every screen outside the call."""

    name: str
    phone: str
    hours: str = ""
    """When somebody answers, in the clinic's words."""
    open: tuple[str, ...] = ()
    """The same for the terminal, such as "mon-fri 08:00-15:30": with it the screen tells when nobody answers, and
    from when on somebody will. Closed on Norway's public holidays."""


@dataclass(frozen=True, slots=True)
class Clinic:
    """What the clinic has chosen to have the screen say."""

    urgent_numbers: bool = False
    """Tell 116 117 and 113 where the clinic's own number does not answer,"""
    urgent_words: str | None = None
    """in these words; None: in the language's own."""
    invoice: str | None = None
    """What the patient hears of the bill when the consultation is over; None: the language's sentence."""
    next_step: str = ""
    """What comes next, told then too."""


class Key(Enum):
    """The keys beside the button."""

    LOUDER = "louder"
    SOFTER = "softer"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The self-check found every part of this terminal; the code names its report."""

    code: str


@dataclass(frozen=True, slots=True)
class Faulty:
    """It did not: these parts are not as they should be, in the words of `kiosk doctor`; "card": the settings."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wiped:
    """Everything of the last loan is gone."""

    code: str
    """Names the receipt."""
    receipt: str = field(repr=False)
    """Signed by the terminal; as a code that a telephone reads."""


Standing = Accepted | Faulty | Wiped
"""What is to be told of a terminal that is lent to nobody."""


class Device(Enum):
    """The parts that can fail while the terminal lives on."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SPEAKER = "speaker"
    BUTTON = "button"
    """Looked for at the start only: a button that does not answer is no different from one that nobody presses."""


class Quality(IntEnum):
    """How well a connection does, one way. The higher the worse."""

    GOOD = 0
    WEAK = 1
    """It can be noticed."""
    BAD = 2
    """It disturbs: one misses words, or the picture stands."""


class Flaw(Enum):
    """What a practice test may find, the weightiest first."""

    NO_PICTURE = "no_picture"
    BLACK = "black"
    FROZEN = "frozen"
    COVERED = "covered"
    MICROPHONE_SILENT = "microphone_silent"
    """Not even the noise of its own."""
    NO_ECHO = "no_echo"
    """The microphone does not hear the loudspeaker."""
    NOISY = "noisy"
    NO_VOICE = "no_voice"
    DARK = "dark"
    BACKLIT = "backlit"
    TOO_BRIGHT = "too_bright"
    HOT = "hot"
    """The terminal itself."""
    WEAK_POWER = "weak_power"
    """Its charger does not give enough."""


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """What a technician is told of one part."""

    part: str
    good: bool
    told: str
    """Figures, or the fault in words."""


class Ailment(Enum):
    """What may be wrong with the machine itself."""

    HOT = "hot"
    WEAK_POWER = "weak_power"
    DISK_FULL = "disk_full"
    CLOCK_UNSURE = "clock_unsure"
    """No time server has answered since the start."""
    BUTTON_STUCK = "button_stuck"
    """Down for longer than anybody presses."""


class NameShown(Enum):
    """How much of the patient's name the others see."""

    FULL = "full"
    FIRST = "first"
    INITIALS = "initials"


class Rule(Enum):
    """What a patient is told while she waits, one after the other. Each has one sentence in every language."""

    QUIET_PLACE = "quiet_place"
    TELEPHONE = "telephone"
    """Silent, since nothing should disturb; near, since it is what is left when video fails."""
    SOMEBODY_COMES = "somebody_comes"
    NO_RECORDING = "no_recording"
    IDENTIFICATION = "identification"
    """The patient may ask the clinician's."""
    UNSEEN = "unseen"
    """The clinician does not see all of her."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What clinics decide differently. Seconds, all of them."""

    arm_before_s: float = 15 * 60
    """From this long before the appointment a press joins; earlier it starts the practice test."""
    join_after_end_s: float = 30 * 60
    """Until this long after the appointment's end one may still join or go on waiting."""
    display_name: NameShown = NameShown.FULL
    """How the patient's name is shown to the others."""
    captions: bool = False
    """Ask the platform for live captions, and show them."""
    reconnect_for_s: float = 120
    """How long the patient sees "connecting again" before the phone card; the terminal keeps trying behind it."""
    urgent_numbers: bool = False
    """Show the numbers of the emergency services while the clinic's telephone does not answer."""
    identify_word: str = "ID"
    """What a clinician writes to have the patient hold a card to the camera; in capitals or not. Empty: nothing
    does that."""
    press_guard_s: float = 0.5
    """A second press within this time is a tremor, not a wish."""
    pause_question_after_s: float = 10 * 60
    """After so long a pause the screen asks whether the consultation is over."""
    waiting_rules: tuple[Rule, ...] = tuple(Rule)
    """What the waiting room's screen tells in turn; empty: only that somebody will come."""
    pause_answer_s: float = 60
    """How long the question stands before the terminal may leave the room. Never under 20."""
    end_after_pause: bool = False
    """Leave the room when nobody answers the question. False: the question stands until the appointment's time and its
    grace are over; only then is the terminal needed for something else."""


class EndReason(Enum):
    """Why a consultation is over, as far as the patient's screen is concerned."""

    FINISHED = "finished"
    """A host ended it, or the room did."""
    LEFT_AFTER_PAUSE = "left_after_pause"
    """A pause that nobody came back from."""
    TOO_LATE = "too_late"
    """The appointment's time and its grace are over."""


class Refusal(Enum):
    """Why a room does not let us in, and why trying again by ourselves would not help."""

    PIN = "pin"
    """Wrong, missing, or tried too often."""
    NOT_FOUND = "not_found"
    """No such room."""
    LOGIN = "login"
    """The room wants an electronic identity, which this terminal never asks for."""
    FORBIDDEN_HOST = "forbidden_host"
    """The room's address is not among those the clinic allows, or is not encrypted."""
    OTHER = "other"


class LossReason(Enum):
    """Why a call that we want is not there."""

    UNREACHABLE = "unreachable"
    MEDIA = "media"
    ASKED_TO_REJOIN = "asked_to_rejoin"
    """The platform dropped us for a reason that is not an end: waited too long, its node failed, the token expired."""
    REFUSED = "refused"
    """Wrong PIN, no such room, log-in wanted: trying again by ourselves would not help."""
    LEFT_BEHIND = "left_behind"
    """The call's own activity ended without a word."""
