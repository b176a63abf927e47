"""Tables: what each event does in each state, what runs there, and what is shown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.clock import Moment
from kiosk.consultation import timing
from kiosk.consultation.activities import (
    Activity,
    Capture,
    CheckJoin,
    CheckRoom,
    Chime,
    HoldCall,
    Listen,
    RunSelfCheck,
    Speak,
    StayPaused,
    activities,
    deadline,
)
from kiosk.consultation.events import (
    Admitted,
    AppointmentsRead,
    ButtonPressed,
    CallConnected,
    CallEnded,
    CallLost,
    CameraSteered,
    CaptionHeard,
    DeviceFailed,
    Event,
    KeyMoved,
    MediaBroken,
    MessageReceived,
    Moved,
    MutedByHost,
    NetworkChanged,
    PeopleChanged,
    RecordingChanged,
    RoomChecked,
    SelfCheckDone,
    SentToWaitingRoom,
    SlidesChanged,
    SomebodyJoined,
    SomebodySpeaks,
    Started,
    Tick,
)
from kiosk.consultation.loudness import Loudness
from kiosk.consultation.model import Accepted, Device, EndReason, Key, LossReason, NameShown, Policy, Refusal
from kiosk.consultation.screens import (
    IdleScreen,
    InCallScreen,
    PausedScreen,
    PhoneScreen,
    RemindScreen,
    UnassignedScreen,
)
from kiosk.consultation.signals import Lamp, Press, Speech
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
    WifiShown,
    initial,
)
from kiosk.consultation.update import update
from kiosk.consultation.view import view
from kiosk.consultation.visits import remembered
from tests.consultation import examples
from tests.consultation.examples import (
    LATER,
    NOON,
    ROOM,
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
    ("pause without end", after(paused(), Tick(), now=at(700)), Tick(), at(2 * 60 * 60), Ended),
    ("camera lost in the call", in_call(), DeviceFailed(Device.CAMERA), at(9), InCall),
    ("network lost in the call", in_call(), NetworkChanged(up=False), at(9), InCall),
    ("ended screen over", after(in_call(), CallEnded(1), now=at(9)), Tick(), at(9 + timing.ENDED_STANDS_S), Idle),
    ("too late to wait", waiting(), Tick(), at(2 * 60 * 60), Ended),
    ("never too late to talk", in_call(), Tick(), at(5 * 60 * 60), InCall),
]


@pytest.mark.parametrize(("name", "state", "event", "now", "expected"), EVENTS, ids=[row[0] for row in EVENTS])
def test_events(name: str, state: State, event: Event, now: Moment, expected: type) -> None:
    assert type(update(state, event, now).phase) is expected


def unspoken(state: State) -> frozenset[Activity]:
    """All that runs but the spoken guidance and the look at what she can mend."""
    return frozenset(activity for activity in activities(state) if not isinstance(activity, Speak | CheckJoin))


def test_connecting_does_not_redial() -> None:
    before = unspoken(joining())
    for state in (waiting(), in_call(), after(waiting(), Admitted(1))):
        assert unspoken(state) == before


def test_pausing_keeps_the_place_and_closes_the_devices() -> None:
    gone = unspoken(in_call()) - unspoken(paused())
    assert gone == {Capture(1), Listen(1)}
    assert unspoken(paused()) - unspoken(in_call()) == {StayPaused(1, 1)}
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


def test_one_may_press_is_said_anew_five_minutes_before_and_at_the_hour() -> None:
    state, now = resting(replace(LATER, starts_at=at(1200).wall, ends_at=at(3000).wall)), at(0)
    said: dict[int, int] = {}
    while now.wall < at(1500).wall:
        state = after(state, Tick(), now=now)
        if view(state).speech is Speech.REMIND:
            said.setdefault(view(state).speech_turn, round(now.monotonic_s - at(0).monotonic_s))
        now = at(deadline(state, now) - at(0).monotonic_s)
    assert said == {0: 300, 1: 900, 2: 1200}


def test_that_the_platform_records_is_said() -> None:
    state = after(in_call(), RecordingChanged(1, on=True))
    assert view(state).speech is Speech.RECORDED
    assert view(after(state, RecordingChanged(1, on=False))).speech is None


def test_the_end_says_why() -> None:
    state = after(paused(), Tick(), now=at(700))
    assert view(state).screen == PausedScreen(asking=True)
    leaving = replace(state, facts=replace(state.facts, policy=Policy(end_after_pause=True)))
    ended = update(leaving, Tick(), at(761))
    assert ended.phase == Ended(EndReason.LEFT_AFTER_PAUSE, at(761).monotonic_s)


def test_a_long_pause_asks_and_goes_on_until_the_appointment_s_time_is_over() -> None:
    state = after(paused(), Tick(), now=at(700))
    assert isinstance(state.phase, Paused)
    until_s = state.phase.held.visit.until_s - at(0).monotonic_s
    assert until_s >= 60 * 60
    assert after(state, Tick(), now=at(until_s - 1)).phase == state.phase
    assert isinstance(after(state, Tick(), ButtonPressed(), now=at(until_s - 1)).phase, InCall)
    assert isinstance(after(state, Tick(), now=at(until_s)).phase, Ended)


def test_retries_grow_and_spread() -> None:
    waits = [timing.retry_after_s(tries, 0.5) for tries in range(1, 30)]
    assert waits == sorted(waits)
    assert waits[0] == timing.RETRY_FIRST_S
    assert waits[-1] == timing.RETRY_LONGEST_S
    assert timing.retry_after_s(5, 0.0) < timing.retry_after_s(5, 0.5) < timing.retry_after_s(5, 1.0)


@pytest.mark.parametrize("spread", [0.0, 0.5, 1.0])
def test_nobody_waits_long_after_a_short_outage(spread: float) -> None:
    noticed_after_s, outage_s, longest_s = 1.2, 5.0, 4.0
    begun_s, tries = noticed_after_s, 1
    while begun_s < outage_s:
        # However early this wait began, the longest one that may follow is short.
        assert timing.retry_after_s(tries, 1.0) < longest_s
        begun_s += timing.retry_after_s(tries, spread)
        tries += 1


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
        "LetterShown": Lamp.SLOW_PULSE,
        "WifiShown": Lamp.FAST_PULSE,
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
        Press.CONNECT: WifiShown,
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


# -- what rooms tell, and restarts ----------------------------------------------------------------------------------


def test_somebody_who_joins_is_told_by_name_and_chime() -> None:
    state = after(in_call(), SomebodyJoined(1, "Tolk"), now=at(5))
    screen = view(state).screen
    assert isinstance(screen, InCallScreen)
    assert screen.arrived == "Tolk"
    assert Chime(1, 1) in activities(state)
    again = after(state, SomebodyJoined(1, "Datter"), now=at(6))
    assert Chime(1, 2) in activities(again)
    gone = after(again, Tick(), now=at(6 + timing.ARRIVAL_STANDS_S))
    assert isinstance(gone.phase, InCall)
    assert gone.phase.arrived == ""


def test_captions_recording_slides_and_steering_are_shown() -> None:
    state = after(
        in_call(),
        CaptionHeard(1, "Hvordan har du det?"),
        RecordingChanged(1, on=True),
        SlidesChanged(1, shown=True),
        CameraSteered(1, on=True),
        now=at(5),
    )
    screen = view(state).screen
    assert isinstance(screen, InCallScreen)
    assert (screen.caption, screen.recorded, screen.slides, screen.steered) == ("Hvordan har du det?", True, True, True)
    later = after(state, Tick(), now=at(5 + timing.CAPTION_STANDS_S))
    assert isinstance(later.phase, InCall)
    assert later.phase.caption == ""


def test_broken_media_is_mended_by_the_same_attempt() -> None:
    state = after(in_call(), MediaBroken(1), now=at(5))
    assert isinstance(state.phase, Reconnecting)
    assert unspoken(state) == unspoken(in_call())
    assert isinstance(after(state, CallConnected(1, waiting=False), now=at(6)).phase, InCall)
    unseen = after(paused(), MediaBroken(1), now=at(5))
    assert isinstance(after(unseen, CallConnected(1, waiting=False), now=at(6)).phase, Paused)


def test_a_transfer_is_followed_without_a_press() -> None:
    other = replace(ROOM, alias="654321", token="one-time")
    state = after(in_call(), Moved(1, other), now=at(5))
    assert isinstance(state.phase, Reconnecting)
    assert HoldCall(1, 2, other) in activities(state)
    assert not activities(after(paused(), Moved(1, other), now=at(5))) & {Capture(1), Listen(1)}


RESTARTED = [
    ("in the call", in_call(), Reconnecting, False),
    ("paused", paused(), Reconnecting, True),
    ("behind the card", phone(), Remind, None),
    ("at rest", resting(SOON), Remind, None),
]


@pytest.mark.parametrize(("name", "before", "expected", "unseen"), RESTARTED, ids=[row[0] for row in RESTARTED])
def test_a_restart_in_mid_visit_goes_back_by_itself(
    name: str, before: State, expected: type, unseen: bool | None
) -> None:
    fresh = after(initial(Policy()), Started(assigned=True, interrupted=remembered(before)), now=at(20))
    known = after(fresh, AppointmentsRead((SOON,)), now=at(21))
    assert type(known.phase) is expected
    if isinstance(known.phase, Reconnecting):
        assert known.phase.paused is unseen
        assert known.facts.interrupted is None


def test_who_speaks_is_shown_in_the_call_alone() -> None:
    speaks = after(in_call(), SomebodySpeaks(1, on=True))
    screen = view(speaks).screen
    assert isinstance(screen, InCallScreen)
    assert screen.speaks
    assert after(speaks, SomebodySpeaks(1, on=False)) == in_call()
    assert after(waiting(), SomebodySpeaks(1, on=True)) == waiting()
    assert after(speaks, SomebodySpeaks(2, on=False)) == speaks


def level(state: State) -> int:
    return state.facts.loudness.level


def test_a_restart_in_mid_visit_is_as_loud_as_before_and_any_other_as_the_clinic_says() -> None:
    loud = after(in_call(), KeyMoved(Key.LOUDER, True), KeyMoved(Key.LOUDER, False))
    assert (level(in_call()), level(loud)) == (5, 6)
    begun = Started(assigned=True, interrupted=remembered(loud))
    fresh = after(initial(Policy(), Loudness(2)), begun, now=at(20))
    assert level(fresh) == 2
    assert level(after(fresh, AppointmentsRead((SOON,)), now=at(21))) == 6
    assert level(after(fresh, AppointmentsRead((LATER,)), now=at(21))) == 2
    turned = after(fresh, KeyMoved(Key.SOFTER, True), now=at(21))
    assert level(after(turned, AppointmentsRead((SOON,)), now=at(22))) == 1
    at_rest = after(resting(SOON), KeyMoved(Key.LOUDER, True))
    assert remembered(at_rest) is None


def test_a_restart_after_the_appointment_was_cancelled_stays_at_rest() -> None:
    fresh = after(initial(Policy()), Started(assigned=True, interrupted=remembered(in_call())), now=at(20))
    assert isinstance(after(fresh, AppointmentsRead((LATER,)), AppointmentsRead((SOON,)), now=at(21)).phase, Remind)


def test_a_refusal_ahead_of_time_is_shown_and_taken_back() -> None:
    state = after(resting(SOON), RoomChecked("soon", Refusal.LOGIN))
    screen = view(state).screen
    assert isinstance(screen, RemindScreen)
    assert screen.refusal is Refusal.LOGIN
    assert CheckRoom("soon", ROOM) in activities(state)
    screen = view(after(state, RoomChecked("soon", None))).screen
    assert isinstance(screen, RemindScreen)
    assert screen.refusal is None


@pytest.mark.parametrize(
    ("shown", "name"),
    [(NameShown.FULL, "Kari Nordmann"), (NameShown.FIRST, "Kari"), (NameShown.INITIALS, "K. N.")],
    ids=lambda value: str(value),
)
def test_no_more_of_the_name_leaves_the_terminal_than_the_policy_allows(shown: NameShown, name: str) -> None:
    policy = Policy(display_name=shown)
    known = after(initial(policy), Started(assigned=True), AppointmentsRead((SOON,)))
    pressed = after(known, ButtonPressed())
    for state in (known, pressed):
        rooms = [activity.room for activity in activities(state) if isinstance(activity, HoldCall | CheckRoom)]
        assert [room.display_name for room in rooms] == [name]


def test_why_a_room_refused_reaches_the_telephone_card() -> None:
    state = after(joining(), CallLost(1, LossReason.REFUSED, Refusal.LOGIN))
    assert view(state).screen == PhoneScreen(Refusal.LOGIN)


def test_a_terminal_lent_to_nobody_tells_how_it_stands() -> None:
    standing = Accepted("7K3M-9QP2")
    resting = after(initial(Policy()), Started(assigned=False, standing=standing))
    assert view(resting).screen == UnassignedScreen(standing)
    lent = after(initial(Policy()), Started(assigned=True, standing=standing), AppointmentsRead(()))
    assert view(lent).screen == IdleScreen()
