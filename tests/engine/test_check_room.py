"""Looking into a coming appointment's room: what is told, and how often is asked."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from kiosk.consultation.activities import CheckRoom
from kiosk.consultation.events import Event, RoomChecked
from kiosk.consultation.model import Refusal, Room
from kiosk.engine.check_room import check_room
from kiosk.engine.perform import perform
from kiosk.errors import RoomError, RoomProtocolError, RoomRefused, RoomUnreachable
from kiosk.rooms.port import Signaling
from tests.consultation.examples import ROOM
from tests.engine.test_devices_in_use import Bench

MINUTE_S = 60.0
HOUR_S = 3600.0


@dataclass
class Client:
    """A platform that answers so, one after the other, and then always lets us in."""

    answers: list[RoomError | None] = field(default_factory=list)
    asked: list[Room] = field(default_factory=list)

    async def check(self, room: Room) -> None:
        self.asked.append(room)
        error = self.answers.pop(0) if self.answers else None
        if error is not None:
            raise error

    async def join(self, room: Room) -> Signaling:
        raise AssertionError("looking in is not joining")


@dataclass
class Watch:
    """Runs the activity without waiting: so many waits, and then for ever."""

    client: Client
    waits: int
    draws: float = 0.5
    said: list[Event] = field(default_factory=list)
    waited_s: list[float] = field(default_factory=list)

    async def run(self, room: Room = ROOM) -> None:
        house = Bench().house()
        house.rooms = {"pexip": self.client}
        done = asyncio.Event()

        async def sleep(seconds: float) -> None:
            self.waited_s.append(seconds)
            if len(self.waited_s) > self.waits:
                done.set()
                await asyncio.Event().wait()

        checking = asyncio.create_task(
            check_room(CheckRoom("a1", room), house, self.said.append, sleep=sleep, draw=lambda: self.draws)
        )
        await done.wait()
        checking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await checking


async def test_a_room_that_is_open_is_told_and_asked_again_after_hours() -> None:
    watch = Watch(Client(), waits=2)
    await watch.run()
    assert watch.client.asked == [ROOM, ROOM]
    assert watch.said == [RoomChecked("a1", None)] * 2
    assert watch.waited_s == [15.0, 4 * HOUR_S, 4 * HOUR_S]


@pytest.mark.parametrize("reason", [*[refusal.value for refusal in Refusal], "a word of tomorrow"])
async def test_a_refusal_is_told(reason: str) -> None:
    watch = Watch(Client([RoomRefused(reason, "no"), None]), waits=2)
    await watch.run()
    known = {refusal.value: refusal for refusal in Refusal}
    assert watch.said == [RoomChecked("a1", known.get(reason, Refusal.OTHER)), RoomChecked("a1", None)]


@pytest.mark.parametrize("error", [RoomUnreachable("no answer"), RoomProtocolError("nonsense")])
async def test_no_clear_answer_is_not_told_and_asked_again_earlier(error: RoomError) -> None:
    watch = Watch(Client([error, error]), waits=3)
    await watch.run()
    assert watch.said == [RoomChecked("a1", None)]
    assert watch.waited_s == [15.0, 15 * MINUTE_S, 15 * MINUTE_S, 4 * HOUR_S]


@pytest.mark.parametrize(
    ("draws", "first_s", "soon_min", "late_h"), [(0.0, 0.0, 10, 2 + 2 / 3), (1.0, 30.0, 20, 5 + 1 / 3)]
)
async def test_terminals_do_not_ask_together(draws: float, first_s: float, soon_min: float, late_h: float) -> None:
    watch = Watch(Client([RoomUnreachable("no answer")]), waits=2, draws=draws)
    await watch.run()
    assert watch.waited_s == pytest.approx([first_s, soon_min * MINUTE_S, late_h * HOUR_S])


async def test_a_room_of_a_platform_that_we_do_not_speak_is_refused() -> None:
    watch = Watch(Client(), waits=1)
    await watch.run(replace(ROOM, provider="carrier pigeon"))
    assert watch.said == [RoomChecked("a1", Refusal.OTHER)]


async def test_the_engine_knows_the_activity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.engine.check_room.FIRST_WITHIN_S", 0.0)
    house = Bench().house()
    house.rooms = {"pexip": Client()}
    told = asyncio.Event()
    checking = asyncio.create_task(perform(CheckRoom("a1", ROOM), house, lambda event: told.set()))
    async with asyncio.timeout(5):
        await told.wait()
    checking.cancel()
    await asyncio.gather(checking, return_exceptions=True)
