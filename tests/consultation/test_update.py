"""Tables: what each event does in each state, what runs there, and what is shown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.clock import Moment
from kiosk.consultation import timing
from kiosk.consultation.activities import Capture, HoldCall, Listen, RunSelfCheck, StayPaused, activities
from kiosk.consultation.events import (
    Admitted,
    ButtonPressed,
    CallConnected,
    CallEnded,
    CallLost,
    DeviceFailed,
    Event,
    MessageReceived,
    MutedByHost,
    NetworkChanged,
    PeopleChanged,
    SelfCheckDone,
    SentToWaitingRoom,
    Tick,
)
from kiosk.consultation.model import Device, EndReason, LossReason, Policy
from kiosk.consultation.state import (
    Ended,
    Idle,
    InCall,
    Joining,
    NoNetwork,
    Paused,
    Phone,
    Reconnecting,
    Remind,
    SelfCheck,
    State,
    Waiting,
)
from kiosk.consultation.update import update
from kiosk.consultation.view import Lamp, PausedScreen, Press, view
from tests.consultation import examples
from tests.consultation.examples import (
    LATER,
    NOON,
    SOON,
    after,
    at,
    every_state,
    in_call,
    joining,
    paused,
    phone,
    reconnecting,
    resting,
    waiting,
)

A_PRESS = ButtonPressed()

PRESSES = [
    (resting(), SelfCheck),
    (resting(LATER), SelfCheck),
    (resting(SOON), Joining),
    (after(resting(), A_PRESS), Idle),
    (joining(), Joining),
    (waiting(), Paused),
    (in_call(), Paused),
    (paused(), InCall),
    (after(waiting(), A_PRESS, now=at(2)), Waiting),
    (reconnecting(), Reconnecting),
    (phone(), Joining),
    (phone(refused=True), Joining),
    (after(in_call(), CallEnded(1), now=at(195)), Ended),
    (after(resting(), DeviceFailed(Device.CAMERA)), SelfCheck),
    (after(resting(), NetworkChanged(up=False)), NoNetwork),
]


@pytest.mark.parametrize(("state", "expected"), PRESSES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_press_has_one_meaning(state: State, expected: type) -> None:
    assert type(update(state, A_PRESS, at(200)).phase) is expected


SECOND_TRY = after(reconnecting(), CallLost(2, LossReason.MEDIA, spread=0.5), now=at(3))

EVENTS: list[tuple[str, State, Event, Moment, object]] = [
    ("admitted", waiting(), Admitted(1), at(9), InCall),
    ("admitted while paused stays paused", after(waiting(), A_PRESS, now=at(2)), Admitted(1), at(9), Paused),
    ("sent back", in_call(), SentToWaitingRoom(1), at(9), Waiting),
    ("lost in the call", in_call(), CallLost(1, LossReason.MEDIA), at(9), Reconnecting),
    ("lost in the waiting room", waiting(), CallLost(1, LossReason.UNREACHABLE), at(9), Reconnecting),
    ("lost while paused", paused(), CallLost(1, LossReason.MEDIA), at(9), Reconnecting),
    ("refused", joining(), CallLost(1, LossReason.REFUSED), at(9), Phone),
    ("refused on return", reconnecting(), CallLost(2, LossReason.REFUSED), at(9), Phone),
    ("unreachable", joining(), CallLost(1, LossReason.UNREACHABLE), at(9), Joining),
    ("back in the call", reconnecting(), CallConnected(2, waiting=False), at(9), InCall),
    ("back in the waiting room", reconnecting(), CallConnected(2, waiting=True), at(9), Waiting),
    ("back behind the card: unseen", phone(), CallConnected(2, waiting=False), at(130), Paused),
    ("an old try connects", reconnecting(), CallConnected(1, waiting=False), at(9), Reconnecting),
    ("ended", in_call(), CallEnded(1), at(9), Ended),
    ("ended in the waiting room", waiting(), CallEnded(1), at(9), Ended),
    ("ended while paused", paused(), CallEnded(1), at(9), Ended),
    ("an old call ends", reconnecting(), CallEnded(1), at(9), Reconnecting),
    ("the check is done", after(resting(), A_PRESS), SelfCheckDone(1, heard=True), at(9), SelfCheck),
    ("too long on the way", joining(), Tick(), at(Policy().reconnect_for_s), Phone),
    ("pause without end", after(paused(), Tick(), now=at(700)), Tick(), at(761), Ended),
    ("camera lost in the call", in_call(), DeviceFailed(Device.CAMERA), at(9), InCall),
    ("network lost in the call", in_call(), NetworkChanged(up=False), at(9), InCall),
    ("ended screen over", after(in_call(), CallEnded(1), now=at(9)), Tick(), at(9 + timing.ENDED_STANDS_S), Idle),
    ("too late to wait", waiting(), Tick(), at(2 * 60 * 60), Ended),
    ("never too late to talk", in_call(), Tick(), at(5 * 60 * 60), InCall),
]


@pytest.mark.parametrize(("name", "state", "event", "now", "expected"), EVENTS, ids=[row[0] for row in EVENTS])
def test_events(name: str, state: State, event: Event, now: Moment, expected: type) -> None:
    assert type(update(state, event, now).phase) is expected


def test_connecting_does_not_redial() -> None:
    before = activities(joining())
    for state in (waiting(), in_call(), after(waiting(), Admitted(1))):
        assert activities(state) == before


def test_pausing_keeps_the_place_and_closes_the_devices() -> None:
    gone = activities(in_call()) - activities(paused())
    assert gone == {Capture(1), Listen(1)}
    assert activities(paused()) - activities(in_call()) == {StayPaused(1, 1)}
    assert activities(update(paused(), A_PRESS, at(10))) == activities(in_call())


def test_the_next_try_waits_and_then_is_a_new_call() -> None:
    assert not any(isinstance(activity, HoldCall) for activity in activities(SECOND_TRY))
    due = at(3 + timing.retry_after_s(1, 0.5))
    tried = update(SECOND_TRY, Tick(), due)
    assert [activity.attempt for activity in activities(tried) if isinstance(activity, HoldCall)] == [3]


def test_a_press_and_a_returning_network_do_not_wait_for_the_next_try() -> None:
    for event in (A_PRESS, NetworkChanged(up=True)):
        tried = update(SECOND_TRY, event, at(3.1 if event is not A_PRESS else 4))
        assert [activity.attempt for activity in activities(tried) if isinstance(activity, HoldCall)] == [3]
    running = reconnecting()
    assert activities(update(running, A_PRESS, at(4))) == activities(running)


def test_behind_the_telephone_card_nothing_is_captured() -> None:
    for state in (phone(), phone(refused=True)):
        kinds = {type(activity) for activity in activities(state)}
        assert not kinds & {Capture, Listen, RunSelfCheck}
    assert any(isinstance(activity, HoldCall) for activity in activities(phone()))
    assert not any(isinstance(activity, HoldCall) for activity in activities(phone(refused=True)))


def test_tremor_counts_once() -> None:
    state = resting(SOON)
    for tenths in range(0, 40, 4):  # a press every 0.4 s for four seconds
        state = update(state, A_PRESS, at(tenths / 10))
    assert isinstance(state.phase, Joining)
    assert state.facts.attempts == 1


def test_what_the_room_says_is_shown() -> None:
    state = after(in_call(), PeopleChanged(1, 3), MutedByHost(1, muted=True), MessageReceived(1, "Straks"), now=at(1))
    assert isinstance(state.phase, InCall)
    assert (state.phase.people, state.phase.muted_by_host, state.phase.message) == (3, True, "Straks")
    stands_s = timing.message_stands_s("Straks")
    gone = update(state, Tick(), at(1 + stands_s))
    assert isinstance(gone.phase, InCall)
    assert gone.phase.message == ""


def test_a_message_in_the_waiting_room_stays() -> None:
    state = after(waiting(), MessageReceived(1, "15 minutter forsinket"), Tick(), now=at(600))
    assert isinstance(state.phase, Waiting)
    assert state.phase.message == "15 minutter forsinket"


def test_the_end_says_why() -> None:
    state = after(paused(), Tick(), now=at(700))
    assert view(state).screen == PausedScreen(asking=True)
    ended = update(state, Tick(), at(761))
    assert ended.phase == Ended(EndReason.LEFT_AFTER_PAUSE, at(761).monotonic_s)


def test_retries_grow_and_spread() -> None:
    waits = [timing.retry_after_s(tries, 0.5) for tries in range(1, 30)]
    assert waits == sorted(waits)
    assert waits[0] == timing.RETRY_FIRST_S
    assert waits[-1] == timing.RETRY_LONGEST_S
    assert timing.retry_after_s(5, 0.0) < timing.retry_after_s(5, 0.5) < timing.retry_after_s(5, 1.0)


def test_every_state_has_its_own_lamp_or_shares_it_with_its_like() -> None:
    shown = {type(state.phase).__name__: view(state).lamp for state in every_state()}
    assert shown == {
        "Starting": Lamp.THREE_SHORT,
        "NoNetwork": Lamp.TWO_SHORT,
        "Unassigned": Lamp.OFF,
        "Idle": Lamp.DIM,
        "Scheduled": Lamp.DIM,
        "Remind": Lamp.SLOW_PULSE,
        "SelfCheck": Lamp.STEADY,
        "Joining": Lamp.FAST_PULSE,
        "Waiting": Lamp.SLOW_PULSE,
        "InCall": Lamp.STEADY,
        "Paused": Lamp.LONG_SHORT,
        "Reconnecting": Lamp.FAST_PULSE,
        "Phone": Lamp.SLOW_DOUBLE,
        "Ended": Lamp.OFF,
        "Fault": Lamp.SLOW_TRIPLE,
    }


def test_the_bar_tells_what_a_press_does() -> None:
    """What `Press` promises is what `update` does."""
    promised = {
        Press.PRACTISE: SelfCheck,
        Press.TEST_AGAIN: SelfCheck,
        Press.JOIN: Joining,
        Press.PAUSE: Paused,
        Press.TRY_VIDEO: Joining,
        Press.LOOK_AGAIN: NoNetwork,
        Press.TRY_NOW: Reconnecting,
    }
    for state in every_state():
        press = view(state).press
        pressed = update(state, A_PRESS, at(9_000))
        if press is Press.NOTHING:
            assert pressed.phase == state.phase or isinstance(state.phase, Ended)
        elif press in promised:
            assert type(pressed.phase) is promised[press], state.phase


def test_nothing_personal_is_printed() -> None:
    text = repr(after(waiting(), MessageReceived(1, "Hei Kari")))
    for secret in ("Kari", "123456", "join.example.org"):
        assert secret not in text


def test_an_hour_without_a_room_is_not_joined() -> None:

    state = resting(replace(SOON, room=None))
    assert isinstance(state.phase, Remind)
    assert view(state).press is Press.PRACTISE
    assert not any(isinstance(activity, HoldCall) for activity in activities(update(state, A_PRESS, at(5))))


def test_examples_know_their_noon() -> None:
    assert examples.START.wall == NOON
    assert at(60).wall - NOON == timedelta(minutes=1)
