"""The vendor's client as the clinician who admits our terminal and talks with it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kiosk.devices.camera.head import BACKGROUND_RGB
from tests.vendor.client import PATIENCE_S, VendorClient, until
from tests.vendor.conftest import Vendors
from tests.whole.clinician import DOCTOR_HZ, DOCTOR_RGB
from tests.whole.product import HOST_PIN, PATIENT, PATIENT_HZ, ROOM, Clinic, Terminal, no_secrets
from tests.whole.test_consultation import differs, share_of

CLINICIAN = "Dr. Berg"
SLIDES_RGB = (200, 120, 0)


@pytest.fixture
def terminals(tmp_path: Path) -> Iterator[Callable[[Clinic], Terminal]]:
    """Starts a terminal at a clinic; it is stopped, and its log looked through, at the end."""
    with ExitStack() as closing:

        def start(clinic: Clinic) -> Terminal:
            terminal = Terminal(tmp_path, clinic)
            closing.callback(lambda: no_secrets(terminal.close()))
            return terminal

        yield start


def shows(terminal: Terminal, rgb: tuple[int, int, int]) -> bool:
    """This colour fills a good part of the terminal's screen."""
    screen = terminal.screen()
    return screen is not None and share_of(screen, rgb) > 0.25


def joined(patient: Terminal, clinician: VendorClient) -> str:
    """The terminal pressed and admitted by the clinician, who joins now; its uuid in the room."""
    patient.give_appointment()
    patient.reaches("remind", within_s=PATIENCE_S)
    until("its screen is up", patient.screen)
    patient.press()
    patient.reaches("waiting", within_s=PATIENCE_S)
    colour = f"rgb{DOCTOR_RGB}"
    clinician.enter(ROOM, CLINICIAN, pin=HOST_PIN, colour=colour, hz=DOCTOR_HZ)
    uuid = clinician.uuid_of(PATIENT)
    assert (clinician.person(PATIENT) or {})["isWaiting"]
    clinician.do("vendor.client.admit({participantUuid: value})", uuid)
    patient.reaches("in_call", within_s=PATIENCE_S)
    return uuid


def test_clinician_admits_the_terminal_and_both_see_hear_write_pause_and_end(
    clinics: Callable[..., Clinic], vendor: Vendors, terminals: Callable[[Clinic], Terminal]
) -> None:
    clinic = clinics()
    patient, clinician = terminals(clinic), vendor(clinic)
    uuid = joined(patient, clinician)
    clinician.sees(BACKGROUND_RGB)
    clinician.hears(PATIENT_HZ)
    until("the terminal shows the clinician", lambda: shows(patient, DOCTOR_RGB))
    until("the terminal plays the clinician's tone", lambda: abs(patient.hears()[0] - DOCTOR_HZ) < 12)

    before = until("a screen", patient.screen)
    clinician.do("vendor.client.sendMessage(value)", {"type": "text/plain", "payload": "Ta medisinen nå"})
    until("the message is on the screen", lambda: (after := patient.screen()) is not None and differs(before, after))

    clinician.do("vendor.client.mute({mute: true, participantUuid: value})", uuid)
    clinician.hears_nothing()
    clinician.do("vendor.client.mute({mute: false, participantUuid: value})", uuid)
    clinician.hears(PATIENT_HZ)

    patient.press()
    patient.reaches("paused")
    until("the clinician's roster says so", lambda: (clinician.person(PATIENT) or {}).get("isCameraMuted"))
    until("the clinician sees the patient no more", lambda: not clinician.shows(BACKGROUND_RGB))
    clinician.hears_nothing()
    until("a press means going on", lambda: patient.press_means() == "resume")
    time.sleep(0.6)  # the guard against tremor
    patient.press()
    patient.reaches("in_call", within_s=PATIENCE_S)
    clinician.sees(BACKGROUND_RGB)
    clinician.hears(PATIENT_HZ)

    clinician.do("vendor.client.disconnectAll({})")
    patient.reaches("ended", within_s=PATIENCE_S)
    until("nobody is left", lambda: not clinic.people())


def test_terminal_shows_the_clinicians_slides_and_then_the_clinician(
    clinics: Callable[..., Clinic], vendor: Vendors, terminals: Callable[[Clinic], Terminal]
) -> None:
    clinic = clinics()
    patient, clinician = terminals(clinic), vendor(clinic)
    joined(patient, clinician)
    until("the terminal shows the clinician", lambda: shows(patient, DOCTOR_RGB))
    clinician.do("vendor.present(value)", f"rgb{SLIDES_RGB}")
    until("the terminal shows the slides", lambda: shows(patient, SLIDES_RGB))
    clinician.do("vendor.client.stopPresenting()")
    until("the terminal shows the clinician again", lambda: shows(patient, DOCTOR_RGB))


def test_terminal_that_is_sent_away_ends_and_the_roster_is_true(
    clinics: Callable[..., Clinic], vendor: Vendors, terminals: Callable[[Clinic], Terminal]
) -> None:
    clinic = clinics()
    patient, clinician = terminals(clinic), vendor(clinic)
    uuid = joined(patient, clinician)
    clinician.do("vendor.client.kick({participantUuid: value})", uuid)
    patient.reaches("ended", within_s=PATIENCE_S)
    until("the clinician is alone", lambda: clinician.names() == [CLINICIAN])


def test_terminal_follows_the_clinicians_transfer_without_a_press(
    clinics: Callable[..., Clinic], vendor: Vendors, terminals: Callable[[Clinic], Terminal]
) -> None:
    clinic = clinics("--room", f"{ROOM}:{HOST_PIN}", "--room", "ward7:5678")
    patient, clinician, colleague = terminals(clinic), vendor(clinic), vendor(clinic)
    colleague.enter("ward7", "Dr. Dahl", pin="5678", colour=f"rgb{SLIDES_RGB}", hz=660)
    uuid = joined(patient, clinician)
    to = {"participantUuid": uuid, "destination": "ward7", "role": "guest", "pin": ""}
    clinician.do("vendor.client.transfer(value)", to)
    colleague.uuid_of(PATIENT)
    colleague.sees(BACKGROUND_RGB)
    until("the terminal shows the colleague", lambda: shows(patient, SLIDES_RGB))
    until("the terminal plays the colleague's tone", lambda: abs(patient.hears()[0] - 660) < 12)
    until("the first room's roster is true", lambda: clinician.names() == [CLINICIAN])
    assert patient.state() == "in_call"
