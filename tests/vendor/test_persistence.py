"""The vendor's client stays in the room: streams break, tokens age, ICE starts again, media dies."""

from collections.abc import Callable

from tests.vendor.client import until
from tests.vendor.conftest import Vendors
from tests.vendor.test_consultation import (
    CLINICIAN,
    CLINICIAN_HZ,
    CLINICIAN_RGB,
    PATIENT_RGB,
    clinician_in,
    patient_in,
)
from tests.whole.product import PATIENT, Clinic


def test_event_stream_that_breaks_is_opened_again_and_the_roster_is_true(
    clinics: Callable[..., Clinic], vendor: Vendors
) -> None:
    clinic = clinics("--auto-admit")
    clinician = clinician_in(clinic, vendor)
    patient = patient_in(clinic, vendor)
    patient.sees(CLINICIAN_RGB)
    clinic.fault(end_streams=True)
    clinician.leave()
    until("the patient's roster is true", lambda: patient.names() == [PATIENT])
    assert patient.times("onDisconnected") == 0
    again = clinician_in(clinic, vendor)
    patient.sees(CLINICIAN_RGB)
    again.sees(PATIENT_RGB)


def test_token_is_refreshed_in_time_and_when_asked_for(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics("--auto-admit", "--token-lifetime", "3")
    clinician = clinician_in(clinic, vendor)
    patient = patient_in(clinic, vendor)
    until("four tokens have been used up", lambda: patient.times("onTokenRefreshed") >= 4)
    clinician.do("vendor.client.sendMessage(value)", {"type": "text/plain", "payload": "Fortsatt her"})
    assert patient.awaits("onMessage")["message"] == "Fortsatt her"
    assert patient.times("onDisconnected") == 0


def test_statistics_come_at_the_asked_pace(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics("--auto-admit", "--statistics-every", "300.5")
    patient = patient_in(clinic, vendor)
    until("statistics have come three times", lambda: patient.requested("/statistics") >= 3)


def test_ice_starts_again_on_a_new_connection(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics("--auto-admit")
    clinician = clinician_in(clinic, vendor)
    patient = patient_in(clinic, vendor)
    patient.sees(CLINICIAN_RGB)
    clinician.sees(PATIENT_RGB)
    clinic.fault(break_media=True)
    until("the patient's client begins again", lambda: patient.times("onReconnecting"))
    until("it has asked for it", lambda: patient.requested("/update"))
    # The picture is back and moves on, both ways.
    until("both pictures move again", lambda: patient.moves() and clinician.moves())
    patient.sees(CLINICIAN_RGB)
    clinician.sees(PATIENT_RGB)
    patient.hears(CLINICIAN_HZ)
    assert clinician.names() == [CLINICIAN, PATIENT]
    assert patient.times("onDisconnected") == 0


def test_lost_token_ends_the_visit(clinics: Callable[..., Clinic], vendor: Vendors) -> None:
    clinic = clinics("--auto-admit", "--token-lifetime", "4")
    patient = patient_in(clinic, vendor)
    patient.expected = "Unable to update access token"
    patient.awaits("onCallConnected")
    clinic.fault(revoke_tokens=True)
    assert patient.awaits("onDisconnected")["error"] == "Could not reconnect to the meeting"
