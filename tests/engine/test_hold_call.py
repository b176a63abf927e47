"""Being in a room: what is said of it, and that the place and the media are always let go."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, NoReturn

import pytest

from kiosk.consultation.activities import HoldCall, StayPaused
from kiosk.consultation.events import (
    Admitted,
    CallConnected,
    CallEnded,
    CallLost,
    CameraSteered,
    Event,
    MediaBroken,
    MessageReceived,
    Moved,
    MutedByHost,
    PeopleChanged,
    SentToWaitingRoom,
)
from kiosk.consultation.model import EndReason, LossReason, Refusal, Room
from kiosk.engine.hold_call import MEDIA_TRIES, hold_call
from kiosk.engine.house import House
from kiosk.engine.stay_paused import stay_paused
from kiosk.errors import KioskError, MediaError, RoomProtocolError, RoomRefused, RoomSilent, RoomUnreachable
from kiosk.media import MediaStats
from kiosk.rooms.port import (
    CallStatistics,
    IceServer,
    RoomAdmitted,
    RoomCamera,
    RoomEnded,
    RoomEvent,
    RoomLost,
    RoomMessage,
    RoomMoved,
    RoomMuted,
    RoomPeople,
    RoomWaiting,
    Signaling,
    StreamStatistics,
)
from tests.consultation.examples import ROOM
from tests.engine.test_devices_in_use import Bench

CALL = HoldCall(visit=1, attempt=5, room=ROOM)


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class Place:
    """A place whose platform says what the test puts in."""

    waiting: bool = True
    ice_servers: tuple[IceServer, ...] = ()
    relay_only: bool = False
    video: bool = True
    statistics_every_s: float | None = None
    says: "asyncio.Queue[RoomEvent | None]" = field(default_factory=asyncio.Queue)
    left: int = 0
    renewed: int = 0
    may_leave: asyncio.Event = field(default_factory=_set_event)
    paused: list[bool] = field(default_factory=list)
    told: list[CallStatistics] = field(default_factory=list)

    async def offer(self, sdp: str) -> str:
        return sdp

    async def ack(self) -> None: ...

    async def events(self) -> AsyncIterator[RoomEvent]:
        while (event := await self.says.get()) is not None:
            yield event

    def renew(self) -> None:
        self.renewed += 1

    async def pause(self, paused: bool) -> None:
        self.paused.append(paused)

    async def statistics(self, statistics: CallStatistics) -> None:
        self.told.append(statistics)

    async def leave(self) -> None:
        await self.may_leave.wait()
        self.left += 1


@dataclass
class Client:
    """A platform that gives this place, or fails like this."""

    place: Place
    fails: KioskError | None = None

    async def check(self, room: Room) -> None: ...

    async def join(self, room: Room) -> Signaling:
        assert room is ROOM
        if self.fails:
            raise self.fails
        return self.place


@dataclass
class Session:
    """A media session that connects at once, and dies when told."""

    alive: ClassVar[int] = 0
    made: ClassVar[int] = 0
    fails_to_connect: ClassVar[int] = 0
    """So many connections fail, from the first on."""
    cannot_ask: ClassVar[list[KioskError]]
    """What goes wrong with the room, once each, from the second session on."""
    figures: ClassVar[MediaStats] = MediaStats()
    dies: ClassVar[asyncio.Event]
    """One session dies of it; the next lives."""

    def __init__(self, *_: object) -> None:
        type(self).alive += 1
        type(self).made += 1

    async def connect(self, signaling: Signaling) -> None:
        if self.made > 1 and self.cannot_ask:
            raise self.cannot_ask.pop(0)
        if self.made <= self.fails_to_connect:
            raise MediaError("no way through")

    async def watch(self) -> NoReturn:
        await self.dies.wait()
        self.dies.clear()
        raise MediaError("silence")

    @property
    def newest(self) -> MediaStats:
        return self.figures

    async def statistics(self) -> CallStatistics:
        return CallStatistics(StreamStatistics(sent_packets=7), StreamStatistics())

    async def close(self) -> None:
        type(self).alive -= 1


@dataclass
class Call:
    """One running `hold_call`."""

    house: House
    place: Place
    client: Client
    said: list[Event] = field(default_factory=list)

    def start(self) -> "asyncio.Task[None]":
        return asyncio.create_task(hold_call(CALL, self.house, self.said.append))


@pytest.fixture
async def call(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Call]:
    monkeypatch.setattr("kiosk.engine.hold_call.MediaSession", Session)
    Session.alive = Session.made = Session.fails_to_connect = 0
    Session.dies = asyncio.Event()
    Session.cannot_ask = []
    house = Bench().house()
    place = Place()
    client = Client(place)
    house.rooms = {"pexip": client}
    yield Call(house, place, client)
    assert Session.alive == 0, "a media session was left open"
    assert not house.places


async def test_what_the_room_says_reaches_the_core(call: Call) -> None:
    task = call.start()
    await heard(call, CallConnected(5, waiting=True))
    for event in (
        RoomPeople(2),
        RoomAdmitted(),
        RoomMuted(True),
        RoomMessage("Hei"),
        RoomWaiting(),
        RoomEnded(EndReason.FINISHED),
    ):
        call.place.says.put_nowait(event)
    await task
    assert call.said == [
        CallConnected(5, waiting=True),
        PeopleChanged(5, 2),
        Admitted(5),
        MutedByHost(5, muted=True),
        MessageReceived(5, "Hei"),
        SentToWaitingRoom(5),
        CallEnded(5, EndReason.FINISHED),
    ]
    assert call.place.left == 1


FAILURES = [
    (RoomUnreachable("no answer"), LossReason.UNREACHABLE),
    (RoomRefused("pin", "wrong PIN"), LossReason.REFUSED),
    (RoomProtocolError("no token in the answer"), LossReason.REFUSED),
]


@pytest.mark.parametrize(("error", "reason"), FAILURES, ids=lambda value: type(value).__name__)
async def test_why_a_room_could_not_be_entered(call: Call, error: KioskError, reason: LossReason) -> None:
    call.client.fails = error
    await call.start()
    assert [(type(event), getattr(event, "reason", None)) for event in call.said] == [(CallLost, reason)]


async def test_media_that_never_connects_is_a_loss_and_gives_the_place_back(call: Call) -> None:
    Session.fails_to_connect = 100
    await call.start()
    assert isinstance(call.said[-1], CallLost)
    assert call.said[-1].reason is LossReason.MEDIA
    assert not any(isinstance(event, CallConnected) for event in call.said)
    assert (Session.made, call.place.left) == (MEDIA_TRIES, 1)


async def test_media_that_connects_at_the_second_try_keeps_the_place(call: Call) -> None:
    Session.fails_to_connect = 1
    call.place.says.put_nowait(RoomEnded(EndReason.FINISHED))
    task = call.start()
    await task
    assert call.place.left == 1
    assert isinstance(call.said[-1], CallEnded)


async def test_media_that_dies_is_put_anew_on_the_same_place(call: Call) -> None:
    task = call.start()
    await heard(call, CallConnected(5, waiting=True))
    call.place.says.put_nowait(RoomAdmitted())
    call.place.says.put_nowait(RoomPeople(3))
    await heard(call, PeopleChanged(5, 3))
    before = len(call.said)
    Session.dies.set()
    await heard(call, PeopleChanged(5, 3), times=2)
    assert call.said[before:] == [MediaBroken(5), CallConnected(5, waiting=False), PeopleChanged(5, 3)]
    assert (Session.made, Session.alive, call.place.left) == (2, 1, 0)
    assert call.place.renewed == 1
    await stopped(task)
    assert call.place.left == 1


async def test_a_silent_platform_does_not_cost_the_place(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.engine.hold_call.SILENT_PAUSE_S", 0.001)
    task = call.start()
    await heard(call, CallConnected(5, waiting=True))
    tries = 2 * MEDIA_TRIES
    Session.cannot_ask = [RoomSilent("no way there") for _ in range(tries)]
    Session.dies.set()
    await heard(call, CallConnected(5, waiting=True), times=2)
    assert call.said == [CallConnected(5, waiting=True), MediaBroken(5), CallConnected(5, waiting=True)]
    assert (Session.made, call.place.left, call.place.renewed) == (tries + 2, 0, tries + 1)
    await stopped(task)


async def test_a_silent_platform_that_gives_the_place_away_is_the_end_of_waiting(call: Call) -> None:
    task = call.start()
    await heard(call, CallConnected(5, waiting=True))
    Session.cannot_ask = [RoomSilent("no way there")]
    Session.dies.set()
    await heard(call, MediaBroken(5))
    call.place.says.put_nowait(RoomLost(LossReason.ASKED_TO_REJOIN))
    await task
    assert isinstance(call.said[-1], CallLost)
    assert call.said[-1].reason is LossReason.ASKED_TO_REJOIN
    assert call.place.left == 1


@pytest.mark.parametrize("connected", [False, True], ids=["silent at first", "refusing later"])
async def test_a_platform_that_does_not_hold_the_place_is_left(call: Call, connected: bool) -> None:
    if connected:
        Session.cannot_ask = [RoomUnreachable("refused")]
        Session.dies.set()
    else:
        Session.made = 1
        Session.cannot_ask = [RoomSilent("no way there")]
    await call.start()
    assert isinstance(call.said[-1], CallLost)
    assert call.said[-1].reason is LossReason.UNREACHABLE
    assert call.place.left == 1


async def test_what_was_said_before_media_flows_is_told_then(call: Call) -> None:
    for event in (RoomAdmitted(), RoomPeople(2), RoomMessage("Hei")):
        call.place.says.put_nowait(event)
    Session.fails_to_connect = 2
    task = call.start()
    await heard(call, MessageReceived(5, "Hei"))
    assert call.said[-3:] == [CallConnected(5, waiting=False), PeopleChanged(5, 2), MessageReceived(5, "Hei")]
    await stopped(task)


async def test_the_room_ends_while_media_is_put_anew(call: Call) -> None:
    Session.fails_to_connect = 1
    call.place.says.put_nowait(RoomLost(LossReason.ASKED_TO_REJOIN))
    await call.start()
    assert isinstance(call.said[-1], CallLost)
    assert call.said[-1].reason is LossReason.ASKED_TO_REJOIN


async def test_a_room_that_is_closed_is_an_end_though_its_word_comes_after_a_refusal(call: Call) -> None:
    Session.cannot_ask = [RoomRefused("not_found", "there is no such room")]
    task = call.start()
    await heard(call, CallConnected(5, waiting=True))
    refuse = Session.connect

    def say(turns: int) -> None:
        """After so many turns of the loop."""
        if turns:
            asyncio.get_running_loop().call_soon(say, turns - 1)
        else:
            call.place.says.put_nowait(RoomEnded(EndReason.FINISHED))

    async def connect(session: Session, signaling: Signaling) -> None:
        say(5)
        await refuse(session, signaling)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "connect", connect)
        Session.dies.set()
        await task
    assert call.said[-1] == CallEnded(5, EndReason.FINISHED)


async def test_a_transfer_is_the_last_word(call: Call) -> None:
    other = replace(ROOM, alias="654321", token="one-time")
    call.place.says.put_nowait(RoomMoved(other))
    await call.start()
    assert call.said[-1] == Moved(5, other)


async def test_why_a_room_refused_is_told(call: Call) -> None:
    call.client.fails = RoomRefused("login", "an identity provider is asked for")
    await call.start()
    assert isinstance(call.said[-1], CallLost)
    assert call.said[-1].refusal is Refusal.LOGIN


async def test_a_steered_picture_has_its_sign_and_is_whole_at_the_end(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.engine.hold_call.STEERED_EVERY_S", 0.001)
    task = call.start()
    call.place.says.put_nowait(RoomCamera(pan=0, tilt=0, zoom=1, for_s=5.0))
    await heard(call, CameraSteered(5, on=True))
    outgoing = call.house.lines(CALL.visit).outgoing
    assert outgoing.steered
    await stopped(task)
    assert not outgoing.steered


async def test_statistics_are_told_at_the_asked_pace(call: Call) -> None:
    call.place.statistics_every_s = 0.001
    task = call.start()
    async with asyncio.timeout(5):
        while len(call.place.told) < 3:
            await asyncio.sleep(0.001)
    assert call.place.told[0].audio.sent_packets == 7
    await stopped(task)


async def stopped(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def heard(call: Call, event: Event, times: int = 1) -> None:
    async with asyncio.timeout(5):
        while call.said.count(event) < times:
            await asyncio.sleep(0.001)


@pytest.mark.parametrize("last", [RoomLost(LossReason.ASKED_TO_REJOIN), None], ids=["lost", "without a word"])
async def test_a_call_that_is_gone_is_never_silent(call: Call, last: RoomEvent | None) -> None:
    call.place.says.put_nowait(last)
    await call.start()
    assert isinstance(call.said[-1], CallLost)
    assert call.said[-1].reason in (LossReason.ASKED_TO_REJOIN, LossReason.LEFT_BEHIND)
    assert 0 <= call.said[-1].spread <= 1
    assert call.place.left == 1


async def test_cancelling_gives_everything_back_without_a_word(call: Call) -> None:
    task = call.start()
    while not call.said:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert call.said == [CallConnected(5, waiting=True)]
    assert call.place.left == 1


async def test_the_last_word_is_spoken_before_a_server_that_hangs_lets_go(call: Call) -> None:
    call.place.may_leave.clear()
    call.place.says.put_nowait(RoomLost(LossReason.UNREACHABLE))
    task = call.start()
    async with asyncio.timeout(5):
        while not call.said or not isinstance(call.said[-1], CallLost):
            await asyncio.sleep(0.001)
    task.cancel()  # as the engine does when the next attempt begins
    task.cancel()
    await asyncio.sleep(0.01)
    assert not task.done(), "went away without giving the place back"
    call.place.may_leave.set()
    await asyncio.gather(task, return_exceptions=True)
    assert call.place.left == 1


async def test_an_unknown_provider_is_refused(call: Call) -> None:
    call.house.rooms = {}
    await call.start()
    assert [getattr(event, "reason", None) for event in call.said] == [LossReason.REFUSED]


async def test_pausing_is_told_and_taken_back(call: Call) -> None:
    task = call.start()
    while not call.said:
        await asyncio.sleep(0)
    pausing = asyncio.create_task(stay_paused(StayPaused(1, 5), call.house))
    while not call.place.paused:
        await asyncio.sleep(0)
    pausing.cancel()
    await asyncio.gather(pausing, return_exceptions=True)
    assert call.place.paused == [True, False]
    await stopped(task)


async def test_a_call_that_ends_while_paused_is_not_told_that_it_goes_on(call: Call) -> None:
    task = call.start()
    while not call.said:
        await asyncio.sleep(0)
    pausing = asyncio.create_task(stay_paused(StayPaused(1, 5), call.house))
    while not call.place.paused:
        await asyncio.sleep(0)
    call.place.says.put_nowait(RoomEnded(EndReason.FINISHED))
    await task
    pausing.cancel()
    await asyncio.gather(pausing, return_exceptions=True)
    assert call.place.paused == [True]
