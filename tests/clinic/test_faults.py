"""Faults that are switched on purpose touch terminals, never the clinician's page."""

import asyncio

import aiohttp
import pytest

from kiosk.clinic import RunningClinic

from .conftest import Start
from .peer import Peer, peers, until

RED, GREEN = (200, 40, 40), (30, 160, 60)
QUICK = aiohttp.ClientTimeout(total=0.4)


async def test_cut_breaks_connections_and_loses_media_until_it_is_mended(start: Start) -> None:
    clinic = await start(silent_picture_s=0.4)
    async with peers(clinic.url, 2) as (patient, doctor):
        await patient.join("Kari", "none")
        await doctor.join("Dr. Berg", "1234", client_id="clinic-page")
        await doctor.on(patient, "unlock")
        await patient.call(RED, 500)
        await doctor.call(GREEN, 900)
        await doctor.sees(RED)
        await patient.sees(GREEN)

        await doctor.faults(cut=True)
        await until(lambda: patient.stream_ended, "the terminal's stream is broken")
        with pytest.raises(aiohttp.ClientError):
            await patient.post("refresh_token")
        with pytest.raises(aiohttp.ClientError):
            await patient.post("request_token", {"display_name": "Kari"}, pin="none", token="")
        await doctor.sees((74, 58, 82))
        seen = patient.seen.frames
        assert (await doctor.post("refresh_token"))[0] == 200
        assert not doctor.stream_ended
        assert patient.seen.frames == seen

        await doctor.faults(cut=False)
        patient.events.clear()
        patient.listen()
        await patient.event("participant_sync_end")
        await doctor.sees(RED)
        await until(lambda: patient.seen.frames > seen + 3, "the picture moves again")


async def test_stall_takes_requests_and_answers_them_afterwards(clinic: RunningClinic) -> None:
    async with peers(clinic.url, 2) as (patient, doctor):
        await patient.join("Kari", "none")
        await doctor.join("Dr. Berg", "1234", client_id="clinic-page")
        await patient.call(RED, 500)
        await until(lambda: patient.seen.frames > 0, "the picture is there")

        await doctor.faults(stall=True)
        asked = asyncio.create_task(patient.post("client_mute_is_no_such_thing"))
        await doctor.on(patient, "unlock")
        await doctor.event("participant_update", lambda p: p["service_type"] == "conference")
        seen = patient.seen.frames
        done, _ = await asyncio.wait([asked], timeout=0.4)
        assert not done
        assert patient.seen.frames <= seen + 1
        assert [name for name, _ in patient.events].count("participant_update") <= 1

        await doctor.faults(stall=False)
        assert (await asked)[0] == 404
        await patient.event("participant_update", lambda p: p["service_type"] == "conference")
        await until(lambda: patient.seen.frames > seen + 1, "the picture moves again")


async def test_somebody_who_gave_up_during_a_stall_leaves_no_ghost(clinic: RunningClinic) -> None:
    async with Peer(clinic.url) as patient:
        await patient.faults(stall=True)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await patient.post("request_token", {"display_name": "Kari"}, pin="none")
        await patient.faults(stall=False)
        assert (await patient.health())["participants"] == 0


async def test_wrong_switches_are_refused(clinic: RunningClinic) -> None:
    async with aiohttp.ClientSession() as http:
        url = f"{clinic.url}/clinic/api/faults"
        async with http.post(url, json={"cut": "yes"}) as response:
            assert (response.status, (await response.json())["result"]) == (400, "cut must be true or false")
        async with http.post(url, json={"stall": True}) as response:
            assert (await response.json())["result"] == {"cut": False, "stall": True}
