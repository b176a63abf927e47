"""Calls in a video room, over a real Janus server."""

import asyncio
import logging
import time
from contextlib import AsyncExitStack

import pytest

from kiosk.consultation.model import LossReason
from kiosk.errors import ConfigError, RoomRefused
from kiosk.rooms.janus.client import JanusClient
from kiosk.rooms.janus.settings import JanusSettings
from kiosk.rooms.port import RoomJoined, RoomLost, RoomPeople
from tests.media.far_end import GREEN, RED, until
from tests.rooms.janus.party import Party, fall_silent
from tests.rooms.janus.platform import janus_client
from tests.rooms.janus.server import NAME, PIN, ROOM, JanusServer
from tests.rooms.offer import OFFER

BLUE = (41, 240, 110)


@pytest.mark.parametrize(
    ("pin", "alias", "reason"), [("1", None, "pin"), (None, None, "pin"), (PIN, "99", "not_found")]
)
async def test_a_room_that_does_not_let_us_in_says_so_ahead_of_time_too(
    server: JanusServer, pin: str | None, alias: str | None, reason: str
) -> None:
    room = server.room(pin=pin, alias=alias or str(ROOM))
    for ask in (janus_client().check, janus_client().join):
        with pytest.raises(RoomRefused) as raised:
            await ask(room)
        assert raised.value.reason == reason
    assert server.sessions() == []


@pytest.mark.parametrize("alias", ["", "-1", "1.5", "ward 7", "9" * 30, "١٢٣"])
async def test_rooms_have_numbers(server: JanusServer, alias: str) -> None:
    with pytest.raises(RoomRefused, match="not_found"):
        await janus_client().join(server.room(alias=alias))


@pytest.mark.parametrize("host", ["https://elsewhere.example.org", "http://127.0.0.2", "ftp://127.0.0.1", "nowhere"])
async def test_only_allowed_hosts_are_asked(server: JanusServer, host: str) -> None:
    client = JanusClient(JanusSettings(allowed_hosts=("127.0.0.1",)))
    for ask in (client.check, client.join):
        with pytest.raises(RoomRefused):
            await ask(server.room(host=host))
    await client.check(server.room())


@pytest.mark.parametrize("settings", [JanusSettings(path="janus"), JanusSettings(ca_file="/nowhere.pem")])
def test_settings_that_cannot_be(settings: JanusSettings) -> None:
    with pytest.raises(ConfigError, match=r"rooms\.janus\.(path|ca_file)"):
        JanusClient(settings)


async def test_looking_ahead_takes_no_place_and_is_not_seen(server: JanusServer) -> None:
    async with Party(GREEN, 500).enter(server.room(display_name="Dr Berg")) as doctor:
        await janus_client().check(server.room())
        await janus_client().check(server.room())
        assert [person["display"] for person in server.people] == ["Dr Berg"]
        await until(lambda: len(server.sessions()) == 1, "the sessions of the checks are given back")
        assert doctor.said == [RoomPeople(1)]


async def test_a_join_that_nobody_wants_any_more_leaves_no_place(server: JanusServer) -> None:
    made = server.log().count("Creating new handle")
    joining = asyncio.create_task(janus_client().join(server.room()))
    await asyncio.sleep(0)
    joining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await joining
    assert server.sessions() == []
    assert server.log().count("Creating new handle") == made + 1


async def test_three_see_the_newest_and_hear_all(server: JanusServer) -> None:
    async with AsyncExitStack() as here:

        async def come(name: str, colour: tuple[int, int, int], hz: int) -> Party:
            party = await here.enter_async_context(Party(colour, hz).enter(server.room(display_name=name)))
            await here.enter_async_context(party.call())
            return party

        patient = await come(NAME, GREEN, 500)
        doctor = await come("Dr Berg", RED, 800)
        await until(lambda: patient.sees(RED) and doctor.sees(GREEN), "two see each other")
        await until(lambda: patient.hears(800) and doctor.hears(500), "two hear each other")
        nurse = await come("A nurse", BLUE, 1200)
        await until(lambda: patient.sees(BLUE) and doctor.sees(BLUE), "the newest is seen")
        await until(lambda: patient.hears(800, 1200), "the patient hears both")
        await until(lambda: doctor.hears(500, 1200), "the doctor hears both")
        await until(lambda: nurse.hears(500, 800), "the nurse hears both")
        assert [event for event in patient.said if isinstance(event, RoomJoined)] == [
            RoomJoined("Dr Berg"),
            RoomJoined("A nurse"),
        ]
        await nurse.signaling.leave()
        await until(lambda: patient.sees(RED) and patient.hears(800), "the doctor is seen and heard again")


async def test_a_call_is_replaced_on_the_same_place(server: JanusServer) -> None:
    patient, doctor = Party(GREEN, 500), Party(RED, 800)
    async with patient.enter(server.room()), doctor.enter(server.room(display_name="Dr Berg")), doctor.call():
        async with patient.call():
            await until(lambda: patient.sees(RED) and doctor.sees(GREEN), "they see each other")
        assert patient.offers == 1
        seen = patient.pictures, doctor.pictures
        async with patient.call():
            await until(lambda: patient.pictures > seen[0] and doctor.pictures > seen[1], "pictures come again")
            await until(lambda: patient.hears(800) and doctor.hears(500), "they hear each other again")
        assert patient.offers == 2, "the others' connections were not put anew"
        assert len(server.people) == 2


async def test_a_call_whose_path_is_dead_is_replaced_on_the_same_place(server: JanusServer) -> None:
    patient, doctor = Party(GREEN, 500), Party(RED, 800)
    async with (
        patient.enter(server.room()),
        doctor.enter(server.room(display_name="Dr Berg")),
        doctor.call(),
        patient.call() as session,
    ):
        await until(lambda: doctor.sees(GREEN), "the doctor sees the patient")
        fall_silent(session)
        # The server has not noticed yet.
        async with patient.call():
            seen = doctor.pictures
            await until(lambda: doctor.pictures > seen and doctor.hears(500), "the doctor sees and hears her again")


async def test_a_call_that_never_connected_is_replaced_too(server: JanusServer) -> None:
    patient, doctor = Party(GREEN, 500), Party(RED, 800)
    async with patient.enter(server.room()), doctor.enter(server.room(display_name="Dr Berg")), doctor.call():
        for _ in range(2):
            assert (await patient.signaling.offer(OFFER)).startswith("v=0")
            await patient.signaling.ack()
        async with patient.call():
            await until(lambda: doctor.sees(GREEN) and doctor.hears(500), "the doctor sees and hears the patient")


async def test_a_server_that_starts_again_has_forgotten_us(server: JanusServer) -> None:
    joined = await janus_client().join(server.room())
    try:
        await joined.offer(OFFER)
        server.restart()
        async with asyncio.timeout(10):
            events = [event async for event in joined.events()]
        assert events[-1] == RoomLost(LossReason.ASKED_TO_REJOIN)
    finally:
        await joined.leave()


async def test_leaving_a_server_that_does_not_answer_is_quick(server: JanusServer) -> None:
    joined = await janus_client().join(server.room())
    with server.frozen():
        begun_s = time.monotonic()
        await joined.leave()
        assert time.monotonic() - begun_s < 5


async def test_the_server_passes_nothing_on_while_we_pause(server: JanusServer) -> None:
    patient, doctor = Party(GREEN, 500), Party(RED, 800)
    async with (
        patient.enter(server.room()),
        doctor.enter(server.room(display_name="Dr Berg")),
        doctor.call(),
        patient.call(),
    ):
        await until(lambda: doctor.sees(GREEN) and doctor.hears(500), "the doctor sees and hears the patient")
        await patient.signaling.pause(True)
        await until(lambda: not doctor.hears(500), "the doctor hears nothing")
        await patient.signaling.pause(False)
        await until(lambda: doctor.hears(500), "the doctor hears the patient again")


async def test_no_log_tells_who_where_or_how(server: JanusServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    patient, doctor = Party(GREEN, 500), Party(RED, 800)
    async with patient.enter(server.room()), doctor.enter(server.room(display_name="Dr Berg")), doctor.call():
        async with patient.call():
            await until(lambda: patient.sees(RED), "the patient sees the doctor")
        (session, *_) = server.sessions_of(NAME)
        server.forget(NAME)
        await until(lambda: any(isinstance(event, RoomLost) for event in patient.said), "the place is lost")
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("kiosk"))
    assert "Left the room" in ours
    everything = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("aio"))
    for secret in (NAME, "Berg", PIN, str(session), "ice-ufrag"):
        assert secret not in everything
