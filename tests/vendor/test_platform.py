"""What the platform offers beyond picture and sound, through the vendor's client: slides, transfer, captions …"""

from collections.abc import Callable
from typing import Any

import requests

from tests.vendor.client import VendorClient, until
from tests.vendor.conftest import Vendors
from tests.vendor.test_consultation import CLINICIAN, CLINICIAN_RGB, PATIENT_RGB, clinician_in, patient_in
from tests.vendor.test_doors import set_room
from tests.whole.product import HOST_PIN, PATIENT, ROOM, Clinic

SLIDES, SLIDES_RGB = "rgb(200,120,0)", (200, 120, 0)
OTHER_SLIDES, OTHER_SLIDES_RGB = "rgb(0,60,200)", (0, 60, 200)


def both_in(clinic: Clinic, vendor: Vendors) -> tuple[VendorClient, VendorClient]:
    """Clinician and patient, who see each other."""
    clinician, patient = clinician_in(clinic, vendor), patient_in(clinic, vendor)
    patient.sees(CLINICIAN_RGB)
    clinician.sees(PATIENT_RGB)
    return clinician, patient


def own(clinic: Clinic, path: str, body: dict[str, Any]) -> None:
    """Tell the clinic something as its owner."""
    requests.post(f"{clinic.url}/clinic/api/{path}", json=body, timeout=10).raise_for_status()


def test_slides_come_beside_the_picture_and_go_again(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinician, patient = both_in(clinics("--auto-admit"), vendor)
    clinician.do("vendor.present(value)", SLIDES)
    patient.sees(SLIDES_RGB, "slides")
    patient.sees(CLINICIAN_RGB)
    until("the roster says who presents", lambda: (patient.person(CLINICIAN) or {}).get("isPresenting"))
    clinician.do("vendor.client.stopPresenting()")
    until("the slides are over", lambda: patient.last("onPresentationConnectionChange")["recv"] == "disconnected")
    until("no slide comes any more", lambda: not patient.moves("slides"))
    patient.sees(CLINICIAN_RGB)
    clinician.do("vendor.present(value)", OTHER_SLIDES)
    patient.sees(OTHER_SLIDES_RGB, "slides")


def test_slides_take_the_place_of_the_picture_for_who_has_no_section_for_them(
    clinics: Callable[..., Clinic], vendor: Vendors
) -> None:
    clinic = clinics("--auto-admit")
    clinician = clinician_in(clinic, vendor)
    patient = vendor(clinic).enter(ROOM, PATIENT, pin="none", hz=440, callType="AudioVideo")
    patient.sees(CLINICIAN_RGB)
    clinician.do("vendor.present(value)", SLIDES)
    patient.sees(SLIDES_RGB)
    clinician.do("vendor.client.stopPresenting()")
    patient.sees(CLINICIAN_RGB)


def test_second_host_takes_the_floor_and_the_first_gives_it_up(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics("--auto-admit")
    first, patient = both_in(clinic, vendor)
    second = vendor(clinic).enter(ROOM, "Dr. Dahl", pin=HOST_PIN, hz=660, colour="green")
    first.do("vendor.present(value)", SLIDES)
    second.sees(SLIDES_RGB, "slides")
    second.do("vendor.present(value)", OTHER_SLIDES)
    first.sees(OTHER_SLIDES_RGB, "slides")
    patient.sees(OTHER_SLIDES_RGB, "slides")
    assert [p["displayName"] for p in patient.do("vendor.people()") if p["isPresenting"]] == ["Dr. Dahl"]


def test_transferred_patient_enters_the_other_room_without_a_pin(
    clinics: Callable[..., Clinic], vendor: Vendors
) -> None:
    clinic = clinics("--room", f"{ROOM}:{HOST_PIN}", "--room", "ward7:5678:8765", "--auto-admit")
    clinician, patient = both_in(clinic, vendor)
    to = {"participantUuid": clinician.uuid_of(PATIENT), "destination": "ward7", "role": "guest", "pin": "8765"}
    clinician.do("vendor.client.transfer(value)", to)
    refer = patient.awaits("onTransfer")
    assert refer["alias"] == "ward7"
    patient.do("vendor.client.disconnect({reason: 'Transfer'})")
    status, result = patient.join("ward7", PATIENT, token=refer["token"], hz=440, colour="rgb(128,0,128)")
    assert (status, result["role"], result["current_service_type"]) == (200, "GUEST", "conference")
    until("he has left the first room", lambda: clinician.names() == [CLINICIAN])
    other = vendor(clinic)
    assert other.join("ward7", "Thief", token=refer["token"])[0] == 403, "a ticket is good for one"
    other.expected = "Invalid token"


def test_captions_come_to_who_asks_for_them(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics("--auto-admit")
    set_room(clinic, captions=True)
    clinician, patient = both_in(clinic, vendor)
    assert patient.last("onConferenceStatus")["status"]["liveCaptionsAvailable"] is True
    patient.do("vendor.client.liveCaptions({enable: true})")
    own(clinic, f"rooms/{ROOM}/caption", {"text": "Hvordan går det?", "is_final": True})
    assert patient.awaits("onLiveCaptions") == {"data": "Hvordan går det?", "isFinal": True, "speakers": []}
    patient.do("vendor.client.liveCaptions({enable: false})")
    own(clinic, f"rooms/{ROOM}/caption", {"text": "Unread"})
    clinician.do("vendor.client.sendMessage(value)", {"type": "text/plain", "payload": "later"})
    patient.awaits("onMessage")
    assert patient.times("onLiveCaptions") == 1
    assert clinician.times("onLiveCaptions") == 0


def test_recording_is_a_participant_that_everybody_sees(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics("--auto-admit")
    _, patient = both_in(clinic, vendor)
    set_room(clinic, recorded=True)
    until("the patient sees it", lambda: (patient.person("Recording") or {}).get("isStreaming"))
    set_room(clinic, recorded=False)
    until("the patient sees its end", lambda: patient.person("Recording") is None)


def test_host_steers_the_camera_of_who_allows_it(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics("--auto-admit")
    clinician = clinician_in(clinic, vendor)
    patient = vendor(clinic)
    patient.do("vendor.client.setFeccSupported(true)")
    patient.enter(ROOM, PATIENT, pin="none", hz=440)
    uuid = clinician.uuid_of(PATIENT)
    until("his camera can be steered", lambda: (clinician.person(PATIENT) or {}).get("canFecc"))
    wish = {"action": "start", "movement": [{"axis": "zoom", "direction": "in"}], "timeout": 1000}
    clinician.do("vendor.client.fecc(value)", {**wish, "target": uuid})
    assert patient.awaits("onFecc") == wish


def test_role_changes_and_hands_are_raised(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics("--auto-admit")
    clinician, patient = both_in(clinic, vendor)
    uuid = clinician.uuid_of(PATIENT)
    patient.do("vendor.client.raiseHand({raise: true})")
    until("the hand is seen", lambda: (clinician.person(PATIENT) or {}).get("raisedHand"))
    clinician.do("vendor.client.lowerAllRaisedHands({})")
    until("the hand is down", lambda: not (clinician.person(PATIENT) or {}).get("raisedHand"))
    clinician.do("vendor.client.setRole({role: 'chair', participantUuid: value})", uuid)
    until("she is a host", lambda: (patient.person(PATIENT) or {}).get("isHost"))


def test_guest_cannot_unmute_when_the_host_forbids_it(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics("--auto-admit")
    clinician, patient = both_in(clinic, vendor)
    clinician.hears(440)
    clinician.do("vendor.client.guestsCanUnmute({setting: false})")
    clinician.do("vendor.client.muteAllGuests({mute: true})")
    until("she is muted", lambda: (patient.person(PATIENT) or {}).get("isMuted"))
    answer = patient.do("vendor.client.mute({mute: false}).then(answer => answer.status)")
    assert answer == 403
    until("she is told so", lambda: patient.last("onConferenceStatus")["status"]["guestsCanUnmute"] is False)
    assert (patient.person(PATIENT) or {})["isMuted"]
    clinician.hears_nothing()
