"""The engine's rules, each broken once on purpose while this was written."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from kiosk.clock import Moment
from kiosk.consultation.activities import Activity, Capture, HoldCall, PollAppointments, WatchNetwork, activities
from kiosk.consultation.events import (
    Admitted,
    AppointmentsRead,
    ButtonPressed,
    CallConnected,
    CallEnded,
    CallLost,
    NetworkChanged,
    Started,
)
from kiosk.consultation.model import LossReason, Policy
from kiosk.consultation.state import (
    Ended,
    InCall,
    Joining,
    NoNetwork,
    Paused,
    Phone,
    Reconnecting,
    Remind,
    State,
    Waiting,
    initial,
)
from kiosk.consultation.view import View
from kiosk.engine.engine import ActivityCrashed, Engine, Post
from tests.consultation.examples import NOON, ROOM, SOON, resting


@dataclass
class World:
    """Activities that record their lives, and a clock that is set by hand."""

    seconds: float = 1_000.0
    begun: list[Activity] = field(default_factory=list)
    ended: list[Activity] = field(default_factory=list)
    posts: dict[Activity, Post] = field(default_factory=dict)
    views: list[View] = field(default_factory=list)
    at_end: Callable[[Activity, Post], None] = lambda _activity, _post: None
    returns: frozenset[type] = frozenset()
    crashes: frozenset[type] = frozenset()

    def clock(self) -> Moment:
        return Moment(NOON + timedelta(seconds=self.seconds - 1_000.0), self.seconds)

    async def perform(self, activity: Activity, post: Post) -> None:
        self.begun.append(activity)
        self.posts[activity] = post
        if type(activity) in self.crashes:
            raise ZeroDivisionError
        if type(activity) in self.returns:
            return
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.append(activity)
            self.at_end(activity, post)

    def show(self, _state: State, view: View) -> None:
        self.views.append(view)

    def running(self) -> set[Activity]:
        return set(self.begun) - set(self.ended)

    def calls(self) -> list[Activity]:
        return [activity for activity in self.begun if isinstance(activity, HoldCall)]


@asynccontextmanager
async def running(world: World, state: State) -> AsyncIterator[Engine]:
    engine = Engine(state, world.perform, world.show, world.clock)
    task = asyncio.create_task(engine.run())
    try:
        await settle()
        yield engine
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, ActivityCrashed):
            await task


async def settle() -> None:
    """Let everything happen that happens without time passing."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_runs_exactly_what_the_state_declares() -> None:
    world = World()
    async with running(world, resting(SOON)) as engine:
        assert world.running() == activities(engine.state)
        for event in (ButtonPressed(), CallConnected(1, waiting=True), Admitted(1)):
            engine.post(event)
            await settle()
            assert world.running() == activities(engine.state)
    assert world.running() == set()


async def test_connecting_does_not_redial() -> None:
    world = World()
    async with running(world, resting(SOON)) as engine:
        engine.post(ButtonPressed())
        await settle()
        engine.post(CallConnected(1, waiting=True))
        engine.post(Admitted(1))
        await settle()
        assert isinstance(engine.state.phase, InCall)
        assert len(world.calls()) == 1
        assert HoldCall(1, 1, SOON.room or ROOM) not in world.ended


async def test_a_finished_activity_is_not_started_again_while_it_is_declared() -> None:
    world = World(returns=frozenset({HoldCall}))
    async with running(world, resting(SOON)) as engine:
        engine.post(ButtonPressed())
        await settle()
        engine.post(CallConnected(1, waiting=True))
        engine.post(NetworkChanged(up=False))
        await settle()
        assert isinstance(engine.state.phase, Waiting)
        assert len(world.calls()) == 1


async def test_a_new_try_is_a_new_activity() -> None:
    world = World()
    async with running(world, resting(SOON)) as engine:
        engine.post(ButtonPressed())
        engine.post(CallConnected(1, waiting=False))
        await settle()
        engine.post(CallLost(1, LossReason.MEDIA))
        await settle()
        assert isinstance(engine.state.phase, Reconnecting)
        assert [hold.attempt for hold in world.calls() if isinstance(hold, HoldCall)] == [1, 2]
        assert world.begun.count(Capture(1)) == 1, "the camera stays open over a reconnection"


async def test_last_words_are_dropped() -> None:
    def speak(activity: Activity, post: Post) -> None:
        if isinstance(activity, PollAppointments):
            post(AppointmentsRead(()))
        if isinstance(activity, Capture):
            post(NetworkChanged(up=False))

    world = World(at_end=speak)
    async with running(world, resting(SOON)) as engine:
        engine.post(ButtonPressed())
        await settle()
        engine.post(CallConnected(1, waiting=False))
        engine.post(CallEnded(1))
        await settle()
        assert isinstance(engine.state.phase, Ended)
        assert engine.state.facts.network_up, "the ended activity was heard"


async def test_words_of_an_activity_in_the_same_batch_as_its_end_are_dropped() -> None:
    world = World()
    async with running(world, resting(SOON)) as engine:
        engine.post(ButtonPressed())
        await settle()
        post = world.posts[Capture(1)]
        engine.post(CallLost(1, LossReason.REFUSED))  # undeclares Capture
        post(NetworkChanged(up=False))
        await settle()
        assert isinstance(engine.state.phase, Phone)
        assert engine.state.facts.network_up


async def test_a_crashed_activity_ends_the_engine() -> None:
    world = World(crashes=frozenset({HoldCall}))
    engine = Engine(resting(SOON), world.perform, world.show, world.clock)
    engine.post(ButtonPressed())
    with pytest.raises(ActivityCrashed) as caught:
        await asyncio.wait_for(engine.run(), 5)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert world.running() <= {*world.calls()}
    for secret in ("Kari", "123456", "join.example.org"):
        assert secret not in str(caught.value)


async def test_post_from_any_thread_wakes_the_engine() -> None:
    world = World()
    async with running(world, resting(SOON)) as engine:
        thread = threading.Thread(target=engine.post, args=(ButtonPressed(),))
        thread.start()
        thread.join()
        await settle()
        assert isinstance(engine.state.phase, Joining)


async def test_deadlines_come_by_themselves() -> None:
    world = World()
    ready = resting(SOON)
    async with running(world, ready) as engine:
        engine.post(NetworkChanged(up=False))
        await settle()
        world.seconds += 5  # past the press guard of nothing; NoNetwork looks again after a press
        engine.post(ButtonPressed())
        await settle()
        assert engine.state.phase == NoNetwork(asked_at_s=1_005.0)
        world.seconds += 10
        engine.post(AppointmentsRead((SOON,)))
        await settle()
        assert engine.state.phase == NoNetwork()


async def test_a_passed_deadline_needs_no_event() -> None:
    world = World()
    async with running(world, resting(SOON)) as engine:
        engine.post(ButtonPressed())
        await settle()
        world.seconds += Policy().reconnect_for_s - 0.01
        engine.post(NetworkChanged(up=True))  # makes the engine look at the clock; 10 ms are left
        async with asyncio.timeout(5):
            while not isinstance(engine.state.phase, Phone):
                world.seconds += 0.01
                await asyncio.sleep(0.002)


async def test_each_view_is_shown_once() -> None:
    world = World()
    async with running(world, initial(Policy())) as engine:
        engine.post(Started(assigned=True))
        engine.post(NetworkChanged(up=True))
        engine.post(AppointmentsRead((SOON,)))
        engine.post(AppointmentsRead((SOON,)))
        await settle()
        assert isinstance(engine.state.phase, Remind)
        assert [type(view.screen).__name__ for view in world.views] == ["StartingScreen", "IdleScreen", "RemindScreen"]
        assert {type(activity) for activity in world.running()} >= {WatchNetwork, PollAppointments}


async def test_what_nobody_sees_is_noted_too() -> None:
    world = World()
    noted: list[bool] = []
    engine = Engine(
        initial(Policy()),
        world.perform,
        world.show,
        world.clock,
        lambda state: noted.append(state.facts.appointments_read),
    )
    running = asyncio.create_task(engine.run())
    engine.post(Started(assigned=True))
    await settle()
    seen = len(world.views)
    engine.post(AppointmentsRead(()))
    await settle()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert noted == [False, True]
    assert len(world.views) == seen


async def test_pause_and_resume_in_one_breath_reopens_the_devices() -> None:
    world = World()
    async with running(world, resting(SOON)) as engine:
        engine.post(ButtonPressed())
        engine.post(CallConnected(1, waiting=False))
        await settle()
        world.seconds += 1
        engine.post(ButtonPressed())
        await settle()
        assert isinstance(engine.state.phase, Paused)
        assert Capture(1) in world.ended
        world.seconds += 1
        engine.post(ButtonPressed())
        await settle()
        assert world.begun.count(Capture(1)) == 2
        assert len(world.calls()) == 1
