"""Placing a call, pausing, leaving; and that no secret is told meanwhile."""

import asyncio
import logging
import time
from typing import Any

import pytest

from kiosk.consultation.model import LossReason
from kiosk.errors import RoomError, RoomProtocolError, RoomRefused, RoomUnreachable
from kiosk.rooms.port import (
    CallStatistics,
    IceServer,
    RoomCaption,
    RoomEnded,
    RoomLost,
    RoomMessage,
    RoomMoved,
    StreamStatistics,
)
from tests.rooms.node import ANSWER, NAME, OFFER, client, node
from tests.rooms.place import eventually, hear, inside, readers


async def test_a_call_from_offer_to_leaving() -> None:
    async with node() as serving:
        joined = await client().join(serving.room())
        await serving.until(lambda: serving.streams)
        assert await joined.offer(OFFER) == ANSWER
        assert serving.told[-1] == {
            "call_type": "WEBRTC",
            "sdp": OFFER,
            "media_type": "video",
            "fecc_supported": True,
            "present": "main",
        }
        await joined.ack()
        await joined.leave()
        assert serving.asked == ["request_token", "events", "calls", "ack", "disconnect", "release_token"]
        assert serving.told[-1] == {"reason": "User initiated disconnect"}
        await eventually(lambda: not serving.connections())


async def test_a_second_offer_ends_the_first_call() -> None:
    async with node() as serving, inside(serving) as joined:
        await serving.until(lambda: serving.streams)
        await joined.offer(OFFER)
        first = serving.seat.call
        await joined.offer(OFFER)
        assert serving.asked[2:] == ["calls", "disconnect", "calls"]
        await serving.send("call_disconnected", {"call_uuid": first})
        await serving.send("call_disconnected", {"call_uuid": serving.seat.call})
        assert await hear(joined, RoomLost) == RoomLost(LossReason.MEDIA)


async def test_a_former_call_that_does_not_end_holds_the_new_one_a_second() -> None:
    async with node(hang={"disconnect"}) as serving, inside(serving, answer_timeout_s=9) as joined:
        await joined.offer(OFFER)
        begun_s = time.monotonic()
        assert await joined.offer(OFFER) == ANSWER
        assert time.monotonic() - begun_s < 2.5
        serving.release()


async def test_a_renewed_place_trusts_no_connection_that_is_open() -> None:
    async with node() as serving, inside(serving) as joined:
        await serving.until(lambda: serving.streams)
        await joined.offer(OFFER)
        before = serving.connections()
        joined.renew()
        await serving.until(lambda: serving.streams_opened == 2)
        assert await joined.offer(OFFER) == ANSWER
        await eventually(lambda: serving.connections() == before)
        assert serving.asked.count("request_token") == 1


async def test_servers_that_come_with_the_answer_are_added() -> None:
    turn = [{"urls": "turn:t.example.org", "username": "u", "credential": "c"}]
    late = (200, {"call_uuid": "call-9", "sdp": ANSWER, "turn": turn})
    async with node(answers={"calls": [late, late]}, grant={"stun": [{"url": "stun:s.example.org"}]}) as serving:
        joined = await client().join(serving.room())
        (stun,) = joined.ice_servers
        assert stun == IceServer(("stun:s.example.org",))
        for _ in range(2):
            await joined.offer(OFFER)
            assert tuple(joined.ice_servers)[1:] == (IceServer(("turn:t.example.org",), "u", "c"),)
            serving.seat.call = "call-9"
        await joined.leave()


async def test_slides_of_their_own_are_not_mixed_into_the_main_picture() -> None:
    async with node() as serving, inside(serving) as joined:
        await joined.offer(OFFER + "a=content:slides\r\n")
        (offered,) = [body for body in serving.told if "sdp" in body]
        assert "present" not in offered


async def test_statistics_are_told_one_after_the_other_and_may_fail() -> None:
    counted = CallStatistics(StreamStatistics(received_packets=50), StreamStatistics(sent_codec="VP8"))
    pace = {"client_stats_update_interval": 4411.07}
    async with node(grant=pace, hang={"statistics"}) as serving, inside(serving) as joined:
        assert joined.statistics_every_s == pytest.approx(4.41107)
        await joined.statistics(counted)
        await joined.offer(OFFER)
        telling = asyncio.create_task(joined.statistics(counted))
        await serving.until(lambda: "statistics" in serving.asked)
        await joined.statistics(counted)
        serving.release()
        await telling
        assert serving.asked.count("statistics") == 1
        assert serving.told[-1]["audio"]["rx_packets_received"] == 50
        assert serving.told[-1]["video"]["tx_codec"] == "VP8"
        serving.answers["statistics"] = [(502, "no")]
        await joined.statistics(counted)
        await joined.statistics(counted)
        assert serving.asked.count("statistics") == 3


async def test_captions_are_asked_for_until_there_are_some() -> None:
    async with node(answers={"show_live_captions": [(502, "no")]}) as serving:
        joined = await client(captions=True).join(serving.room())
        await serving.send("conference_update", {"live_captions_available": True})
        await serving.until(lambda: serving.asked.count("show_live_captions") == 2)
        await serving.send("live_captions", {"data": "How are you?", "is_final": True})
        assert await hear(joined, RoomCaption) == RoomCaption("How are you?")
        await joined.leave()
        assert serving.asked.count("show_live_captions") == 2


async def test_captions_that_nobody_wants_are_not_asked_for() -> None:
    async with node() as serving, inside(serving) as joined:
        await serving.send("conference_update", {"live_captions_available": True})
        await serving.say("after")
        await hear(joined, RoomMessage)
        assert "show_live_captions" not in serving.asked


async def test_a_referral_moves_us_and_the_old_place_is_left_as_a_transfer() -> None:
    async with node() as serving:
        joined = await client().join(serving.room(pin="1", extension="7"))
        await serving.send("refer", {"alias": "ward eight", "token": "once"})
        moved = await hear(joined, RoomMoved)
        assert moved == RoomMoved(serving.room(alias="ward eight", token="once"))
        assert "once" not in repr(moved)
        assert [event async for event in joined.events()] == []
        await joined.leave()
        assert serving.told[-1] == {"reason": "Transfer"}


async def test_a_referral_counts_though_the_old_place_goes_at_once() -> None:
    async with node() as serving, inside(serving) as joined:
        await serving.send("refer", {"alias": "ward eight", "token": "once"})
        await serving.end_for_all()
        assert isinstance(await hear(joined, RoomMoved), RoomMoved)


async def test_a_referral_may_be_taken_back() -> None:
    async with node() as serving, inside(serving) as joined:
        await serving.send("refer", {"alias": "ward eight", "token": "once"})
        await serving.send("cancel_refer", {"token": "once"})
        await serving.end_for_all()
        assert await hear(joined, RoomEnded)


@pytest.mark.parametrize(
    ("status", "value", "error"),
    [
        (400, "bad SDP", RoomProtocolError),
        (403, "Invalid token", RoomUnreachable),
        (504, "slow", RoomUnreachable),
        (200, {"call_uuid": "c"}, RoomProtocolError),
        (403, "Disabled", RoomRefused),
    ],
)
async def test_offers_that_fail(status: int, value: Any, error: type[RoomError]) -> None:
    async with node(answers={"calls": [(status, value)]}) as serving, inside(serving) as joined:
        with pytest.raises(error):
            await joined.offer(OFFER)


async def test_the_platforms_reason_goes_back_with_the_token() -> None:
    async with node() as serving:
        async with inside(serving) as joined:
            await serving.end_for_all()
            await hear(joined, RoomEnded)
        assert serving.told[-1] == {"reason": "Conference terminated by another participant"}


async def test_a_pause_is_told_in_order_and_an_older_node_may_not_know_it() -> None:
    async with node(answers={"client_mute": [(404, "404 Not Found")]}) as serving, inside(serving) as joined:
        await serving.until(lambda: serving.streams)
        await joined.pause(True)
        await joined.pause(True)
        await joined.pause(False)
        assert serving.asked[2:] == ["client_mute", "video_muted", "client_unmute", "video_unmuted"]


async def test_the_newest_wish_is_told_last_however_slow_the_node() -> None:
    async with node(hang={"client_mute"}) as serving, inside(serving) as joined:
        pausing = asyncio.create_task(joined.pause(True))
        await serving.until(lambda: "client_mute" in serving.asked)
        pausing.cancel()
        resuming = asyncio.create_task(joined.pause(False))
        await asyncio.sleep(0)
        serving.release()
        await resuming
        told = [word for word in serving.asked if "mute" in word]
        assert told == ["client_mute", "video_muted", "client_unmute", "video_unmuted"]


async def test_the_end_stops_the_stream_and_the_refreshing_before_we_leave() -> None:
    async with node(expires="0.6") as serving, inside(serving) as joined:
        await serving.end_for_all()
        await hear(joined, RoomEnded)
        await eventually(lambda: not readers())
        await eventually(lambda: "pexip-refresh" not in [task.get_name() for task in asyncio.all_tasks()])


async def test_a_refresh_under_way_is_waited_for_since_its_token_is_the_one_to_give_back() -> None:
    async with node(hang={"refresh_token"}) as serving:
        joined = await client().join(serving.room())
        await serving.send("refresh_token", None)
        await serving.until(lambda: "refresh_token" in serving.asked)
        leaving = asyncio.create_task(joined.leave())
        await asyncio.sleep(0)
        serving.release()
        await leaving
        assert not serving.seats


async def test_an_offer_that_hangs_does_not_keep_the_place() -> None:
    async with node(hang={"calls"}) as serving:
        joined = await client(answer_timeout_s=60).join(serving.room())
        offering = asyncio.create_task(joined.offer(OFFER))
        await serving.until(lambda: "calls" in serving.asked)
        await joined.leave()
        assert not serving.seats
        with pytest.raises(RoomUnreachable):
            await offering


async def test_leaving_a_hung_node_takes_less_than_five_seconds_and_leaves_nothing() -> None:
    everything = {"refresh_token", "disconnect", "release_token", "client_mute"}
    async with node(expires="1") as serving:
        joined = await client(answer_timeout_s=60).join(serving.room())
        await joined.offer(OFFER)
        serving.hang = everything
        pausing = asyncio.create_task(joined.pause(True))
        await serving.until(lambda: everything & set(serving.asked))
        begun_s = time.monotonic()
        await joined.leave()
        assert time.monotonic() - begun_s < 5
        await pausing
        assert not readers()
        async with asyncio.timeout(2):
            ending = [task for task in asyncio.all_tasks() if task.get_name().startswith("pexip-")]
            await asyncio.gather(*ending, return_exceptions=True)


async def test_a_cancelled_offer_returns_at_once_and_the_place_is_given_back() -> None:
    async with node(hang={"calls"}) as serving:
        async with inside(serving, answer_timeout_s=9) as joined:
            offering = asyncio.create_task(joined.offer(OFFER))
            await serving.until(lambda: "calls" in serving.asked)
            offering.cancel()
            begun_s = time.monotonic()
            with pytest.raises(asyncio.CancelledError):
                await offering
            assert time.monotonic() - begun_s < 1
            serving.hang.clear()
            assert await joined.offer(OFFER) == ANSWER
        assert not serving.seats


async def test_leaving_goes_on_when_its_caller_is_cancelled() -> None:
    async with node() as serving:
        joined = await client().join(serving.room())
        leaving = asyncio.create_task(joined.leave())
        await asyncio.sleep(0)
        leaving.cancel()
        await serving.until(lambda: not serving.seats)
        await joined.leave()
        assert serving.asked.count("release_token") == 1


async def test_leaving_a_node_that_is_gone_does_not_raise() -> None:
    async with node() as serving:
        joined = await client().join(serving.room())
        await joined.offer(OFFER)
    await joined.leave()
    assert not readers()


async def test_no_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3.connectionpool").setLevel(logging.DEBUG)
    async with node(host_pin="4711", alias="room-SECRET") as serving:
        joined = await client().join(serving.room(pin="4711"))
        await joined.offer(OFFER)
        await joined.ack()
        await joined.pause(True)
        serving.answers["client_unmute"] = [(404, "room-SECRET")]
        await joined.pause(False)
        await serving.send(
            "participant_create", {"uuid": "SECRET", "service_type": "conference", "display_name": "SECRET"}
        )
        await serving.send("live_captions", {"data": "SECRET"})
        await serving.send("conference_update", {"message_text": "SECRET"})
        await serving.send("refer", {"alias": "room-SECRET", "token": "SECRET"})
        await serving.send("cancel_refer", {"token": "SECRET"})
        await serving.send("refer", {"alias": ["room-SECRET"]})
        await joined.statistics(CallStatistics(StreamStatistics(), StreamStatistics()))
        await serving.say("SECRET")
        await hear(joined, RoomMessage)
        await serving.send("refresh_token", None)
        await serving.until(lambda: "refresh_token" in serving.asked)
        await serving.send("disconnect", {"reason": "SECRET"})
        await hear(joined, RoomEnded)
        await joined.leave()
        with pytest.raises(RoomRefused):
            await client().join(serving.room(pin="0815"))
        await client().check(serving.room(pin="0815"))
        with pytest.raises(RoomRefused):
            await client().join(serving.room(token="SECRET", pin="0815"))
        with pytest.raises(RoomRefused):
            await client(allowed_hosts=("SECRET.example.org",)).check(serving.room())
        room = serving.room()
    with pytest.raises(RoomUnreachable):
        await client().join(room)
    assert "Left the room" in caplog.text
    for secret in ("SECRET", "4711", "0815", NAME, "Kari", "v=0", "/conferences/", room.host):
        assert secret not in caplog.text


async def test_an_error_shown_with_its_traceback_tells_no_address() -> None:
    async with node() as serving:
        room = serving.room()
    with pytest.raises(RoomUnreachable) as caught:
        await client().join(room)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
