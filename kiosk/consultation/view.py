"""What screen, lamp and loudspeaker show in a state: values and keys, never prose. Derived, never commanded."""

from dataclasses import dataclass, replace
from typing import Final

from kiosk.consultation.model import Device, EndReason, Flaw, Policy, Rule
from kiosk.consultation.screens import (
    EndedScreen,
    FaultScreen,
    IdentifyScreen,
    IdleScreen,
    InCallScreen,
    JoiningScreen,
    LetterScreen,
    NoNetworkScreen,
    PausedScreen,
    PhoneScreen,
    ReconnectingScreen,
    RemindScreen,
    ScheduledScreen,
    Screen,
    SelfCheckScreen,
    ServiceScreen,
    StartingScreen,
    UnassignedScreen,
    WaitingScreen,
    WifiScreen,
)
from kiosk.consultation.signals import Backlight, Lamp, Press, Speech
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
    volume: int | None = None
    """How loud it is, 1 to loudness.LEVELS, for some seconds after a key; None: that is not shown."""


CHECK_PICTURES: Final = -1
"""Tag of pictures of a practice test. Visits count from 1."""


_FOUND: Final[dict[Flaw, Speech]] = {
    Flaw.NO_PICTURE: Speech.CHECK_NO_PICTURE,
    Flaw.FROZEN: Speech.CHECK_NO_PICTURE,
    Flaw.BLACK: Speech.CHECK_COVERED,
    Flaw.COVERED: Speech.CHECK_COVERED,
    Flaw.MICROPHONE_SILENT: Speech.CHECK_NOT_HEARD,
    Flaw.NO_ECHO: Speech.CHECK_NO_ECHO,
    Flaw.NOISY: Speech.CHECK_NOISY,
    Flaw.NO_VOICE: Speech.CHECK_NOT_HEARD,
    Flaw.DARK: Speech.CHECK_DARK,
    Flaw.BACKLIT: Speech.CHECK_BACKLIT,
    Flaw.TOO_BRIGHT: Speech.CHECK_TOO_BRIGHT,
    Flaw.HOT: Speech.CHECK_HOT,
    Flaw.WEAK_POWER: Speech.CHECK_WEAK_POWER,
}
"""What is said of each."""


def view(state: State) -> View:
    """What to show. Every state has one screen, one meaning of the button, one lamp pattern."""
    loudness = state.facts.loudness
    shown = _of_phase(state)
    return shown if loudness.shown_until_s is None else replace(shown, volume=loudness.level)


def _of_phase(state: State) -> View:
    match state.phase:
        case Starting():
            return View(StartingScreen(), Press.NOTHING, Lamp.THREE_SHORT)
        case NoNetwork(asked_at_s=asked):
            screen = NoNetworkScreen(looking=asked is not None)
            press = Press.LOOK_AGAIN if asked is None else Press.PRACTISE
            return View(screen, press, Lamp.TWO_SHORT, Speech.NO_NETWORK)
        case Unassigned():
            return View(UnassignedScreen(state.facts.standing), Press.NOTHING, Lamp.OFF, backlight=Backlight.DIM)
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
        case Service(found=found):
            table = ServiceScreen(found.release, found.lines, found.code) if found is not None else ServiceScreen()
            return View(table, Press.FINISH_PRACTICE, Lamp.STEADY)
        case SelfCheck(heard=heard, flaw=flaw):
            said = {None: Speech.CHECK, True: Speech.CHECK_HEARD, False: Speech.CHECK_NOT_HEARD}[heard]
            speech = said if flaw is None else _FOUND[flaw]
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
                said = Speech.LETTER_STRANGE if appointment is None else Speech.LETTER_EARLY
                return View(letter, Press.FINISH_PRACTICE, Lamp.STEADY, said)
            return View(letter, Press.JOIN, Lamp.SLOW_PULSE, Speech.LETTER)
        case WifiShown(joined=joined, fault=fault, trying=trying):
            wifi = WifiScreen(trying, failed=joined is not None, fault=fault)
            if trying:
                return View(wifi, Press.NOTHING, Lamp.FAST_PULSE, Speech.JOINING)
            if joined is None:
                return View(wifi, Press.CONNECT, Lamp.STEADY, Speech.WIFI)
            return View(wifi, Press.FINISH_PRACTICE, Lamp.STEADY, Speech.WIFI_FAILED)
        case Joining(visit=visit, tries=tries):
            screen_ = JoiningScreen(trying_again=tries > 1)
            return View(screen_, Press.NOTHING, Lamp.FAST_PULSE, Speech.JOINING, capturing=True, pictures_of=visit.id)
        case Waiting(visit=visit, message=message) as wait:
            # Every other sentence tells where she is and what is good to know.
            mend = None if wait.told % 2 else state.facts.mend
            return View(
                WaitingScreen(message, _rule(wait, state.facts.policy), mend),
                Press.PAUSE,
                Lamp.SLOW_PULSE,
                _FOUND[wait.asks] if wait.asks else Speech.WAITING,
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
                    poor=call.line.told,
                    poor_in_words=call.line.words_until_s > 0,
                    loudspeaker_off=call.loudspeaker_off and Device.SPEAKER not in state.facts.failed,
                    speaks=call.speaks,
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
            press = Press.NOTHING if device is Device.BUTTON else Press.TEST_AGAIN
            return View(FaultScreen(device), press, Lamp.SLOW_TRIPLE, Speech.FAULT)


def _rule(wait: Waiting, policy: Policy) -> Rule | None:
    turn = wait.told % (len(policy.waiting_rules) + 1)
    return policy.waiting_rules[turn - 1] if turn else None
