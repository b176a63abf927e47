"""The vendor's client as patient and as clinician: they meet, see, hear, write, are muted, and part."""

from collections.abc import Callable

import pytest

from tests.vendor.client import VendorClient, until
from tests.vendor.conftest import Vendors
from tests.whole.product import HOST_PIN, PATIENT, ROOM, Clinic

CLINICIAN = "Dr. Berg"
CLINICIAN_RGB, CLINICIAN_HZ = (0, 128, 128), 880
PATIENT_RGB, PATIENT_HZ = (128, 0, 128), 440
WAITING_RGB = (38, 70, 120)


def clinician_in(clinic: Clinic, vendor: Vendors) -> VendorClient:
    options = {"pin": HOST_PIN, "colour": "rgb(0,128,128)", "hz": CLINICIAN_HZ}
    return vendor(clinic).enter(ROOM, CLINICIAN, **options)


def patient_in(clinic: Clinic, vendor: Vendors) -> VendorClient:
    options = {"pin": "none", "colour": "rgb(128,0,128)", "hz": PATIENT_HZ}
    return vendor(clinic).enter(ROOM, PATIENT, **options)


def test_patient_waits_is_admitted_and_both_see_and_hear_each_other(
    clinics: Callable[..., Clinic], vendor: Vendors
) -> None:
    clinic = clinics()
    patient = patient_in(clinic, vendor)
    assert patient.last("onServiceType") == "waiting_room"
    patient.awaits("onCallConnected")
    patient.sees(WAITING_RGB)

    clinician = clinician_in(clinic, vendor)
    clinician.awaits("onCallConnected")
    uuid = clinician.uuid_of(PATIENT)
    assert patient.names() == [PATIENT], "who waits must see nobody else"
    clinician.do("vendor.client.admit({participantUuid: value})", uuid)

    until("the patient is told so", lambda: patient.last("onServiceType") == "conference")
    patient.sees(CLINICIAN_RGB)
    clinician.sees(PATIENT_RGB)
    patient.hears(CLINICIAN_HZ)
    clinician.hears(PATIENT_HZ)
    until("the patient sees both in the roster", lambda: patient.names() == [CLINICIAN, PATIENT])

    patient.leave()
    until("the clinician's roster is true", lambda: clinician.names() == [CLINICIAN])
    clinician.leave()
    until("nothing is left", lambda: clinic.health()["tokens"] == 0 and clinic.health()["peer_connections"] == 0)


@pytest.mark.parametrize("everybody", [True, False], ids=["to all", "to one"])
def test_chat_reaches_the_other(clinics: Callable[..., Clinic], vendor: Vendors, everybody: bool) -> None:
    clinic = clinics("--auto-admit")
    clinician = clinician_in(clinic, vendor)
    patient = patient_in(clinic, vendor)
    to = {} if everybody else {"participantUuid": clinician.uuid_of(PATIENT)}
    clinician.uuid_of(PATIENT)
    clinician.do("vendor.client.sendMessage(value)", {"type": "text/plain", "payload": "Ta medisinen", **to})
    message = patient.awaits("onMessage")
    assert (message["message"], message["displayName"]) == ("Ta medisinen", CLINICIAN)
    assert message["direct"] is not everybody


def test_host_mutes_the_patient_and_lets_her_speak_again(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics("--auto-admit")
    clinician = clinician_in(clinic, vendor)
    patient = patient_in(clinic, vendor)
    uuid = clinician.uuid_of(PATIENT)
    clinician.hears(PATIENT_HZ)
    clinician.do("vendor.client.mute({mute: true, participantUuid: value})", uuid)
    until("the patient knows", lambda: (patient.person(PATIENT) or {}).get("isMuted"))
    clinician.hears_nothing()
    clinician.do("vendor.client.mute({mute: false, participantUuid: value})", uuid)
    clinician.hears(PATIENT_HZ)

    patient.do("vendor.client.clientMute({mute: true})")
    until("the clinician sees her own mute", lambda: (clinician.person(PATIENT) or {}).get("isClientMuted"))
    patient.do("vendor.client.muteVideo({muteVideo: true})")
    until("the clinician sees her camera off", lambda: (clinician.person(PATIENT) or {}).get("isCameraMuted"))


def test_patient_is_sent_away_with_the_reason(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics()
    clinician = clinician_in(clinic, vendor)
    patient = patient_in(clinic, vendor)
    patient.awaits("onCallConnected")
    clinician.do("vendor.client.kick({participantUuid: value})", clinician.uuid_of(PATIENT))
    assert patient.awaits("onDisconnected")["error"] == "Disconnected by another participant"
    until("she has said goodbye", lambda: patient.requested("release_token") == 1)
    until("the roster is true", lambda: clinician.names() == [CLINICIAN])


def test_meeting_ends_for_all(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics("--auto-admit")
    clinician = clinician_in(clinic, vendor)
    patient = patient_in(clinic, vendor)
    clinician.uuid_of(PATIENT)
    patient.awaits("onCallConnected")
    clinician.do("vendor.client.disconnectAll({})")
    assert patient.awaits("onDisconnected")["error"] == "Conference terminated by another participant"
    until("nobody is left", lambda: not clinic.people())
