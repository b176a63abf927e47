"""What must be running in a state, and when to look at the clock again. Both are derived, never remembered."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from kiosk.clock import Moment
from kiosk.consultation import timing
from kiosk.consultation.model import Appointment, Room, Wifi
from kiosk.consultation.names import as_shown
from kiosk.consultation.signals import Press, Speech
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
    Service,
    Starting,
    State,
    Unassigned,
    Waiting,
    WifiShown,
)
from kiosk.consultation.view import view

WAKE_AT_LEAST_EVERY_S: Final = 60.0
"""Wall time may jump under us: whatever hangs on it is looked at again this often."""


@dataclass(frozen=True, slots=True)
class WatchNetwork:
    """Post NetworkChanged when the way to the world comes or goes."""


@dataclass(frozen=True, slots=True)
class WatchDevices:
    """Post DeviceFailed and DeviceWorks for parts that are not open, without opening them."""


@dataclass(frozen=True, slots=True)
class WatchHealth:
    """Post HealthChanged when the machine gets ill or well."""


@dataclass(frozen=True, slots=True)
class PollAppointments:
    """Read the source of appointments now and then."""


@dataclass(frozen=True, slots=True)
class HoldCall:
    """Be in the room."""

    visit: int
    attempt: int
    room: Room = field(repr=False)


@dataclass(frozen=True, slots=True)
class Capture:
    """Camera and microphone are on."""

    visit: int


@dataclass(frozen=True, slots=True)
class Listen:
    """The loudspeaker is on, and remote pictures may reach the screen."""

    visit: int


@dataclass(frozen=True, slots=True)
class SendDetail:
    """A card is held to the camera: send sharp pictures rather than many."""

    visit: int


@dataclass(frozen=True, slots=True)
class CheckJoin:
    """Look whether the patient will be seen and heard well."""

    visit: int


@dataclass(frozen=True, slots=True)
class StayPaused:
    """Tell the room that we have paused, and when that is over."""

    visit: int
    attempt: int


@dataclass(frozen=True, slots=True)
class RunSelfCheck:
    """Picture and sound without a room: show the patient herself and listen whether she speaks."""

    run: int


@dataclass(frozen=True, slots=True)
class JoinWifi:
    """Get onto a wireless network."""

    run: int
    wifi: Wifi


@dataclass(frozen=True, slots=True)
class Chime:
    """Tell by a sound that somebody joined."""

    visit: int
    arrivals: int


@dataclass(frozen=True, slots=True)
class CheckRoom:
    """Ask the room of a coming appointment, without taking a seat, whether it would let us in."""

    appointment_id: str
    room: Room = field(repr=False)


@dataclass(frozen=True, slots=True)
class Examine:
    """Post Examined for a technician."""

    since_s: float


@dataclass(frozen=True, slots=True)
class TryLine:
    """At set times, call a test room with generated picture and sound."""


@dataclass(frozen=True, slots=True)
class KeepVolume:
    """The loudspeaker plays as loud as the patient has chosen."""

    gain_db: float


@dataclass(frozen=True, slots=True)
class Speak:
    """Say once what the state asks for, and what a press does; after a key for loudness a tone, and all again."""

    speech: Speech | None
    """None: only the tone."""
    press: Press
    turn: int
    """Another one: say it again."""
    mixed: bool
    """The loudspeaker is open for something else, which takes this in; otherwise it is opened for just this."""
    keys: int = 0
    """So often a key for loudness has counted: what was not answered yet is answered by a tone."""


Activity = (
    WatchNetwork
    | WatchDevices
    | WatchHealth
    | PollAppointments
    | HoldCall
    | Capture
    | Listen
    | SendDetail
    | CheckJoin
    | StayPaused
    | RunSelfCheck
    | JoinWifi
    | Chime
    | CheckRoom
    | Examine
    | TryLine
    | KeepVolume
    | Speak
)

_ALWAYS: Final[frozenset[Activity]] = frozenset({WatchNetwork(), WatchHealth(), PollAppointments()})


def activities(state: State) -> frozenset[Activity]:
    """What must be running in this state; anything else is stopped."""
    loudness = state.facts.loudness
    running = _running(state) | {KeepVolume(loudness.gain_db)}
    if isinstance(state.phase, Idle | Scheduled | Unassigned):
        running |= {TryLine()}
    if isinstance(state.phase, Joining | Waiting):
        running |= {CheckJoin(state.phase.visit.id)}
    shown = view(state)
    # Nothing is said into a conversation.
    speech = None if isinstance(state.phase, InCall) else shown.speech
    if speech is None and not loudness.turns:
        return running
    mixed = any(isinstance(each, Listen | RunSelfCheck) for each in running)
    return running | {Speak(speech, shown.press, shown.speech_turn, mixed, loudness.turns)}


def _running(state: State) -> frozenset[Activity]:
    resting: frozenset[Activity] = _ALWAYS | {WatchDevices()}
    match state.phase:
        case Starting():
            return frozenset()
        case Scheduled(appointment=Appointment(meet_at=str(place))) if place:
            return resting
        case Scheduled(appointment=appointment) | Remind(appointment=appointment) if appointment.room is not None:
            return resting | {CheckRoom(appointment.id, as_shown(appointment.room, state.facts.policy))}
        case NoNetwork() | Unassigned() | Idle() | Scheduled() | Remind() | Ended() | Fault():
            return resting
        case SelfCheck(run=run, heard=None):
            return _ALWAYS | {RunSelfCheck(run)}
        case WifiShown(run=run, wifi=wifi, trying=True):
            return resting | {JoinWifi(run, wifi)}
        case Service(since_s=since):
            return resting | {Examine(since)}
        case SelfCheck() | LetterShown() | WifiShown():
            return resting
        case Joining(visit=visit, retry_at_s=None):
            return _ALWAYS | {HoldCall(visit.id, visit.attempt, visit.room), Capture(visit.id), Listen(visit.id)}
        case Joining(visit=visit):
            return _ALWAYS | {Capture(visit.id), Listen(visit.id)}
        case Waiting(visit=visit) | InCall(visit=visit):
            call = HoldCall(visit.id, visit.attempt, visit.room)
            running: frozenset[Activity] = _ALWAYS | {call, Capture(visit.id), Listen(visit.id)}
            if isinstance(state.phase, InCall):
                if state.phase.arrivals:
                    running |= {Chime(visit.id, state.phase.arrivals)}
                if state.phase.identify_until_s:
                    running |= {SendDetail(visit.id)}
            return running
        case Paused(held=held):
            visit = held.visit
            return _ALWAYS | {
                HoldCall(visit.id, visit.attempt, visit.room),
                StayPaused(visit.id, visit.attempt),
            }
        case Reconnecting(visit=visit, paused=paused, retry_at_s=retry_at_s):
            wanted: set[Activity] = set() if paused else {Capture(visit.id), Listen(visit.id)}
            if retry_at_s is None:
                wanted.add(HoldCall(visit.id, visit.attempt, visit.room))
            return _ALWAYS | wanted
        case Phone(visit=visit, retry_at_s=retry_at_s, refusal=refusal):
            # The patient was told that nobody sees her here: camera and microphone are off until the call is back.
            if refusal or retry_at_s is not None:
                return resting
            return resting | {HoldCall(visit.id, visit.attempt, visit.room)}


def deadline(state: State, now: Moment) -> float:
    """Monotonic seconds at which `update` wants a Tick, at most a minute ahead."""
    latest = now.monotonic_s + WAKE_AT_LEAST_EVERY_S
    wanted = [when for when in (*timing.deadlines(state), *state.facts.loudness.deadlines) if when is not None]
    # Wall-clock moments are turned into waiting by today's reading of both clocks; a jump is met within a minute.
    wanted += [
        now.monotonic_s + max(0.0, (at - now.wall) / timedelta(seconds=1))
        for at in timing.wall_deadlines(state)
        if at > now.wall
    ]
    return min([latest, *wanted])
