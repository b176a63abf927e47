"""One ready-made state of each phase, reached by events as the terminal reaches it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from kiosk.clock import Moment
from kiosk.consultation.events import (
    AppointmentsRead,
    ButtonPressed,
    CallConnected,
    CallEnded,
    CallLost,
    DeviceFailed,
    DeviceWorks,
    Event,
    LetterRead,
    NetworkChanged,
    SelfCheckDone,
    Started,
    Tick,
    WifiTried,
)
from kiosk.consultation.model import Appointment, Device, LossReason, Policy, Room, Wifi
from kiosk.consultation.state import State, initial
from kiosk.consultation.update import update

NOON: Final = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ROOM: Final = Room(provider="pexip", host="https://join.example.org", alias="123456", display_name="Kari Nordmann")
OTHER_ROOM: Final = Room(provider="pexip", host="https://join.example.org", alias="654321")
WIFI: Final = Wifi("Kari Nordmann", "123456789")
SOON: Final = Appointment("soon", NOON + timedelta(minutes=5), NOON + timedelta(minutes=35), ROOM)
LATER: Final = Appointment("later", NOON + timedelta(hours=20), NOON + timedelta(hours=21), ROOM)
START: Final = Moment(NOON, 1_000.0)


def at(seconds: float) -> Moment:
    """So long after the start, on both clocks."""
    return Moment(NOON + timedelta(seconds=seconds), START.monotonic_s + seconds)


def after(state: State, *events: Event, now: Moment = START) -> State:
    """The state after these events, all at one moment."""
    for event in events:
        state = update(state, event, now)
    return state


def resting(*appointments: Appointment) -> State:
    """Started, lent out, with these appointments."""
    return after(initial(Policy()), Started(assigned=True), AppointmentsRead(appointments))


def joining() -> State:
    """Pressed a moment ago."""
    return after(resting(SOON), ButtonPressed())


def waiting() -> State:
    """In the waiting room."""
    return after(joining(), CallConnected(attempt=1, waiting=True))


def in_call() -> State:
    """With the clinician."""
    return after(joining(), CallConnected(attempt=1, waiting=False))


def paused() -> State:
    """Paused in the consultation."""
    return after(in_call(), ButtonPressed(), now=at(2))


def reconnecting() -> State:
    """The call broke; the second try runs."""
    return after(in_call(), CallLost(1, LossReason.MEDIA), now=at(2))


def phone(*, refused: bool = False) -> State:
    """The telephone card."""
    if refused:
        return after(joining(), CallLost(1, LossReason.REFUSED))
    return after(reconnecting(), Tick(), now=at(2 + Policy().reconnect_for_s))


def every_state() -> Iterator[State]:
    """At least one of each phase, with its variants."""
    yield initial(Policy())
    yield after(resting(), NetworkChanged(up=False))
    yield after(resting(), NetworkChanged(up=False), ButtonPressed())
    yield after(initial(Policy()), Started(assigned=False))
    yield resting()
    yield resting(LATER)
    yield resting(SOON)
    yield resting(replace(SOON, room=None))
    yield after(resting(), ButtonPressed())
    yield after(resting(), ButtonPressed(), SelfCheckDone(1, heard=True))
    for letter in (None, LATER.room, OTHER_ROOM):
        yield after(resting(LATER), ButtonPressed(), LetterRead(1, letter))
    found = after(resting(LATER), ButtonPressed(), LetterRead(1, None, WIFI))
    yield found
    tried = after(found, ButtonPressed(), now=at(3))
    yield after(tried, WifiTried(1, joined=False))
    yield tried
    yield joining()
    yield after(joining(), CallLost(1, LossReason.UNREACHABLE))
    yield waiting()
    yield in_call()
    yield paused()
    yield after(paused(), Tick(), now=at(2 + Policy().pause_question_after_s))
    yield reconnecting()
    yield after(reconnecting(), CallLost(2, LossReason.MEDIA), now=at(3))
    yield phone()
    yield phone(refused=True)
    yield after(in_call(), CallEnded(1), now=at(60))
    yield after(resting(), DeviceFailed(Device.CAMERA))


def news(state: State) -> Iterator[Event]:
    """What the world may say to a state that has no deadline of its own."""
    yield Started(assigned=True)
    yield ButtonPressed()
    yield NetworkChanged(up=not state.facts.network_up)
    yield DeviceWorks(Device.CAMERA)
    yield AppointmentsRead((SOON,))
    yield CallEnded(state.facts.attempts)
