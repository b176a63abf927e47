"""Reading the event stream, whatever happens to it."""

import logging
import time

import pytest

from kiosk.consultation.model import EndReason, LossReason
from kiosk.rooms.pexip.stream import LONGEST_WAIT_S, wait_s
from kiosk.rooms.port import RoomEnded, RoomLost, RoomMessage, RoomPeople
from tests.rooms.node import client, node
from tests.rooms.place import hear, inside, readers


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
    assert [round(wait_s(failures, 1.0), 2) for failures in (1, 2, 3, 4, 1000)] == [0.5, 1.0, 2.0, 3.0, 3.0]
    assert wait_s(1, 0.0) == pytest.approx(0.05)
    assert wait_s(99, 0.0) == pytest.approx(LONGEST_WAIT_S / 10)


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
