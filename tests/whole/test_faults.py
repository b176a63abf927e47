"""What breaks in mid-call comes back by itself, or the telephone card stands; nothing hangs, nothing crashes."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from kiosk.frames import BLOCK_S
from tests.whole.clinician import DOCTOR_HZ, Eyes
from tests.whole.product import Clinic, Terminal, until
from tests.whole.test_consultation import admits, joins, sees_patient, shows_doctor

SCREEN_BACK_WITHIN_S = 2.0


def test_a_killed_screen_is_back_and_the_sound_never_stops(call: tuple[Terminal, Eyes], clinic: Clinic) -> None:
    patient, eyes = call
    until("the terminal plays the clinician's tone", lambda: abs(patient.hears()[0] - DOCTOR_HZ) < 12)
    screen = patient.screen_process()
    assert screen is not None
    silent_before = patient.silent_blocks()
    patient.hand("kill_screen")
    killed_s = time.monotonic()
    screen.wait(5)
    stale = patient.screen()
    until("a new screen process", patient.screen_process, SCREEN_BACK_WITHIN_S)
    until(
        "the clinician is on the new screen",
        lambda: (now := shows_doctor(patient)) and stale and now.tobytes() != stale.tobytes(),
        SCREEN_BACK_WITHIN_S - (time.monotonic() - killed_s),
    )
    print(f"the screen was back after {time.monotonic() - killed_s:.2f} s")
    assert patient.state() == "in_call"
    silent_s = (patient.silent_blocks() - silent_before) * BLOCK_S
    print(f"of {time.monotonic() - killed_s:.2f} s of sound {silent_s:.2f} s were silent")
    # A busy machine lets the sound run dry for moments; it never stops.
    assert silent_s < (time.monotonic() - killed_s) / 2, "the sound stopped"
    assert sees_patient(eyes)


def test_a_restarted_server_is_found_again(call: tuple[Terminal, Eyes], clinic: Clinic, page: Page) -> None:
    patient, _ = call
    clinic.kill()
    patient.has_been("Reconnecting")
    clinic.start_again()
    until("the terminal is back on the bench", patient.connected, 20)
    patient.reaches("waiting", within_s=30)
    joins(page, clinic)
    admits(page)
    patient.reaches("in_call")
    until("the clinician sees the patient", lambda: sees_patient(Eyes(page)))
    until("the terminal shows the clinician", lambda: shows_doctor(patient))


def test_ten_seconds_without_a_network_are_survived(call: tuple[Terminal, Eyes], clinic: Clinic, page: Page) -> None:
    patient, eyes = call
    clinic.fault(cut=True)
    patient.reaches("reconnecting", within_s=10)
    time.sleep(max(0.0, 10.0 - 5.0))  # the rest of ten seconds of darkness
    clinic.fault(cut=False)
    state = patient.reaches("in_call", "waiting", within_s=30)
    if state == "waiting":
        admits(page)
        patient.reaches("in_call")
    until("the clinician sees the patient again", lambda: sees_patient(eyes))
    until("the terminal shows the clinician again", lambda: shows_doctor(patient))


def test_a_server_that_stays_away_gives_the_telephone_card(call: tuple[Terminal, Eyes], clinic: Clinic) -> None:
    patient, _ = call
    clinic.fault(cut=True)
    patient.reaches("reconnecting", within_s=10)
    patient.reaches("phone", within_s=30)
    clinic.fault(cut=False)
    # Back behind the card: connected, and unseen until she presses.
    patient.reaches("paused", within_s=60)
    patient.press()
    patient.reaches("waiting", "in_call")


def test_an_unplugged_camera_does_not_end_the_call(call: tuple[Terminal, Eyes]) -> None:
    patient, eyes = call
    patient.hand("plug", {"device": "camera", "plugged": False})
    until("the clinician sees the patient no more", lambda: not sees_patient(eyes), 10)
    assert patient.state() == "in_call"
    patient.hand("plug", {"device": "camera", "plugged": True})
    until("the clinician sees the patient again", lambda: sees_patient(eyes), 15)


@pytest.mark.parametrize("options", [("--auto-admit",)], ids=["auto-admit"])
@pytest.mark.parametrize("paused", [False, True], ids=["seen", "paused"])
def test_a_killed_terminal_goes_back_into_the_consultation(
    page: Page, clinic: Clinic, terminal: Callable[..., Terminal], paused: bool
) -> None:
    patient = terminal()
    patient.give_appointment()
    patient.reaches("remind")
    joins(page, clinic)
    patient.press()
    patient.reaches("in_call")
    if paused:
        patient.press()
        patient.reaches("paused")
    patient.kill()
    killed_s = time.monotonic()
    patient.start_again()
    until("the terminal is back on the bench", patient.connected, 20)
    patient.reaches("paused" if paused else "in_call")
    if not paused:
        until("the clinician sees the patient", lambda: sees_patient(Eyes(page)))
        print(f"from kill to picture: {time.monotonic() - killed_s:.1f} s")
    else:
        assert not sees_patient(Eyes(page)), "a paused patient was seen after a restart"
