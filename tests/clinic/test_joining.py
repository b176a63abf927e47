"""Entering and leaving, as a client meets it on the wire."""

import logging
from typing import Any

import pytest

from kiosk.clinic import RoomSettings, RunningClinic
from kiosk.clinic.tokens import OVERLAP_S, TokenBook

from .conftest import Start
from .peer import Peer, peers, until

NAME = {"display_name": "Kari Nordmann"}
OPEN = RoomSettings("open")
HOST_PIN = RoomSettings("host", host_pin="1234")
BOTH_PINS = RoomSettings("both", host_pin="1234", guest_pin="5678")
AUTO = RoomSettings("auto", host_pin="1234", auto_admit=True)
ROOMS = (OPEN, HOST_PIN, BOTH_PINS, AUTO)
ASKS_HOST_PIN = {"pin": "required", "guest_pin": "none"}
ASKS_BOTH = {"pin": "required", "guest_pin": "required"}


@pytest.mark.parametrize(
    ("alias", "pin", "expected"),
    [
        ("open", None, ("HOST", "conference")),
        ("open", "none", ("HOST", "conference")),
        ("host", None, ASKS_HOST_PIN),
        ("host", "none", ("GUEST", "waiting_room")),
        ("host", "1234", ("HOST", "conference")),
        ("host", "0000", "Invalid PIN"),
        ("host", "", "Invalid PIN"),
        ("both", None, ASKS_BOTH),
        ("both", "none", ASKS_BOTH),
        ("both", "5678", ("GUEST", "waiting_room")),
        ("both", "1234", ("HOST", "conference")),
        ("both", "9999", "Invalid PIN"),
        ("auto", "none", ("GUEST", "waiting_room")),
    ],
)
async def test_pin_decides_role_and_waiting(start: Start, alias: str, pin: str | None, expected: Any) -> None:
    clinic = await start(rooms=ROOMS)
    async with Peer(clinic.url, alias) as peer:
        headers = {} if pin is None else {"pin": pin}
        status, result = await peer.post("request_token", NAME, **headers)
        if isinstance(expected, tuple):
            assert status == 200
            assert (result["role"], result["current_service_type"]) == expected
        elif isinstance(expected, dict):
            assert status == 403
            assert {"version": {"version_id": "36", "pseudo_version": "79019.0.0"}, **expected} == result
        else:
            assert (status, result) == (403, expected)


async def test_token_answer_has_the_types_that_the_vendors_client_demands(clinic: RunningClinic) -> None:
    async with Peer(clinic.url) as peer:
        _, result = await peer.post("request_token", NAME, pin="none")
    assert result["expires"] == "120"
    assert result["service_type"] == "conference"
    assert result["display_name"] == "Kari Nordmann"
    assert "stun" not in result
    assert result["turn"] == []
    strings = ("token", "participant_uuid", "conference_name", "service_name", "call_type")
    assert all(isinstance(result[name], str) and result[name] for name in strings)


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({}, 403, {"display_name": "required"}),
        ({"display_name": "  "}, 403, {"display_name": "required"}),
        ({"display_name": 7}, 400, "display_name must be a string"),
        ({"display_name": "x" * 201}, 400, "display_name must not be longer than 200 characters"),
        ({**NAME, "direct_media": "no"}, 400, "direct_media must be true or false"),
        ({**NAME, "client_id": 1}, 400, "client_id must be a string"),
        ([], 400, "The body must be a JSON object"),
    ],
)
async def test_wrong_join_is_refused_by_name(clinic: RunningClinic, body: Any, status: int, says: Any) -> None:
    async with Peer(clinic.url) as peer:
        assert await peer.post("request_token", body, pin="none") == (status, says)
    assert len(clinic.clinic.tokens) == 0


async def test_wrong_places_are_refused(clinic: RunningClinic) -> None:
    async with Peer(clinic.url, "999") as stranger:
        answer = (404, "Neither conference nor gateway found")
        assert await stranger.post("request_token", NAME, pin="none") == answer
    async with peers(clinic.url, 2) as (patient, other):
        await patient.join("Kari", "none", listen=False)
        await other.join("Ola", "none", listen=False)
        refused = (403, "Invalid token")
        assert await patient.post("refresh_token", token="made-up") == refused
        assert await patient.post("refresh_token", token="") == refused
        assert (await patient.get("theme/"))[0] == 204
        assert (await patient.post("no_such_thing"))[0] == 404
        assert (
            await patient.post(f"participants/{other.uuid}/calls", {"call_type": "WEBRTC", "sdp": "v=0"})
        ) == refused
        assert await patient.post(f"participants/{other.uuid}/video_muted") == (404, "Participant not found")


async def test_a_token_is_good_in_its_own_room_only(start: Start) -> None:
    clinic = await start(rooms=ROOMS)
    async with Peer(clinic.url, "host") as here, Peer(clinic.url, "open") as there:
        await here.join("Kari", "none", listen=False)
        assert await there.post("refresh_token", token=here.token) == (403, "Invalid token")


async def test_refresh_gives_a_new_token_and_the_stream_goes_on(clinic: RunningClinic) -> None:
    async with Peer(clinic.url) as doctor:
        await doctor.join("Dr. Berg", "1234")
        old = doctor.token
        status, result = await doctor.post("refresh_token")
        assert (status, result["expires"], result["role"]) == (200, "120", "HOST")
        assert result["token"] != old
        doctor.token = result["token"]
        await doctor.mine("client_mute")
        await doctor.event("participant_update", lambda p: p["is_client_muted"])


def test_refreshed_token_ends_after_the_overlap() -> None:
    book = TokenBook(lifetime_s=120)
    old = book.issue("somebody", now=0)
    new = book.refresh(old, now=10)
    assert book.participant_of(old, now=10 + OVERLAP_S - 0.1) == "somebody"
    assert book.participant_of(old, now=10 + OVERLAP_S) is None
    assert book.participant_of(new, now=129.9) == "somebody"
    assert book.participant_of(new, now=130) is None
    assert book.expire(now=20) == set()
    assert book.expire(now=130) == {"somebody"}
    assert len(book) == 0


async def test_expired_token_removes_the_participant(start: Start) -> None:
    clinic = await start(token_lifetime_s=1)
    async with Peer(clinic.url) as patient:
        await patient.join("Kari", "none")
        assert patient.answer["expires"] == "1"
        assert await patient.event("disconnect") == {"reason": "Timer expired awaiting token refresh"}
        assert await patient.post("refresh_token") == (403, "Invalid token")
        assert not clinic.clinic.rooms["123456"].participants


async def test_release_ends_the_token_at_once(clinic: RunningClinic) -> None:
    async with peers(clinic.url, 2) as (doctor, other):
        await doctor.join("Dr. Berg", "1234")
        await other.join("Dr. Dahl", "1234")
        assert await other.post("release_token", {"reason": "User initiated disconnect"}) == (200, True)
        assert await doctor.event("participant_delete") == {"uuid": other.uuid}
        assert await other.post("refresh_token") == (403, "Invalid token")
        await until(lambda: other.stream_ended, "the stream of somebody who has left ends")
        assert len(clinic.clinic.tokens) == 1


async def test_waiting_people_meet_nobody_and_hosts_see_them(clinic: RunningClinic) -> None:
    async with peers(clinic.url, 3) as (first, second, doctor):
        await first.join("Kari", "none")
        await second.join("Ola", "none")
        await doctor.join("Dr. Berg", "1234")
        assert {p["uuid"] for p in (await doctor.get("participants"))[1]} == {first.uuid, second.uuid, doctor.uuid}
        for patient in (first, second):
            assert [p["uuid"] for p in (await patient.get("participants"))[1]] == [patient.uuid]
        await doctor.on(first, "unlock")
        await first.event("participant_create", lambda p: p["uuid"] == doctor.uuid and p["role"] == "chair")
        assert {p["uuid"] for p in (await first.get("participants"))[1]} == {first.uuid, doctor.uuid}
        names = [data.get("display_name") for _, data in first.events if isinstance(data, dict)]
        assert "Ola" not in names


async def test_event_stream_begins_with_the_roster_and_can_be_opened_again(clinic: RunningClinic) -> None:
    async with Peer(clinic.url) as doctor:
        await doctor.join("Dr. Berg", "1234")
        await doctor.event("conference_update")
        begins = ["participant_sync_begin", "participant_create", "participant_sync_end", "conference_update"]
        assert [name for name, _ in doctor.events] == begins
        doctor.listen()
        await until(lambda: len(doctor.events) == 8, "a second roster")
        assert [name for name, _ in doctor.events] == begins * 2


async def test_auto_admit_lets_guests_in_when_the_host_arrives(start: Start) -> None:
    clinic = await start(rooms=ROOMS)
    async with peers(clinic.url, 3, "auto") as (early, doctor, late):
        await early.join("Kari", "none")
        await doctor.join("Dr. Berg", "1234")
        await early.event("participant_update", lambda p: p["service_type"] == "conference")
        await late.join("Ola", "none")
        assert late.answer["current_service_type"] == "conference"


async def test_locked_room_makes_guests_wait_until_it_is_unlocked(start: Start) -> None:
    clinic = await start(rooms=ROOMS)
    async with peers(clinic.url, 2, "auto") as (doctor, patient):
        await doctor.join("Dr. Berg", "1234")
        assert await doctor.post("lock") == (200, True)
        await doctor.event("conference_update", lambda c: c["locked"])
        await patient.join("Kari", "none")
        assert patient.answer["current_service_type"] == "waiting_room"
        assert await patient.post("unlock") == (403, "Invalid role")
        assert await doctor.post("unlock") == (200, True)
        await patient.event("participant_update", lambda p: p["service_type"] == "conference")


async def test_open_room_once_locked_makes_later_arrivals_wait(start: Start) -> None:
    clinic = await start(rooms=ROOMS)
    async with peers(clinic.url, 2, "open") as (first, second):
        await first.join("Kari")
        await first.post("lock")
        await second.join("Ola")
        assert second.answer["current_service_type"] == "waiting_room"
        assert await first.on(second, "unlock") is True
        await second.event("participant_update", lambda p: p["service_type"] == "conference")


async def test_guest_may_not_do_what_hosts_do(clinic: RunningClinic) -> None:
    async with peers(clinic.url, 2) as (patient, doctor):
        await patient.join("Kari", "none")
        await doctor.join("Dr. Berg", "1234")
        message = {"type": "text/plain", "payload": "Hei"}
        assert await patient.post(f"participants/{patient.uuid}/unlock") == (403, "Invalid role")
        assert await patient.post("message", message) == (403, "Invalid role")
        await doctor.on(patient, "unlock")
        for path in ("lock", "unlock", "disconnect", "muteguests"):
            assert await patient.post(path) == (403, "Invalid role")
        for action in ("disconnect", "mute", "video_muted"):
            assert await patient.post(f"participants/{doctor.uuid}/{action}") == (403, "Invalid role")


async def test_messages_reach_the_others(clinic: RunningClinic) -> None:
    async with peers(clinic.url, 3) as (patient, doctor, waiting):
        await patient.join("Kari", "none")
        await doctor.join("Dr. Berg", "1234")
        await waiting.join("Ola", "none")
        await doctor.on(patient, "unlock")
        assert await doctor.post("message", {"type": "text/plain", "payload": "God dag"}) == (200, True)
        heard = await patient.event("message_received")
        assert heard == {
            "origin": "Dr. Berg",
            "uuid": doctor.uuid,
            "type": "text/plain",
            "payload": "God dag",
            "direct": False,
        }
        await doctor.post(f"participants/{waiting.uuid}/message", {"type": "text/plain", "payload": "Straks"})
        assert (await waiting.event("message_received"))["direct"] is True
        assert [name for name, _ in doctor.events].count("message_received") == 0
        for body, says in (
            ({"type": "text/plain"}, "payload is missing"),
            ({"type": "text/plain", "payload": "x" * 5001}, "payload must have 1 to 5000 characters"),
        ):
            assert await doctor.post("message", body) == (400, says)


async def test_removed_participant_is_told_and_may_say_goodbye(clinic: RunningClinic) -> None:
    async with peers(clinic.url, 2) as (patient, doctor):
        await patient.join("Kari", "none")
        await doctor.join("Dr. Berg", "1234")
        assert await doctor.on(patient, "disconnect") is True
        assert await patient.event("disconnect") == {"reason": "Disconnected by another participant"}
        await doctor.event("participant_delete", lambda data: data == {"uuid": patient.uuid})
        assert await patient.post("refresh_token") == (403, "Invalid token")
        assert await patient.post(f"participants/{patient.uuid}/calls/none/disconnect") == (200, None)
        assert await patient.post("release_token") == (200, True)
        assert await patient.post("release_token") == (403, "Invalid token")


@pytest.mark.parametrize(
    ("settings", "admit", "leave", "reason"),
    [
        ({"waiting_limit_s": 0.3}, False, False, "Timeout waiting for conference host to join or permit access"),
        ({"host_gone_limit_s": 0.3}, True, True, "All conference hosts departed hosted conference"),
    ],
)
async def test_nobody_is_kept_for_ever(
    start: Start, settings: dict[str, Any], admit: bool, leave: bool, reason: str
) -> None:
    clinic = await start(**settings)
    async with peers(clinic.url, 2) as (patient, doctor):
        await patient.join("Kari", "none")
        await doctor.join("Dr. Berg", "1234")
        if admit:
            await doctor.on(patient, "unlock")
        if leave:
            await doctor.post("release_token")
        assert (await patient.event("disconnect"))["reason"].startswith(reason)


async def test_participant_whose_stream_and_media_are_gone_is_removed(start: Start) -> None:
    clinic = await start(gone_limit_s=0.3)
    async with Peer(clinic.url) as patient:
        await patient.join("Kari", "none")
    await until(lambda: not clinic.clinic.rooms["123456"].participants, "the participant is removed")


async def test_participant_whose_stream_lives_stays(start: Start) -> None:
    clinic = await start(gone_limit_s=0.0)
    async with Peer(clinic.url) as patient:
        await patient.join("Kari", "none")
        clinic.clinic.sweep()
        assert patient.uuid in clinic.clinic.rooms["123456"].participants


async def test_closing_the_clinic_tells_everybody(start: Start) -> None:
    clinic = await start()
    async with Peer(clinic.url) as patient:
        await patient.join("Kari", "none")
        await clinic.close()
        assert await patient.event("disconnect") == {"reason": "Signaling node disconnected"}
        await until(lambda: patient.stream_ended, "the stream ends")


async def test_log_holds_no_name_pin_or_token(clinic: RunningClinic, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="kiosk")
    async with peers(clinic.url, 2) as (patient, doctor):
        await patient.join("Kari Nordmann", "none")
        await doctor.join("Dr. Berg", "1234")
        await doctor.on(patient, "unlock")
        tokens = [patient.token, doctor.token]
        people = repr(list(clinic.clinic.rooms["123456"].participants.values())) + repr(clinic.clinic.settings)
    assert "admitted" in caplog.text
    for secret in ("Kari", "Nordmann", "Berg", "'1234'", *tokens):
        assert secret not in caplog.text + people
