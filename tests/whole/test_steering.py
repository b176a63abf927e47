"""The clinician looks closer: what she is sent is a part of the patient's picture, and the patient sees that it is."""

import numpy as np
from playwright.sync_api import Page

from kiosk.devices.camera.head import SKIN_RGB
from kiosk.ui.theme import CALL
from tests.whole.clinician import Eyes, near
from tests.whole.product import Terminal, until
from tests.whole.test_consultation import sees_patient


def test_the_clinician_looks_closer_and_the_patient_sees_it(call: tuple[Terminal, Eyes], page: Page) -> None:
    patient, eyes = call
    until("the clinician sees all of the patient's room", lambda: sees_patient(eyes))
    assert not sign_shows(patient)
    closer = page.locator("#camera-control [data-axis=zoom][data-direction=in]")
    closer.hover()
    page.mouse.down()
    until("only the face is left", lambda: not sees_patient(eyes) and near(eyes.colours()[4], SKIN_RGB))
    page.mouse.up()
    until("the sign is on the patient's screen", lambda: sign_shows(patient))

    page.locator("#camera-control [data-axis=zoom][data-direction=out]").hover()
    page.mouse.down()
    until("all of the room again", lambda: sees_patient(eyes))
    until("the sign is gone", lambda: not sign_shows(patient))
    page.mouse.up()


def sign_shows(patient: Terminal) -> bool:
    """The colour of the sign that the camera is steered is in the screen's corner with the self view."""
    screen = patient.screen()
    assert screen is not None
    screen = screen.crop((screen.width * 2 // 3, 0, screen.width, screen.height * 2 // 5))
    wanted = [round(part * 255) for part in CALL.warn]
    distance = np.abs(np.asarray(screen.convert("RGB"), dtype=int) - wanted).max(axis=2)
    return int((distance <= 6).sum()) > 40
