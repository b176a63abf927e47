"""While the patient is being connected: what she can mend is told, nothing is held up, and nothing stays behind."""

import asyncio
from dataclasses import replace

import pytest

from kiosk.consultation.activities import Capture, CheckJoin, Listen, activities
from kiosk.consultation.events import CallEnded, Event, JoinChecked
from kiosk.consultation.model import Flaw
from kiosk.consultation.screens import WaitingScreen
from kiosk.consultation.state import Joining, State, Waiting
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


def test_it_changes_nothing_that_runs() -> None:
    for state in (joining(), waiting(), in_call(), paused()):
        assert activities(after(state, JoinChecked(1, Flaw.NOISY))) == activities(state)


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
