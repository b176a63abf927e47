"""Subscriptions: whose picture comes, and what becomes of those that fail."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from kiosk.errors import RoomUnreachable
from kiosk.rooms.janus import feeds as feeds_module
from kiosk.rooms.janus.answers import NO_SUCH_FEED, Notice, RoomSaysNo
from kiosk.rooms.janus.feeds import MOST_FEEDS, Feeds
from kiosk.rooms.port import RoomEvent, RoomOffer, RoomOfferWithdrawn

STREAMS = [{"type": "audio", "mid": "0"}, {"type": "video", "mid": "1"}]


@dataclass
class Server:
    """Offers what is asked for; remembers what was asked."""

    streams: list[dict[str, str]] = field(default_factory=lambda: STREAMS)
    fails: list[Exception] = field(default_factory=list)
    handles: dict[int, Any] = field(default_factory=dict)
    """Attached, with the feed that each is subscribed to."""
    attached: int = 0
    sent: dict[tuple[Any, str], bool] = field(default_factory=dict)
    """Whether this section of this feed is passed on, as asked for last."""

    async def attach(self) -> int:
        self.attached += 1
        self.handles[self.attached] = None
        return self.attached

    async def detach(self, handle: int) -> None:
        del self.handles[handle]

    async def request(self, what: str, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None) -> Notice:
        if body["request"] == "join":
            assert body["ptype"] == "subscriber"
            assert body["room"] == 7
            if self.fails:
                raise self.fails.pop(0)
            self.handles[handle] = body["streams"][0]["feed"]
            return Notice("event", handle, "t", {"streams": self.streams}, "v=0 offer")
        if body["request"] == "configure":
            for stream in body["streams"]:
                self.sent[self.handles[handle], stream["mid"]] = stream["send"]
        else:
            assert (body, jsep) == ({"request": "start"}, {"type": "answer", "sdp": "v=0 answer"})
        return Notice("event", handle, "t", {})


@dataclass
class Bench:
    """Feeds at work; every offer is answered when it comes."""

    server: Server
    said: list[RoomEvent] = field(default_factory=list)
    answers: set["asyncio.Task[None]"] = field(default_factory=set)

    def post(self, event: RoomEvent) -> None:
        self.said.append(event)
        if isinstance(event, RoomOffer):
            assert event.sdp == "v=0 offer"

            async def answer() -> None:
                await event.answer("v=0 answer")

            self.answers.add(asyncio.create_task(answer()))

    def offered(self) -> list[str]:
        return [event.source for event in self.said if isinstance(event, RoomOffer)]


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0)


@pytest.fixture
async def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(feeds_module, "AGAIN_AFTER_S", 0.01)
    bench = Bench(Server())
    feeds = Feeds(bench.server, {"room": 7}, bench.post)
    yield bench, feeds
    await feeds.close()
    assert [task for task in asyncio.all_tasks() if task.get_name() == "janus-feeds"] == []


async def test_the_newest_alone_is_seen(bench: tuple[Bench, Feeds]) -> None:
    at, feeds = bench
    feeds.appeared(2)
    feeds.appeared(3)
    await until(lambda: at.server.sent == {(2, "1"): False})
    assert sorted(at.offered()) == ["2", "3"]


async def test_the_speaker_is_seen(bench: tuple[Bench, Feeds]) -> None:
    at, feeds = bench
    feeds.appeared(2)
    feeds.appeared(3)
    await until(lambda: at.server.sent == {(2, "1"): False})
    feeds.speaking(2)
    await until(lambda: at.server.sent == {(2, "1"): True, (3, "1"): False})
    feeds.speaking(99)
    assert at.server.sent == {(2, "1"): True, (3, "1"): False}


async def test_when_the_speaker_goes_another_is_seen(bench: tuple[Bench, Feeds]) -> None:
    at, feeds = bench
    feeds.appeared(2)
    feeds.appeared(3)
    await until(lambda: at.server.sent == {(2, "1"): False})
    feeds.gone(3)
    await until(lambda: at.server.sent == {(2, "1"): True})
    assert RoomOfferWithdrawn("3") in at.said
    await until(lambda: list(at.server.handles.values()) == [2])


async def test_who_sends_no_picture_is_never_chosen(bench: tuple[Bench, Feeds]) -> None:
    at, feeds = bench
    feeds.appeared(2)
    await until(lambda: at.offered() == ["2"])
    at.server.streams = STREAMS[:1]
    feeds.appeared(3)
    await until(lambda: "3" in at.offered())
    feeds.speaking(3)
    await asyncio.gather(*at.answers)
    assert at.server.sent.get((2, "1"), True)


async def test_a_subscription_that_fails_is_tried_again(bench: tuple[Bench, Feeds]) -> None:
    at, feeds = bench
    at.server.fails = [RoomUnreachable("later"), RoomSaysNo("subscribe", 499)]
    feeds.appeared(2)
    await until(lambda: at.offered() == ["2"])
    assert list(at.server.handles.values()) == [2]
    assert at.server.attached == 3


async def test_who_is_gone_already_is_not_asked_for_again(bench: tuple[Bench, Feeds]) -> None:
    at, feeds = bench
    at.server.fails = [RoomSaysNo("subscribe", NO_SUCH_FEED)]
    feeds.appeared(2)
    await until(lambda: at.server.attached and not at.server.fails)
    await asyncio.sleep(0.05)
    assert at.server.attached == 1
    feeds.gone(2)
    await until(lambda: not at.server.handles)


async def test_a_connection_that_the_server_ends_is_made_anew(bench: tuple[Bench, Feeds]) -> None:
    at, feeds = bench
    feeds.appeared(2)
    await until(lambda: at.offered() == ["2"])
    feeds.hung_up(99)
    feeds.hung_up(1)
    await until(lambda: at.offered() == ["2", "2"])
    assert at.server.handles == {2: 2}


async def test_all_are_offered_again_and_the_same_one_is_seen(bench: tuple[Bench, Feeds]) -> None:
    at, feeds = bench
    feeds.appeared(2)
    feeds.appeared(3)
    await until(lambda: at.server.sent == {(2, "1"): False})
    feeds.speaking(2)
    await until(lambda: at.server.sent == {(2, "1"): True, (3, "1"): False})
    at.server.sent.clear()
    feeds.renew()
    await until(lambda: len(at.offered()) == 4 and at.server.sent)
    assert at.server.sent == {(3, "1"): False}


async def test_a_crowd_is_cut(bench: tuple[Bench, Feeds]) -> None:
    at, feeds = bench
    for feed in range(MOST_FEEDS + 1):
        feeds.appeared(feed)
    await until(lambda: len(at.offered()) == MOST_FEEDS)
    assert str(MOST_FEEDS) not in at.offered()
