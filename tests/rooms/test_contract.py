"""What every room client must do, whatever its platform. A new platform is one more line in PLATFORMS."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import pytest

from kiosk.consultation.model import EndReason, LossReason, Room
from kiosk.errors import RoomRefused, RoomUnreachable
from kiosk.rooms.port import (
    CallStatistics,
    RoomAdmitted,
    RoomClient,
    RoomEnded,
    RoomEvent,
    RoomJoined,
    RoomLost,
    RoomMessage,
    RoomMuted,
    RoomPeople,
    RoomWaiting,
    Signaling,
    StreamStatistics,
)
from tests.rooms.janus.platform import UNAVAILABLE, janus, janus_client
from tests.rooms.node import client, node
from tests.rooms.offer import OFFER


class Platform(Protocol):
    """The far end, with verbs for the clinician's hands."""

    @property
    def seats(self) -> Any:
        """Places that are taken; falsy when none is."""

    def room(self, **changes: Any) -> Room: ...
    async def admit(self) -> None: ...
    async def send_to_waiting_room(self) -> None: ...
    async def mute(self, muted: bool) -> None: ...
    async def say(self, text: str) -> None: ...
    async def enter(self, uuid: str) -> None: ...
    async def end_for_all(self) -> None: ...
    async def lose(self) -> None: ...


@dataclass(frozen=True)
class Provider:
    """A platform to test, and our client of it."""

    open: Callable[..., AbstractAsyncContextManager[Platform]]
    client: Callable[[], RoomClient]
    lacks: frozenset[str] = frozenset()
    """What there is no such thing as on this platform."""
    unavailable: str | None = None
    """Why it cannot be tested on this machine."""


PLATFORMS = {
    "pexip": Provider(node, client),
    "janus": Provider(janus, janus_client, frozenset({"waiting room", "chat"}), UNAVAILABLE),
}


@pytest.fixture(params=list(PLATFORMS))
def provider(request: pytest.FixtureRequest) -> Provider:
    provider = PLATFORMS[request.param]
    if provider.unavailable:
        pytest.skip(provider.unavailable)
    needed = request.node.get_closest_marker("needs")
    if needed and needed.args[0] in provider.lacks:
        pytest.skip(f"{request.param} has no {needed.args[0]}")
    return provider


class House:
    def __init__(self, platform: Platform, joined: Signaling) -> None:
        self.platform = platform
        self.joined = joined
        self._events = joined.events()

    async def next(self) -> RoomEvent:
        async with asyncio.timeout(10):
            return await anext(self._events)

    async def hear(self, expected: RoomEvent) -> None:
        """The event, perhaps after news of who is there."""
        while isinstance(event := await self.next(), RoomPeople | RoomJoined) and event != expected:
            pass
        assert event == expected


@pytest.fixture
async def inside(provider: Provider) -> AsyncIterator[House]:
    """Admitted at once."""
    async with provider.open() as platform:
        joined = await provider.client().join(platform.room())
        try:
            yield House(platform, joined)
        finally:
            await joined.leave()


@pytest.mark.needs("waiting room")
async def test_a_locked_room_makes_us_wait_until_admitted(provider: Provider) -> None:
    async with provider.open(locked=True) as platform:
        joined = await provider.client().join(platform.room())
        house = House(platform, joined)
        assert joined.waiting
        await platform.admit()
        await house.hear(RoomAdmitted())
        await platform.send_to_waiting_room()
        await house.hear(RoomWaiting())
        await joined.leave()


async def test_an_open_room_lets_us_in(inside: House) -> None:
    assert not inside.joined.waiting
    assert inside.joined.ice_servers == ()
    assert not inside.joined.relay_only


async def test_an_offer_is_answered_and_acknowledged(inside: House) -> None:
    assert (await inside.joined.offer(OFFER)).startswith("v=0")
    await inside.joined.ack()


async def test_a_second_offer_takes_the_place_of_the_first_call(inside: House) -> None:
    for _ in range(2):
        assert (await inside.joined.offer(OFFER)).startswith("v=0")
        await inside.joined.ack()
    assert len(inside.platform.seats) == 1


async def test_statistics_may_be_told_at_any_time(inside: House) -> None:
    counted = CallStatistics(StreamStatistics(received_packets=7), StreamStatistics())
    await inside.joined.statistics(counted)
    await inside.joined.offer(OFFER)
    await inside.joined.statistics(counted)


async def test_looking_in_takes_no_place(provider: Provider) -> None:
    async with provider.open() as platform:
        await provider.client().check(platform.room())
        assert not platform.seats
        with pytest.raises(RoomRefused, match="not_found"):
            await provider.client().check(platform.room(alias="no such room"))
        room = platform.room()
    with pytest.raises(RoomUnreachable):
        await provider.client().check(room)


async def test_somebody_who_comes_after_us_is_told(inside: House) -> None:
    await inside.hear(RoomPeople(1))
    await inside.platform.enter("host-1")
    while not isinstance(await inside.next(), RoomJoined):
        pass


async def test_the_host_mutes_and_unmutes(inside: House) -> None:
    await inside.joined.offer(OFFER)
    await inside.platform.mute(True)
    await inside.hear(RoomMuted(True))
    await inside.platform.mute(False)
    await inside.hear(RoomMuted(False))


@pytest.mark.needs("chat")
async def test_chat_arrives_as_plain_text(inside: House) -> None:
    await inside.platform.say("I am\na little \x1blate")
    await inside.hear(RoomMessage("I am a little late"))


async def test_people_are_counted_and_we_are_one_of_them(inside: House) -> None:
    await inside.hear(RoomPeople(1))
    await inside.platform.enter("host-1")
    await inside.hear(RoomPeople(2))


async def test_the_end_is_the_last_event(inside: House) -> None:
    await inside.platform.end_for_all()
    await inside.hear(RoomEnded(EndReason.FINISHED))
    with pytest.raises(StopAsyncIteration):
        await inside.next()


async def test_a_loss_is_the_last_event(inside: House) -> None:
    await inside.platform.lose()
    await inside.hear(RoomLost(LossReason.ASKED_TO_REJOIN))
    with pytest.raises(StopAsyncIteration):
        await inside.next()


async def test_pausing_does_not_raise(inside: House) -> None:
    await inside.joined.pause(True)
    await inside.joined.pause(False)


async def test_leaving_gives_the_place_back_and_ends_the_events(inside: House) -> None:
    await inside.joined.offer(OFFER)
    assert inside.platform.seats
    await inside.joined.leave()
    assert not inside.platform.seats
    assert [event async for event in inside.joined.events() if not isinstance(event, RoomPeople)] == []
    await inside.joined.leave()


async def test_a_room_that_is_not_there_is_refused(provider: Provider) -> None:
    async with provider.open() as platform:
        with pytest.raises(RoomRefused, match="not_found"):
            await provider.client().join(platform.room(alias="no such room"))


async def test_a_platform_that_is_not_there_is_unreachable(provider: Provider) -> None:
    async with provider.open() as platform:
        room = platform.room()
    with pytest.raises(RoomUnreachable):
        await provider.client().join(room)
