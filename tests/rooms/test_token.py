"""Keeping the token of a place fresh."""

import asyncio
import time

import pytest
from aiohttp import web

from kiosk.consultation.model import LossReason
from kiosk.rooms.pexip import token_keeper
from kiosk.rooms.port import RoomLost, RoomMessage
from tests.rooms.node import ANSWER, OFFER, node
from tests.rooms.place import hear, inside


async def test_the_token_is_refreshed_and_the_newest_is_used() -> None:
    async with node(expires="3") as serving:
        async with inside(serving) as joined:
            await serving.until(lambda: "refresh_token" in serving.asked)
            assert await joined.offer(OFFER) == ANSWER
        assert not serving.seats


async def test_the_platform_may_ask_for_a_refresh() -> None:
    async with node() as serving, inside(serving):
        await serving.send("refresh_token", None)
        await serving.until(lambda: "refresh_token" in serving.asked)


async def test_many_wishes_for_a_refresh_are_one_refresh() -> None:
    async with node(hang={"refresh_token"}) as serving, inside(serving) as joined:
        await serving.send_raw(b"event: refresh_token\ndata: null\n\n" * 50)
        await serving.until(lambda: "refresh_token" in serving.asked)
        await serving.say("after the wishes")
        await hear(joined, RoomMessage)
        assert serving.asked.count("refresh_token") == 1


async def test_wishes_for_a_refresh_are_met_at_a_calm_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_keeper, "REFRESH_GAP_S", 0.3)
    async with node() as serving, inside(serving):
        await serving.send("refresh_token", None)
        await serving.until(lambda: serving.asked.count("refresh_token") == 1)
        begun_s = time.monotonic()
        await serving.send("refresh_token", None)
        await serving.until(lambda: serving.asked.count("refresh_token") == 2)
        assert time.monotonic() - begun_s > 0.2


async def test_no_call_is_made_with_a_token_that_is_being_replaced() -> None:
    async with node(hang={"refresh_token"}) as serving, inside(serving) as joined:
        await serving.send("refresh_token", None)
        await serving.until(lambda: "refresh_token" in serving.asked)
        offering = asyncio.create_task(joined.offer(OFFER))
        with pytest.raises(TimeoutError):
            await serving.until(lambda: "calls" in serving.asked, within_s=0.3)
        serving.release()
        assert await offering == ANSWER


async def test_a_dead_token_means_joining_again() -> None:
    async with node() as serving, inside(serving) as joined:
        await serving.until(lambda: serving.streams)
        serving.answers["refresh_token"] = [(403, "Invalid token")]
        await serving.send("refresh_token", None)
        assert await hear(joined, RoomLost) == RoomLost(LossReason.ASKED_TO_REJOIN)
        assert serving.asked.count("refresh_token") == 1


async def test_a_refresh_that_fails_is_tried_again() -> None:
    async with node(expires="3", answers={"refresh_token": [(502, "busy"), (503, "busy")]}) as serving:
        async with inside(serving) as joined:
            await serving.until(lambda: serving.asked.count("refresh_token") >= 3)
            await joined.offer(OFFER)
        assert not serving.seats


async def test_a_token_that_cannot_be_refreshed_expires() -> None:
    never = {"refresh_token": web.Response(status=502)}
    async with node(expires="0.6", answers=never) as serving, inside(serving) as joined:
        assert await hear(joined, RoomLost) == RoomLost(LossReason.ASKED_TO_REJOIN)
