"""A whole consultation over sockets: real HTTP, real WebRTC, told apart by pixels and tones."""

import pytest

from kiosk.clinic import ClinicSettings, serve
from kiosk.clinic.pictures import Picture
from kiosk.clinic.settings import VideoCodec

from .peer import peers, until

PATIENT, DOCTOR, RELATIVE = (200, 40, 40), (30, 160, 60), (60, 60, 210)
PATIENT_HZ, DOCTOR_HZ, RELATIVE_HZ = 500.0, 900.0, 1500.0


@pytest.mark.parametrize("codec", ["vp8", "h264"])
async def test_patient_waits_is_admitted_and_both_see_and_hear_each_other(codec: VideoCodec) -> None:
    clinic = await serve(ClinicSettings(port=0, codec=codec, silent_picture_s=60))
    try:
        async with peers(clinic.url, 2) as (patient, doctor):
            await patient.join("Kari Nordmann", "none")
            assert patient.answer["current_service_type"] == "waiting_room"
            await patient.call(PATIENT, PATIENT_HZ, codec)
            await patient.sees(Picture.WAITING.value)

            await doctor.join("Dr. Berg", "1234")
            assert doctor.answer["current_service_type"] == "conference"
            await doctor.call(DOCTOR, DOCTOR_HZ, codec)
            await doctor.sees(Picture.ALONE.value)
            assert patient.seen.shows(Picture.WAITING.value)
            await patient.hears_nothing_of(DOCTOR_HZ)
            await doctor.hears_nothing_of(PATIENT_HZ)

            await doctor.on(patient, "unlock")
            await patient.event("participant_update", lambda p: p["service_type"] == "conference")
            await patient.sees(DOCTOR)
            await doctor.sees(PATIENT)
            await patient.hears(DOCTOR_HZ)
            await doctor.hears(PATIENT_HZ)
            await doctor.hears_nothing_of(DOCTOR_HZ)
            await patient.hears_nothing_of(PATIENT_HZ)

            patient.camera.running.clear()
            await patient.mine("video_muted")
            await doctor.sees(Picture.CAMERA_OFF.value)
            patient.camera.running.set()
            await patient.mine("video_unmuted")
            await doctor.sees(PATIENT)

            assert (await doctor.post("disconnect"))[1] is True
            assert await patient.event("disconnect") == {"reason": "Conference terminated by another participant"}
            await until(lambda: patient.stream_ended, "the patient's event stream ends")
    finally:
        await clinic.close()
