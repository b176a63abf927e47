"""Calls on the wire: what is refused, what starts media, what ends it."""

import asyncio
from typing import Any

import pytest
from aiortc import RTCSessionDescription

from kiosk.clinic import RunningClinic
from kiosk.clinic.encoded_video import EncodedFrame
from kiosk.clinic.pictures import Picture

from .conftest import Start
from .peer import Peer, peers, until

RED, GREEN, BLUE = (200, 40, 40), (30, 160, 60), (60, 60, 210)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "call_type is missing"),
        ({"call_type": "SIP", "sdp": "v=0"}, "call_type must be one of WEBRTC"),
        ({"call_type": "WEBRTC"}, "sdp is missing"),
        ({"call_type": "WEBRTC", "sdp": None}, "sdp must be a string"),
        ({"call_type": "WEBRTC", "sdp": "hello"}, "Offer does not begin with v=0"),
        (
            {"call_type": "WEBRTC", "sdp": "v=0", "media_type": "film"},
            "media_type must be one of video, video-only, audio",
        ),
        ({"call_type": "WEBRTC", "sdp": "v=0", "fecc_supported": 1}, "fecc_supported must be true or false"),
    ],
)
async def test_wrong_offer_is_refused_by_name(clinic: RunningClinic, body: Any, says: str) -> None:
    async with Peer(clinic.url) as peer:
        await peer.join("Kari", "none", listen=False)
        assert await peer.post(f"participants/{peer.uuid}/calls", body) == (400, says)
        assert clinic.clinic.call_count == 0


async def test_offer_that_passes_the_reading_but_cannot_be_answered_is_refused(clinic: RunningClinic) -> None:
    async with Peer(clinic.url) as peer:
        await peer.join("Kari", "none", listen=False)
        sdp = (await peer.offer("vp8", 500)).replace("a=rtpmap:97 VP8/90000", "a=rtpmap:none VP8/90000")
        status, result = await peer.post(f"participants/{peer.uuid}/calls", {"call_type": "WEBRTC", "sdp": sdp})
        assert status == 400
        assert result.startswith("Offer cannot be answered")
        await until(lambda: clinic.clinic.call_count == 0, "the refused call is closed")


async def test_wrong_uses_of_a_call_are_refused(clinic: RunningClinic) -> None:
    async with Peer(clinic.url) as peer:
        await peer.join("Kari", "none")
        await peer.call(RED, 500)
        calls = f"participants/{peer.uuid}/calls"
        mine = f"{calls}/{peer.call_uuid}"
        assert await peer.post(f"{calls}/other/ack", {}) == (404, "Call not found")
        assert await peer.post(f"{mine}/new_candidate", {"candidate": "x"}) == (400, "mid is missing")
        bad = {"candidate": "candidate:rubbish", "mid": "0"}
        assert await peer.post(f"{mine}/new_candidate", bad) == (400, "candidate is malformed")
        tcp = {"candidate": "candidate:1 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active", "mid": "0"}
        assert await peer.post(f"{mine}/new_candidate", tcp) == (200, None)
        assert await peer.post(f"{mine}/new_candidate", {"candidate": "", "mid": "0", "ufrag": "x"}) == (200, None)
        stats = {"video": {"rx_bitrate": 512.5, "rx_codec": "VP8"}, "audio": {"rx_jitter": 3}}
        assert await peer.post(f"{mine}/statistics", stats) == (200, None)
        wrong = {"video": {"rx_bitrate": None}}
        assert await peer.post(f"{mine}/statistics", wrong) == (400, "video.rx_bitrate must be a number or a string")
        assert await peer.post(f"{mine}/disconnect") == (200, None)
        assert await peer.post(f"{mine}/disconnect") == (404, "Call not found")


async def test_media_begins_with_the_ack(clinic: RunningClinic) -> None:
    async with Peer(clinic.url) as peer:
        await peer.join("Kari", "none")
        await peer.call(RED, 500, acknowledge=False)
        await until(lambda: peer.pc and peer.pc.connectionState == "connected", "the connection is there")
        call = clinic.clinic.stages["123456"].call_of(clinic.clinic.rooms["123456"].participants[peer.uuid])
        assert call
        await until(lambda: call.incoming_video.frame_at > 0, "the participant's picture comes in")
        assert peer.seen.frames == 0
        await peer.acknowledge()
        await peer.sees(Picture.WAITING.value)


async def test_new_call_on_the_same_token_takes_the_place_of_the_old(clinic: RunningClinic) -> None:
    async with peers(clinic.url, 2) as (patient, doctor):
        await patient.join("Kari", "none")
        await doctor.join("Dr. Berg", "1234")
        await doctor.on(patient, "unlock")
        await patient.call(RED, 500)
        await doctor.call(GREEN, 900)
        await doctor.sees(RED)
        old = patient.pc
        await patient.call(BLUE, 500)
        await doctor.sees(BLUE)
        await patient.sees(GREEN)
        assert old
        await old.close()
        await until(lambda: clinic.clinic.call_count == 2, "the old call is closed")


async def test_update_goes_on_with_the_connection_or_restarts_it(clinic: RunningClinic) -> None:
    async with Peer(clinic.url) as peer:
        await peer.join("Kari", "none")
        await peer.call(RED, 500)
        await peer.sees(Picture.WAITING.value)
        update = f"participants/{peer.uuid}/calls/{peer.call_uuid}/update"
        assert await peer.post(update, {"sdp": "v=0"}) == (400, "Offer has no active media section")

        same = peer.pc
        assert same
        same.getTransceivers()[1].direction = "recvonly"
        await same.setLocalDescription(await same.createOffer())
        status, answer = await peer.post(update, {"sdp": same.localDescription.sdp})
        assert status == 200
        await same.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        assert same.getTransceivers()[1].currentDirection == "recvonly"
        assert clinic.clinic.call_count == 1

        sdp = await peer.offer("vp8", 500)
        status, answer = await peer.post(update, {"sdp": sdp, "fecc_supported": False})
        assert (status, peer.pc is not same) == (200, True)
        assert peer.pc
        await peer.pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        peer.seen.pixels = None
        await same.close()
        await peer.acknowledge()
        await peer.sees(Picture.WAITING.value)
        await until(lambda: clinic.clinic.call_count == 1, "the old connection is closed")


async def test_everybody_hears_all_others_and_sees_the_newest(clinic: RunningClinic) -> None:
    async with peers(clinic.url, 3) as (patient, doctor, relative):
        await doctor.join("Dr. Berg", "1234")
        await doctor.call(GREEN, 900)
        for guest, colour, tone in ((patient, RED, 500.0), (relative, BLUE, 1500.0)):
            await guest.join("Guest", "none")
            await guest.call(colour, tone)
            await doctor.on(guest, "unlock")
            await doctor.sees(colour)
        await patient.sees(BLUE)
        await relative.sees(RED)
        for listener, tones in ((doctor, (500, 1500)), (patient, (900, 1500)), (relative, (500, 900))):
            for tone in tones:
                await listener.hears(tone)
        await doctor.hears_nothing_of(900)
        await patient.hears_nothing_of(500)

        await doctor.on(patient, "mute")
        await relative.hears_nothing_of(500)
        await relative.mine("client_mute")
        await doctor.hears_nothing_of(1500)
        await patient.hears(900)
        await doctor.on(patient, "unmute")
        await relative.hears(500)

        await relative.post("release_token")
        await doctor.sees(RED)
        await patient.sees(GREEN)


async def test_request_for_a_keyframe_is_passed_on_to_whoever_is_seen(clinic: RunningClinic) -> None:
    async with peers(clinic.url, 2) as (patient, doctor):
        await patient.join("Kari", "none")
        await doctor.join("Dr. Berg", "1234")
        await doctor.on(patient, "unlock")
        await patient.call(RED, 500)
        await doctor.call(GREEN, 900)
        await doctor.sees(RED)
        call = clinic.clinic.stages["123456"].call_of(clinic.clinic.rooms["123456"].participants[patient.uuid])
        assert call
        frames: list[EncodedFrame] = []
        call.incoming_video.watchers.add(frames.append)
        await until(lambda: len(frames) > 8, "more frames")
        asked_after = len(frames)
        await doctor.ask_for_keyframe()
        await until(lambda: any(f.is_keyframe for f in frames[asked_after:]), "a key frame from the patient")


async def test_stopped_picture_is_replaced_even_when_nobody_said_so(start: Start) -> None:
    clinic = await start(silent_picture_s=0.4)
    async with peers(clinic.url, 2) as (patient, doctor):
        await patient.join("Kari", "none")
        await doctor.join("Dr. Berg", "1234")
        await doctor.on(patient, "unlock")
        await patient.call(RED, 500)
        await doctor.call(GREEN, 900)
        await doctor.sees(RED)
        patient.camera.running.clear()
        await doctor.sees(Picture.CAMERA_OFF.value)
        patient.camera.running.set()
        await doctor.sees(RED)


async def test_nothing_is_left_over(clinic: RunningClinic) -> None:
    async with Peer(clinic.url) as observer:
        before = await observer.health()
        async with peers(clinic.url, 2) as (patient, doctor):
            await patient.join("Kari", "none")
            await doctor.join("Dr. Berg", "1234")
            await doctor.on(patient, "unlock")
            await patient.call(RED, 500)
            await doctor.call(GREEN, 900)
            await doctor.sees(RED)
            during = await observer.health()
            assert (during["participants"], during["tokens"], during["peer_connections"]) == (2, 2, 2)
            assert {p["role"] for p in during["rooms"]["123456"]} == {"HOST", "GUEST"}
            assert "Kari" not in str(during)
            await doctor.post("disconnect")
            await patient.event("disconnect")
            for peer in (patient, doctor):
                assert await peer.post("release_token") == (200, True)
        after = before
        for _ in range(300):
            after = await observer.health()
            if after == before:
                break
            await asyncio.sleep(0.02)
        assert after == before
