"""Pexip's protocol over real sockets, against a strict node on loopback."""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from kiosk.consultation.model import EndReason, LossReason
from kiosk.errors import RoomError, RoomProtocolError, RoomRefused, RoomUnreachable
from kiosk.rooms.pexip import signaling
from kiosk.rooms.pexip.stream import LONGEST_WAIT_S, wait_s
from kiosk.rooms.port import RoomEnded, RoomEvent, RoomLost, RoomMessage, RoomPeople, Signaling
from tests.rooms.node import ALIAS, ANSWER, NAME, OFFER, Node, client, node, result

GRANTED = {"token": "t", "expires": "120", "participant_uuid": "me"}


@asynccontextmanager
async def inside(serving: Node, **changes: Any) -> AsyncIterator[Signaling]:
    joined = await client(**changes).join(serving.room())
    try:
        yield joined
    finally:
        await joined.leave()


async def hear(joined: Signaling, kind: type[RoomEvent]) -> RoomEvent:
    async with asyncio.timeout(10):
        async for event in joined.events():
            if isinstance(event, kind):
                return event
    raise AssertionError(f"the events ended without {kind.__name__}")


def readers() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "pexip-events"]


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.01)


# The door


@pytest.mark.parametrize(
    ("pins", "pin", "sent"),
    [
        ({}, None, [None]),
        ({"host_pin": "1234"}, None, [None, "none"]),
        ({"host_pin": "1234"}, "1234", ["1234"]),
        ({"host_pin": "1234", "guest_pin": "77"}, "77", ["77"]),
    ],
)
async def test_the_pin_that_is_known_is_sent_at_once(pins: dict[str, Any], pin: str | None, sent: list[Any]) -> None:
    async with node(**pins) as serving:
        joined = await client().join(serving.room(pin=pin))
        assert serving.pins == sent
        assert serving.told[-1] == {
            "display_name": NAME,
            "direct_media": False,
            "chosen_idp": "none",
            "sso_token": "none",
        }
        await joined.leave()


@pytest.mark.parametrize(
    ("pins", "pin", "sent"),
    [
        ({"host_pin": "1234"}, "0000", ["0000"]),
        ({"host_pin": "1234", "guest_pin": "77"}, None, [None]),
    ],
)
async def test_a_wrong_pin_is_never_tried_again(pins: dict[str, Any], pin: str | None, sent: list[Any]) -> None:
    async with node(**pins) as serving:
        with pytest.raises(RoomRefused) as caught:
            await client().join(serving.room(pin=pin))
        assert caught.value.reason == "pin"
        assert serving.pins == sent


async def test_a_room_that_wants_a_pin_for_ever_is_refused() -> None:
    asks = {"pin": "required", "guest_pin": "none"}
    async with node(answers={"request_token": [(403, asks), (403, asks), (403, asks)]}) as serving:
        with pytest.raises(RoomRefused, match="pin"):
            await client().join(serving.room())
        assert serving.asked == ["request_token"] * 2


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (web.Response(status=503, text="busy"), RoomUnreachable),
        (web.Response(text="<html>log in</html>", content_type="text/html"), RoomUnreachable),
        (web.Response(status=302, headers={"Location": "/elsewhere"}), RoomUnreachable),
        (result(200, GRANTED | {"service_name": "x" * 2_000_000}), RoomProtocolError),
        (web.Response(text="nonsense", content_type="application/json"), RoomProtocolError),
        (result(403, {"idp": []}), RoomRefused),
    ],
    ids=["503", "html", "redirect", "large", "nonsense", "login"],
)
async def test_answers_become_errors(answer: web.Response, error: type[RoomError]) -> None:
    async with node(answers={"request_token": answer}) as serving:
        with pytest.raises(error) as caught:
            await client().join(serving.room())
        assert ALIAS not in str(caught.value)
        assert serving.asked == ["request_token"]


async def test_a_node_that_drips_does_not_hold_us() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try:
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)
        except OSError:
            writer.close()

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        host = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        begun_s = time.monotonic()
        with pytest.raises(RoomUnreachable, match="slowly"):
            await client(connect_timeout_s=0.2, join_timeout_s=0.2).join(Node().room(host=host))
        assert time.monotonic() - begun_s < 10


async def test_a_hung_node_does_not_hold_us() -> None:
    async with node(hang={"request_token"}) as serving:
        with pytest.raises(RoomUnreachable):
            await client(join_timeout_s=0.2).join(serving.room())


async def test_a_cancelled_join_gives_its_place_back() -> None:
    async with node(hang={"request_token"}) as serving:
        joining = asyncio.create_task(client().join(serving.room()))
        await serving.until(lambda: serving.asked)
        joining.cancel()
        await asyncio.sleep(0)
        serving.release()
        with pytest.raises(asyncio.CancelledError):
            await joining
        assert serving.asked == ["request_token", "release_token"]
        assert not serving.seats
        assert not readers()


# The token


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
    monkeypatch.setattr(signaling, "REFRESH_GAP_S", 0.3)
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


# The events


async def test_a_lost_stream_is_opened_again_with_the_current_token() -> None:
    async with node() as serving, inside(serving) as joined:
        await serving.enter("host-1")
        while await hear(joined, RoomPeople) != RoomPeople(2):
            pass
        await serving.send("refresh_token", None)
        await serving.until(lambda: "refresh_token" in serving.asked)
        await serving.end_streams()
        assert await hear(joined, RoomPeople) == RoomPeople(1), "the roster was not rebuilt"
        assert serving.streams_opened == 2
        await serving.say("welcome back")
        assert await hear(joined, RoomMessage) == RoomMessage("welcome back")


async def test_a_refused_stream_asks_the_refresh_whether_we_are_still_known() -> None:
    async with node(refuse_stream=403) as serving, inside(serving) as joined:
        serving.answers["refresh_token"] = [(403, "Invalid token")]
        assert await hear(joined, RoomLost) == RoomLost(LossReason.ASKED_TO_REJOIN)


async def test_a_silent_stream_is_opened_again() -> None:
    async with node() as serving, inside(serving, stream_silence_s=0.1):
        await serving.until(lambda: serving.streams_opened >= 2)


def test_waits_between_streams_grow_to_a_limit() -> None:
    assert [round(wait_s(failures, 0.5), 2) for failures in (1, 2, 3, 6, 7, 1000)] == [0.1, 0.2, 0.4, 3.2, 5.0, 5.0]
    assert wait_s(1, 0.0) == pytest.approx(0.08)
    assert wait_s(99, 1.0) == pytest.approx(1.2 * LONGEST_WAIT_S)


@pytest.mark.parametrize("hung", [False, True], ids=["silent", "never answered"])
async def test_the_stream_stops_at_once(hung: bool) -> None:
    async with node(hang={"events"} if hung else set()) as serving:
        took_s = []
        for _ in range(3):
            joined = await client().join(serving.room())
            await serving.until(lambda: "events" in serving.asked and (hung or serving.streams))
            begun_s = time.monotonic()
            await joined.leave()
            took_s.append(time.monotonic() - begun_s)
            assert not readers()
            serving.asked.clear()
        assert min(took_s) < 0.2


async def test_strange_events_do_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    async with node() as serving, inside(serving) as joined:
        await serving.send_raw(b"event: message_received\ndata: SECRET {\n\n")
        await serving.send_raw(b"event: participant_update\ndata: [1]\n\n")
        await serving.send_raw(b"event: of_tomorrow\ndata: SECRET {\n\n")
        await serving.send_raw(b"data: \xff\xfe\x00\n\n")
        await serving.send_raw(b"event: message_received\ndata: " + b"x" * 300_000 + b"\n\n")
        await serving.say("still here")
        assert await hear(joined, RoomMessage) == RoomMessage("still here")
        assert serving.streams_opened == 1
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warnings == [
        "Event ignored: message_received: the data is not JSON",
        "Event ignored: participant_update: the data is not an object",
        "An event larger than the limit was dropped",
    ]


async def test_vanishing_from_the_roster_is_an_end() -> None:
    async with node() as serving, inside(serving) as joined:
        await serving.send("participant_delete", {"uuid": serving.seat.uuid})
        assert await hear(joined, RoomEnded) == RoomEnded(EndReason.FINISHED)


async def test_a_reason_that_follows_the_vanishing_counts() -> None:
    async with node() as serving, inside(serving) as joined:
        await serving.send("participant_delete", {"uuid": serving.seat.uuid})
        await serving.lose()
        assert await hear(joined, RoomLost) == RoomLost(LossReason.ASKED_TO_REJOIN)


# The call


async def test_a_call_from_offer_to_leaving() -> None:
    async with node() as serving:
        joined = await client().join(serving.room())
        await serving.until(lambda: serving.streams)
        assert await joined.offer(OFFER) == ANSWER
        assert serving.told[-1] == {
            "call_type": "WEBRTC",
            "sdp": OFFER,
            "media_type": "video",
            "fecc_supported": False,
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


# Leaving


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
            await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name().startswith("pexip-")))


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


# Secrets


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
        await serving.say("SECRET")
        await hear(joined, RoomMessage)
        await serving.send("refresh_token", None)
        await serving.until(lambda: "refresh_token" in serving.asked)
        await serving.send("disconnect", {"reason": "SECRET"})
        await hear(joined, RoomEnded)
        await joined.leave()
        with pytest.raises(RoomRefused):
            await client().join(serving.room(pin="0815"))
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
