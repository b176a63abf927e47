"""What screen, lamp and loudspeaker show in a state: values and keys, never prose. Derived, never commanded."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final

from kiosk.consultation.model import Device, EndReason, Flaw, Policy, Refusal, Rule
from kiosk.consultation.state import (
    Ended,
    Fault,
    Idle,
    InCall,
    Joining,
    LetterShown,
    NoNetwork,
    Paused,
    Phone,
    Reconnecting,
    Remind,
    Scheduled,
    SelfCheck,
    Starting,
    State,
    Unassigned,
    Waiting,
    WifiShown,
)


class Press(Enum):
    """What a press does now. Each has one sentence in every language."""

    NOTHING = "nothing"
    LOOK_AGAIN = "look_again"
    PRACTISE = "practise"
    FINISH_PRACTICE = "finish_practice"
    CONNECT = "connect"
    JOIN = "join"
    PAUSE = "pause"
    RESUME = "resume"
    TRY_NOW = "try_now"
    TRY_VIDEO = "try_video"
    TEST_AGAIN = "test_again"


class Lamp(Enum):
    """The lamp in the button. Told apart by rhythm, never by colour alone; nothing faster than 2 Hz."""

    OFF = "off"
    DIM = "dim"
    STEADY = "steady"
    SLOW_PULSE = "slow_pulse"
    FAST_PULSE = "fast_pulse"
    TWO_SHORT = "two_short"
    THREE_SHORT = "three_short"
    SLOW_TRIPLE = "slow_triple"
    LONG_SHORT = "long_short"
    SLOW_DOUBLE = "slow_double"


Steps = tuple[tuple[float, int], ...]
"""Brightness 0..1 and milliseconds, repeated for ever; a single step is constant light."""

LAMP_STEPS: Final[dict[Lamp, Steps]] = {
    Lamp.OFF: ((0.0, 1000),),
    Lamp.DIM: ((0.15, 1000),),
    Lamp.STEADY: ((1.0, 1000),),
    Lamp.SLOW_PULSE: ((1.0, 1000), (0.1, 1000)),
    Lamp.FAST_PULSE: ((1.0, 300), (0.1, 300)),
    Lamp.TWO_SHORT: ((1.0, 300), (0.0, 300), (1.0, 300), (0.0, 1500)),
    Lamp.THREE_SHORT: ((1.0, 300), (0.0, 300), (1.0, 300), (0.0, 300), (1.0, 300), (0.0, 1500)),
    Lamp.SLOW_TRIPLE: ((1.0, 600), (0.0, 400), (1.0, 600), (0.0, 400), (1.0, 600), (0.0, 2000)),
    Lamp.LONG_SHORT: ((1.0, 1500), (0.0, 500), (1.0, 400), (0.0, 800)),
    Lamp.SLOW_DOUBLE: ((1.0, 600), (0.0, 400), (1.0, 600), (0.0, 2400)),
}


class Backlight(Enum):
    """How bright the screen is."""

    OFF = "off"
    DIM = "dim"
    FULL = "full"


class Speech(Enum):
    """A spoken sentence, named; the words are the language's. No sentence tells who or why."""

    NO_NETWORK = "no_network"
    REMIND = "remind"
    RING = "ring"
    """The room is unknown or would not let her in: she should ring."""
    CHECK = "check"
    CHECK_HEARD = "check_heard"
    CHECK_NOT_HEARD = "check_not_heard"
    JOINING = "joining"
    WAITING = "waiting"
    RECORDED = "recorded"
    IDENTIFY = "identify"
    PAUSED = "paused"
    STILL_THERE = "still_there"
    RECONNECTING = "reconnecting"
    PHONE = "phone"
    ENDED = "ended"
    TOO_LATE = "too_late"
    FAULT = "fault"


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


@dataclass(frozen=True, slots=True)
class View:
    """All that the patient sees and hears of a state."""

    screen: Screen
    press: Press
    lamp: Lamp
    speech: Speech | None = None
    """Spoken when it changes to this,"""
    speech_turn: int = 0
    """and again whenever this number does."""
    backlight: Backlight = Backlight.FULL
    capturing: bool = False
    """Camera and microphone are on; the screen must show it."""
    pictures_of: int | None = None
    """Only pictures tagged with this number may be shown; None: no picture at all."""
    remote: bool = False
    """The far end's picture belongs on this screen; the patient's own does whenever `capturing`."""


CHECK_PICTURES: Final = -1
"""Tag of pictures of a practice test. Visits count from 1."""


def view(state: State) -> View:
    """What to show. Every state has one screen, one meaning of the button, one lamp pattern."""
    match state.phase:
        case Starting():
            return View(StartingScreen(), Press.NOTHING, Lamp.THREE_SHORT)
        case NoNetwork(asked_at_s=asked):
            screen = NoNetworkScreen(looking=asked is not None)
            press = Press.LOOK_AGAIN if asked is None else Press.PRACTISE
            return View(screen, press, Lamp.TWO_SHORT, Speech.NO_NETWORK)
        case Unassigned():
            return View(UnassignedScreen(), Press.NOTHING, Lamp.OFF, backlight=Backlight.DIM)
        case Idle():
            return View(IdleScreen(), Press.PRACTISE, Lamp.DIM, backlight=Backlight.DIM)
        case Scheduled(appointment=appointment):
            screen_ahead = ScheduledScreen(appointment.starts_at, state.refusal_ahead, appointment.meet_at)
            return View(screen_ahead, Press.PRACTISE, Lamp.DIM, backlight=Backlight.DIM)
        case Remind(appointment=appointment, calls=calls):
            known = appointment.room is not None
            return View(
                RemindScreen(appointment.starts_at, known, state.refusal_ahead),
                Press.JOIN if known else Press.PRACTISE,
                Lamp.SLOW_PULSE,
                Speech.REMIND if known and state.refusal_ahead is None else Speech.RING,
                speech_turn=calls,
            )
        case SelfCheck(heard=heard, flaw=flaw):
            said = {None: Speech.CHECK, True: Speech.CHECK_HEARD, False: Speech.CHECK_NOT_HEARD}[heard]
            speech = said if flaw in {None, Flaw.NO_VOICE, Flaw.MICROPHONE_SILENT} else None
            running = heard is None
            return View(
                SelfCheckScreen(heard, flaw),
                Press.FINISH_PRACTICE,
                Lamp.STEADY,
                speech,
                capturing=running,
                pictures_of=CHECK_PICTURES if running else None,
            )
        case LetterShown(appointment=appointment, known=known, early=early):
            starts_at = appointment.starts_at if appointment is not None and known else None
            letter = LetterScreen(ours=appointment is not None, starts_at=starts_at)
            if appointment is None or early:
                return View(letter, Press.FINISH_PRACTICE, Lamp.STEADY)
            return View(letter, Press.JOIN, Lamp.SLOW_PULSE)
        case WifiShown(joined=joined, trying=trying):
            wifi = WifiScreen(trying, failed=joined is not None)
            if trying:
                return View(wifi, Press.NOTHING, Lamp.FAST_PULSE)
            return View(wifi, Press.CONNECT if joined is None else Press.FINISH_PRACTICE, Lamp.STEADY)
        case Joining(visit=visit, tries=tries):
            screen_ = JoiningScreen(trying_again=tries > 1)
            return View(screen_, Press.NOTHING, Lamp.FAST_PULSE, Speech.JOINING, capturing=True, pictures_of=visit.id)
        case Waiting(visit=visit, message=message) as wait:
            return View(
                WaitingScreen(message, _rule(wait, state.facts.policy)),
                Press.PAUSE,
                Lamp.SLOW_PULSE,
                Speech.WAITING,
                speech_turn=wait.comforts,
                capturing=True,
                pictures_of=visit.id,
            )
        case InCall(visit=visit, identify_until_s=until, recorded=recorded) if until:
            return View(
                IdentifyScreen(recorded),
                Press.PAUSE,
                Lamp.STEADY,
                Speech.IDENTIFY,
                capturing=True,
                pictures_of=visit.id,
            )
        case InCall(visit=visit) as call:
            broken = min(state.facts.failed, key=lambda device: device.value, default=None)
            return View(
                InCallScreen(
                    call.people,
                    call.muted_by_host,
                    call.message,
                    broken,
                    arrived=call.arrived,
                    caption=call.caption,
                    recorded=call.recorded,
                    slides=call.slides,
                    steered=call.steered,
                    introduce=call.introduce_until_s > 0,
                ),
                Press.PAUSE,
                Lamp.STEADY,
                Speech.RECORDED if call.recorded else None,
                capturing=True,
                pictures_of=visit.id,
                remote=True,
            )
        case Paused(asked_since_s=asked):
            speech = Speech.PAUSED if asked is None else Speech.STILL_THERE
            return View(PausedScreen(asking=asked is not None), Press.RESUME, Lamp.LONG_SHORT, speech)
        case Reconnecting(visit=visit, paused=paused):
            return View(
                ReconnectingScreen(paused),
                Press.TRY_NOW,
                Lamp.FAST_PULSE,
                Speech.RECONNECTING,
                capturing=not paused,
                pictures_of=None if paused else visit.id,
            )
        case Phone(refusal=refusal, again_at=again_at):
            who_rings = Speech.RING if refusal else Speech.PHONE
            return View(PhoneScreen(refusal, again_at), Press.TRY_VIDEO, Lamp.SLOW_DOUBLE, who_rings)
        case Ended(reason=reason):
            last_words = Speech.TOO_LATE if reason is EndReason.TOO_LATE else Speech.ENDED
            return View(EndedScreen(reason), Press.NOTHING, Lamp.OFF, last_words)
        case Fault(device=device):
            return View(FaultScreen(device), Press.TEST_AGAIN, Lamp.SLOW_TRIPLE, Speech.FAULT)


def _rule(wait: Waiting, policy: Policy) -> Rule | None:
    turn = wait.told % (len(policy.waiting_rules) + 1)
    return policy.waiting_rules[turn - 1] if turn else None
