"""Commands that say more than one word, and what a clinic's owner switches: what they do, and what they refuse."""

from typing import Any

import aiohttp
import pytest

from kiosk.clinic import RoomSettings, RunningClinic
from kiosk.clinic.transfers import TICKET_LIFETIME_S, TransferBook

from .conftest import Start
from .peer import Peer, peers

ROOMS = (RoomSettings("123456", "1234", auto_admit=True), RoomSettings("ward7", "5678"))
MOVEMENT = "movement must be a list of axis (pan, tilt, zoom) and its direction"
CLOSER = [{"axis": "zoom", "direction": "in"}]


async def own(clinic: RunningClinic, path: str, body: Any) -> tuple[int, Any]:
    """Say something as the clinic's owner; status and result."""
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{clinic.url}/clinic/api/{path}", json=body) as response,
    ):
        return response.status, (await response.json())["result"]


async def both(host: Peer, guest: Peer) -> None:
    await host.join("Dr. Berg", "1234")
    await guest.join("Kari Nordmann", "none")


@pytest.mark.parametrize(
    ("command", "body", "status", "says"),
    [
        ("role", {}, 400, "role is missing"),
        ("role", {"role": "king"}, 400, "role must be one of chair, guest"),
        ("role", {"role": "chair"}, 200, True),
        ("transfer", {"role": "guest"}, 400, "conference_alias is missing"),
        ("transfer", {"role": "chair", "conference_alias": "ward7"}, 400, "role must be one of host, guest"),
        ("transfer", {"role": "guest", "conference_alias": "nowhere"}, 403, "transfer failed"),
        ("transfer", {"role": "guest", "conference_alias": "123456"}, 403, "transfer failed"),
        ("transfer", {"role": "guest", "conference_alias": "ward7", "pin": 5}, 400, "pin must be a string"),
        ("transfer", {"role": "guest", "conference_alias": "ward7"}, 200, True),
        ("fecc", {"action": "jump"}, 400, "action must be one of start, continue, stop"),
        ("fecc", {"action": "start", "movement": "in"}, 400, "movement must be a list"),
        (
            "fecc",
            {"action": "start", "movement": [{"axis": "zoom", "direction": "left"}]},
            400,
            MOVEMENT,
        ),
        (
            "fecc",
            {"action": "start", "movement": [7]},
            400,
            MOVEMENT,
        ),
        ("fecc", {"action": "start", "movement": CLOSER, "timeout": 10_001}, 400, "timeout must be 0 to 10000 ms"),
        ("fecc", {"action": "start", "movement": CLOSER}, 403, "Far-end camera control is not supported"),
    ],
)
async def test_commands_of_a_host(start: Start, command: str, body: Any, status: int, says: Any) -> None:
    clinic = await start(rooms=ROOMS)
    async with peers(clinic.url, 2) as (host, guest):
        await both(host, guest)
        path = f"participants/{guest.uuid}/{command}"
        assert await host.post(path, body) == (status, says)


async def test_guest_may_not_take_the_floor_nor_command(start: Start) -> None:
    clinic = await start(rooms=ROOMS)
    async with peers(clinic.url, 2) as (host, guest):
        await both(host, guest)
        refused = (403, "Invalid role")
        assert await guest.post(f"participants/{guest.uuid}/take_floor") == refused
        assert await guest.post(f"participants/{host.uuid}/role", {"role": "guest"}) == refused
        send_away = {"role": "guest", "conference_alias": "ward7"}
        assert await guest.post(f"participants/{host.uuid}/transfer", send_away) == refused
        assert await guest.post("set_guests_can_unmute", {"setting": True}) == refused
        assert await host.post(f"participants/{guest.uuid}/take_floor") == (403, "Invalid token")
        assert await guest.post(f"participants/{guest.uuid}/show_live_captions") == (
            403,
            "Live captions are not available",
        )


async def test_slides_are_told_to_the_others_and_again_to_who_comes_back(start: Start) -> None:
    clinic = await start(rooms=ROOMS)
    async with peers(clinic.url, 2) as (host, guest):
        await both(host, guest)
        assert await host.post(f"participants/{host.uuid}/take_floor") == (200, None)
        told = await guest.event("presentation_start")
        assert told == {"presenter_name": "Dr. Berg", "presenter_uri": "", "presenter_uuid": host.uuid}
        guest.events.clear()
        guest.listen()
        assert await guest.event("presentation_start") == told
        await host.post("release_token")
        await guest.event("presentation_stop")
        assert all(name != "presentation_start" for name, _ in host.events)


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("rooms/123456", {"login": 1}, 400, "login must be true or false"),
        ("rooms/nowhere", {}, 404, "Neither conference nor gateway found"),
        ("rooms/123456/caption", {}, 400, "text is missing"),
        ("participants/nobody/refer", {"alias": "ward7"}, 404, "Participant not found"),
        ("participants/nobody/fecc", {"action": "stop"}, 404, "Participant not found"),
    ],
)
async def test_owner_is_told_what_is_wrong(start: Start, path: str, body: Any, status: int, says: str) -> None:
    assert await own(await start(rooms=ROOMS), path, body) == (status, says)


async def test_owner_is_told_of_unknown_conditions(clinic: RunningClinic) -> None:
    status, says = await own(clinic, "rooms/123456", {"sound": True})
    assert status == 400
    assert says.startswith("sound is not one of recorded, captions, ")


async def test_owner_sends_somebody_on_and_the_token_is_good_once_and_in_that_room_only(start: Start) -> None:
    clinic = await start(rooms=ROOMS)
    async with peers(clinic.url, 2) as (host, guest):
        await both(host, guest)
        assert await own(clinic, f"participants/{guest.uuid}/refer", {"alias": "ward7"}) == (200, None)
        token = (await guest.event("refer"))["token"]
        assert await guest.event("participant_update", lambda p: p["is_transferring"])
        async with Peer(clinic.url, "ward7") as arrived, Peer(clinic.url, "ward7") as second:
            ask = {"display_name": "Kari", "token": token}
            status, result = await arrived.post("request_token", ask)
            assert (status, result["role"], result["current_service_type"]) == (200, "GUEST", "conference")
            assert await second.post("request_token", ask) == (403, "Invalid token")


async def test_recording_leaves_with_the_last_person(start: Start) -> None:
    clinic = await start(rooms=ROOMS)
    async with Peer(clinic.url) as host:
        await host.join("Dr. Berg", "1234")
        await own(clinic, "rooms/123456", {"recorded": True})
        await host.event("participant_create", lambda p: p["is_streaming_conference"] and p["protocol"] == "rtmp")
        await host.event("conference_update", lambda status: status["recording"])
        await host.post("release_token")
        assert (await host.health())["participants"] == 0


async def test_room_for_sound_alone_refuses_a_picture(clinic: RunningClinic) -> None:
    await own(clinic, "rooms/123456", {"sound_only": True})
    async with Peer(clinic.url) as host:
        await host.join("Dr. Berg", "1234")
        assert host.answer["call_type"] == "audio"
        offer = {"call_type": "WEBRTC", "sdp": await host.offer("vp8", 440)}
        says = "Offer has a video section, but this room takes sound alone"
        assert await host.post(f"participants/{host.uuid}/calls", offer) == (400, says)


def test_tickets_grow_old_and_are_for_one_room() -> None:
    book = TransferBook()
    assert book.redeem(book.issue("ward7", "HOST", 0.0), "ward7", TICKET_LIFETIME_S - 1) == "HOST"
    assert book.redeem(book.issue("ward7", "HOST", 0.0), "ward7", TICKET_LIFETIME_S) is None
    assert book.redeem(book.issue("ward7", "HOST", 0.0), "123456", 0.0) is None
