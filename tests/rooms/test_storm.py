"""A server that comes back is not knocked over by those who waited for it."""

import asyncio
import heapq
import random
from collections.abc import Generator
from typing import Final
from urllib.parse import urlsplit

import pytest

from kiosk.consultation.timing import retry_after_s
from kiosk.errors import RoomUnreachable
from kiosk.rooms.pexip.stream import wait_s
from kiosk.rooms.port import RoomLost, Signaling
from tests.rooms.node import OFFER, Node, client, node

TERMINALS: Final = 500
JOINING: Final = ("request_token", "request_token", "events", "calls", "ack")
"""With a host's PIN the first question is answered by another."""
ROUND_TRIP_S: Final = 0.02
MEDIA_MISSED_AFTER_S: Final = 2.0
"""Then the terminal gives its place up and tries to join anew."""

Life = Generator[tuple[float, str | None], bool, None]
"""Yields (seconds until then, request or None); is sent whether the server answered."""


def busiest_second(at_s: list[float]) -> int:
    """Most requests within any second."""
    most = first = 0
    for last, moment in enumerate(at_s):
        while at_s[first] <= moment - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def terminal(chance: random.Random) -> Life:
    """One that was in a call, by the very policies of the room client and of the core."""
    lost_s = failures = 0.0
    while True:
        failures += 1
        pause_s = wait_s(int(failures), chance.random())
        lost_s += pause_s
        if lost_s > MEDIA_MISSED_AFTER_S:
            break
        if (yield pause_s, "events"):
            # The new server does not know us: the refresh finds that out.
            yield ROUND_TRIP_S, "refresh_token"
            break
    tries = 0
    while not (yield ROUND_TRIP_S, "request_token"):
        tries += 1
        yield retry_after_s(tries, chance.random()), None
    for word in JOINING[1:]:
        yield ROUND_TRIP_S, word


def simulate(terminals: int, outage_s: float) -> tuple[list[float], float]:
    """When the server, once back, was asked; and when the last terminal was back. Seconds since its return."""
    chance = random.Random(3)
    lives = [terminal(chance) for _ in range(terminals)]
    due: list[tuple[float, int, str | None]] = []
    for number, life in enumerate(lives):
        after_s, word = next(life)
        heapq.heappush(due, (after_s, number, word))
    asked_s: list[float] = []
    back_s = 0.0
    while due:
        now_s, number, word = heapq.heappop(due)
        answers = now_s >= outage_s
        if word is not None and answers:
            asked_s.append(now_s - outage_s)
        try:
            after_s, following = lives[number].send(answers)
        except StopIteration:
            back_s = now_s - outage_s
        else:
            heapq.heappush(due, (now_s + after_s, number, following))
    return asked_s, back_s


@pytest.mark.parametrize(
    ("outage_s", "most_a_second", "back_within_s"),
    [(0.5, 3500, 2.5), (5.0, 1300, 8.0), (60.0, 300, 40.0), (600.0, 300, 40.0)],
)
def test_five_hundred_terminals_come_back_at_a_bounded_rate(
    outage_s: float, most_a_second: int, back_within_s: float, capsys: pytest.CaptureFixture[str]
) -> None:
    asked_s, back_s = simulate(TERMINALS, outage_s)
    peak = busiest_second(asked_s)
    with capsys.disabled():
        print(
            f"\n{TERMINALS} terminals, server away {outage_s:g} s: {len(asked_s)} requests, at most {peak} in a"
            f" second; all back after {back_s:.1f} s",
            end=" ",
        )
    assert len(asked_s) <= TERMINALS * (len(JOINING) + 2)
    assert peak <= most_a_second
    assert back_s <= back_within_s


def test_a_server_that_only_says_later_is_asked_calmly() -> None:
    chance = random.Random(3)
    at_s = []
    for _ in range(TERMINALS):
        now_s, failures = 0.0, 0
        while now_s < 60:
            failures += 1
            now_s += wait_s(failures, chance.random())
            at_s.append(now_s)
    settled = sorted(moment for moment in at_s if moment > 10)
    assert busiest_second(settled) < TERMINALS


class Terminal:
    """A real client with its real sockets and threads, which stays in the room as the core would have it."""

    def __init__(self, url: str) -> None:
        self._room = Node(url=url).room()
        self._client = client()
        self.joined = 0

    async def run(self) -> None:
        tries = 0
        while True:
            try:
                place = await self._client.join(self._room)
            except RoomUnreachable:
                tries += 1
                await asyncio.sleep(retry_after_s(tries, random.random()))
                continue
            tries = 0
            try:
                await self._call(place)
            finally:
                await place.leave()

    async def _call(self, place: Signaling) -> None:
        try:
            await place.offer(OFFER)
            await place.ack()
        except RoomUnreachable:
            return
        self.joined += 1
        async for event in place.events():
            if isinstance(event, RoomLost):
                return


async def test_fifty_real_terminals_come_back_to_a_server_that_was_restarted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with node() as before:
        terminals = [Terminal(before.url) for _ in range(50)]
        running = [asyncio.create_task(each.run()) for each in terminals]
        await before.until(lambda: sum(seat.acked for seat in before.seats.values()) == 50, within_s=30)
        port = urlsplit(before.url).port
    assert port is not None
    try:
        async with node(port=port) as after:
            await after.until(lambda: sum(seat.acked for seat in after.seats.values()) == 50, within_s=30)
            peak = busiest_second(after.asked_at_s)
            with capsys.disabled():
                print(f"\n50 real terminals: {len(after.asked)} requests, at most {peak} in a second", end=" ")
            assert after.busiest == 1, "two requests for one purpose at the same time"
            assert len(after.asked) <= 50 * 12
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            assert not after.seats
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
