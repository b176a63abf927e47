"""While the patient is being connected: what she can mend is told, nothing is held up, and nothing stays behind."""

import asyncio
from dataclasses import replace

import pytest

from kiosk.consultation.activities import Capture, CheckJoin, HoldCall, Listen, Speak, activities, deadline
from kiosk.consultation.events import (
    ButtonPressed,
    CallConnected,
    CallEnded,
    CallLost,
    Event,
    JoinChecked,
    KeyMoved,
    Tick,
)
from kiosk.consultation.model import Flaw, Key, LossReason
from kiosk.consultation.screens import WaitingScreen
from kiosk.consultation.signals import Speech
from kiosk.consultation.state import Joining, State, Waiting
from kiosk.consultation.update import update
from kiosk.consultation.view import view
from kiosk.engine import check_join as check
from kiosk.engine.capture import capture
from kiosk.engine.check_join import check_join
from kiosk.engine.findings import Findings
from kiosk.engine.listen import listen
from kiosk.media.voice import Settings as SoundSettings
from tests.consultation.examples import after, at, every_state, in_call, joining, paused, waiting
from tests.engine.test_devices_in_use import Bench, until
from tests.selfcheck.door import Situation, eight_seconds, told


def mending(state: State) -> Flaw | None:
    screen = view(state).screen
    assert isinstance(screen, WaitingScreen)
    return screen.mend


def test_it_runs_while_she_is_connected_or_waits_and_then_no_more() -> None:
    for state in every_state():
        looks = CheckJoin(state.facts.visits) in activities(state)
        assert looks is isinstance(state.phase, Joining | Waiting)


def test_what_she_can_mend_stands_in_the_waiting_room_until_it_is_mended() -> None:
    told_while_joining = after(joining(), JoinChecked(1, Flaw.COVERED))
    assert told_while_joining.facts.mend is Flaw.COVERED
    state = after(waiting(), JoinChecked(1, Flaw.DARK))
    assert mending(state) is Flaw.DARK
    assert mending(after(state, JoinChecked(1, None))) is None


def test_it_is_told_of_no_other_visit() -> None:
    assert after(waiting(), JoinChecked(2, Flaw.DARK)) == waiting()
    ended = after(in_call(), CallEnded(1), now=at(60))
    assert after(ended, JoinChecked(1, Flaw.DARK)) == ended
    again = replace(waiting(), facts=replace(waiting().facts, mend=Flaw.DARK))
    assert after(again, JoinChecked(1, None)).facts.mend is None


def test_it_changes_nothing_that_runs_but_what_is_said() -> None:
    for state in (joining(), waiting(), in_call(), paused()):
        found = after(state, JoinChecked(1, Flaw.NOISY), now=at(20))
        assert {type(each) for each in activities(found) ^ activities(state)} <= {Speak}


def test_what_she_can_mend_takes_turns_with_where_she_is() -> None:
    state = after(waiting(), JoinChecked(1, Flaw.DARK), now=at(7))
    shown = {}
    for second in range(7, 70):
        state = update(state, Tick(), at(second))
        shown[second] = mending(state)
    assert {second for second, flaw in shown.items() if flaw} == {*range(7, 27), *range(47, 67)}
    # Whatever is found anew is told at once.
    assert mending(after(state, JoinChecked(1, Flaw.NOISY), now=at(70))) is Flaw.NOISY


def heard(state: State, said: list[Speech], *events: Event, second: float) -> State:
    """The state after them; what begins to be spoken is added."""
    before = activities(state)
    state = after(state, *events, Tick(), now=at(second))
    begun = [each for each in activities(state) - before if isinstance(each, Speak)]
    said += [each.speech for each in begun if each.speech is not None]
    return state


def test_what_she_can_mend_is_spoken_of_once_and_after_where_she_is() -> None:
    said: list[Speech] = []
    state = heard(waiting(), said, JoinChecked(1, Flaw.DARK), second=3)
    assert said == []
    assert deadline(state, at(3)) == at(10).monotonic_s
    state = heard(state, said, second=10)
    assert said == [Speech.CHECK_DARK]
    # A lamp that flickers is not talked about for ever; that it is light is told by the waiting room's own sentence.
    for second in range(20, 60, 4):
        state = heard(state, said, JoinChecked(1, None), second=second)
        state = heard(state, said, JoinChecked(1, Flaw.DARK), second=second + 2)
    assert said == [Speech.CHECK_DARK, Speech.WAITING]
    state = heard(state, said, JoinChecked(1, Flaw.NOISY), second=61)
    assert said.pop() is Speech.CHECK_NOISY
    state = heard(state, said, KeyMoved(Key.LOUDER, True), second=62)
    assert said.pop() is Speech.CHECK_NOISY, "a key for loudness has it said again"
    state = heard(state, said, second=180)
    assert said.pop() is Speech.WAITING, "that she is expected is said again"
    back = after(heard(state, said, ButtonPressed(), second=190), ButtonPressed(), now=at(191))
    assert view(back).speech is Speech.WAITING
    lost = after(back, CallLost(1, LossReason.MEDIA), Tick(), now=at(192))
    (call,) = [each for each in activities(lost) if isinstance(each, HoldCall)]
    again = after(lost, CallConnected(call.attempt, waiting=True), now=at(195))
    assert isinstance(after(again, Tick(), now=at(230)).phase, Waiting)
    assert view(after(again, Tick(), now=at(230))).speech is Speech.WAITING


def test_a_press_ends_it() -> None:
    state = after(waiting(), JoinChecked(1, Flaw.NO_ECHO), now=at(12))
    assert view(state).speech is Speech.CHECK_NO_ECHO
    assert view(after(state, ButtonPressed(), now=at(13))).speech is Speech.PAUSED


def test_in_the_second_round_nothing_is_played_and_noise_is_still_heard() -> None:
    door = eight_seconds(Situation(heard=False, noise_dbfs=-30), 1, plays=False)
    assert told(door) is Flaw.NOISY
    quiet = eight_seconds(Situation(heard=False), 1, plays=False)
    assert told(quiet) is None


def test_of_an_own_sound_that_was_cut_off_nothing_is_told() -> None:
    door = eight_seconds(Situation(), 2)
    assert told(door) is None
    door.findings = Findings(expects_echo=True)
    assert Flaw.NO_ECHO in door.findings.weigh(200.0)[2]
    assert told(door) is None


@pytest.mark.parametrize("checks", [True, False])
async def test_the_visit_s_own_pictures_and_sound_are_judged_and_no_device_is_opened(
    checks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "ROUND_S", 0.3)
    bench = Bench()
    house = bench.house()
    house.sound = SoundSettings(check_loudspeaker=checks)
    said: list[Event] = []
    async with bench.doing(check_join(CheckJoin(7), house, said.append)):
        await asyncio.sleep(0)
        assert bench.closed()
        door = house.lines(7).door
        assert door is not None
        async with (
            bench.doing(capture(Capture(7), house, said.append)),
            bench.doing(listen(Listen(7), house, said.append)),
        ):
            await until(lambda: any(isinstance(each, JoinChecked) for each in said))
    assert house.lines(7).door is None
    assert house.lines(7).own_sound_played
    assert bench.closed()
