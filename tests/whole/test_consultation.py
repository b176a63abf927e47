"""One consultation from press to end, between a real terminal, a real server and a real browser."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from kiosk.devices.camera.head import BACKGROUND_RGB
from tests.whole.clinician import DOCTOR_HZ, DOCTOR_RGB, Eyes, near
from tests.whole.product import HOST_PIN, PATIENT, PATIENT_HZ, ROOM, Clinic, Terminal, until

PAUSE_WITHIN_S = 0.2 + 0.2
"""Camera off within 200 ms; the rest is for what was under way to the server."""
SILENT_DBFS = -70
HEARD_DB = -60
"""The analyser's level of the patient's tone lies some 20 dB above this, silence far below."""


def joins(page: Page, clinic: Clinic) -> None:
    """The clinician enters as host."""
    page.goto(f"{clinic.url}/clinician?room={ROOM}&pin={HOST_PIN}&name=Dr.+Berg&join=1")
    expect(page.locator("#self")).to_be_visible(timeout=15_000)


def admits(page: Page) -> None:
    """Lets the first waiting patient in."""
    page.locator("button[data-admit]").first.click(timeout=15_000)


def sees_patient(eyes: Eyes) -> bool:
    """The patient's violet wall is at the upper edges of the clinician's picture."""
    colours = eyes.colours()
    return bool(colours) and near(colours[0], BACKGROUND_RGB) and near(colours[1], BACKGROUND_RGB)


def shows_doctor(terminal: Terminal) -> Image.Image | None:
    """The terminal's screen, if the clinician's teal wall fills a good part of it."""
    screen = terminal.screen()
    if screen is None:
        return None
    return screen if share_of(screen, DOCTOR_RGB) > 0.25 else None


def share_of(screen: Image.Image, colour: tuple[int, int, int]) -> float:
    """How much of the screen has this colour."""
    small = screen.resize((64, 40), Image.Resampling.NEAREST)
    pixels = [small.getpixel((x, y)) for x in range(64) for y in range(40)]
    return sum(near(pixel, colour) for pixel in pixels if isinstance(pixel, tuple)) / len(pixels)  # type: ignore[arg-type]


@pytest.mark.parametrize("codec", ["vp8", "h264"])
def test_from_press_to_end(
    tmp_path: Path, page: Page, clinic: Clinic, terminal: Callable[..., Terminal], codec: str
) -> None:
    patient = terminal(extra=f'[media]\nvideo_codec = "{codec}"\n')
    eyes = Eyes(page)

    # The button on the bench page joins; the patient waits.
    bench = page.context.new_page()
    bench.goto(f"{clinic.url}/bench")
    patient.give_appointment()
    patient.reaches("remind")
    expect(bench.locator("#state")).to_contain_text("remind", ignore_case=True, timeout=10_000)
    until("its screen is up", patient.screen)
    before_call = patient.holds()
    bench.locator("#press").click()
    patient.reaches("waiting")
    assert patient.press_means() == "pause"

    # The clinician comes, sees who waits, and admits her.
    joins(page, clinic)
    expect(page.locator("#roster")).to_contain_text(PATIENT, timeout=10_000)
    assert not sees_patient(eyes), "a waiting patient was seen"
    admits(page)
    patient.reaches("in_call")

    # Each sees and hears the other, and not himself.
    until("the clinician sees the patient", lambda: sees_patient(eyes))
    until("the terminal shows the clinician", lambda: shows_doctor(patient))
    until("the clinician hears the patient's tone", lambda: abs(eyes.tone()[0] - PATIENT_HZ) < 12)
    until("the terminal plays the clinician's tone", lambda: abs(patient.hears()[0] - DOCTOR_HZ) < 12)

    # A word from the clinician stands on the terminal's screen.
    before = shows_doctor(patient)
    page.locator("#chat-text").fill("Jeg henter resultatet ditt")
    page.locator("#chat-send").click()
    until("the message is on the screen", lambda: (now := patient.screen()) and before and differs(before, now))

    # Pause: nothing is sent any more, and the clinician sees that.
    eyes.watch_for(BACKGROUND_RGB)
    until("pictures are noted", eyes.seen_s)
    bench.locator("#press").click()
    patient.reaches("paused")
    expect(page.locator("#roster")).to_contain_text("camera off", timeout=5_000)
    until("the clinician sees the patient no more", lambda: not sees_patient(eyes), 5)
    until("the clinician hears the patient no more", lambda: eyes.tone()[1] < HEARD_DB, 5)
    pressed_s = patient.logged_at_s("InCall -> Paused")
    # How late the clinician's browser draws what it has is told, not tested: that is no promise of the terminal.
    print(
        f"the clinician's last picture of the patient was drawn {eyes.seen_s()[-1] - pressed_s:.3f} s after the press"
    )
    sent_for_s = clinic.last_media_of("GUEST") - pressed_s
    print(f"the server's last picture or sound from her came {sent_for_s:.3f} s after the press")
    assert sent_for_s < PAUSE_WITHIN_S
    until("the loudspeaker is off", lambda: patient.hears()[1] < SILENT_DBFS, 5)
    assert share_of(until("a screen", patient.screen), DOCTOR_RGB) < 0.02, "the clinician is still to be seen"

    # Resume.
    time.sleep(0.6)  # the guard against tremor
    bench.locator("#press").click()
    patient.reaches("in_call")
    until("the clinician sees the patient again", lambda: sees_patient(eyes))
    until("the terminal shows the clinician again", lambda: shows_doctor(patient))
    until("the clinician hears the patient again", lambda: abs(eyes.tone()[0] - PATIENT_HZ) < 12)

    # The clinician ends it for all: nothing is left anywhere.
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#end-all").click()
    patient.reaches("ended")
    until("nobody is in the room", lambda: not clinic.people())
    until("no connection is left", lambda: clinic.health()["peer_connections"] == 0)
    until("no token is left", lambda: clinic.health()["tokens"] == 0)
    until("the terminal is idle", lambda: patient.state() == "idle", 45)
    print("left over, if anything:", patient.holds() - before_call)
    until("the terminal holds what it held before the call", lambda: not patient.holds() - before_call)
    assert patient.log().count("Traceback") == 0


def differs(before: Image.Image, after: Image.Image) -> bool:
    """More than moving pictures would change: the lower half holds a band with a message."""
    box = (0, before.height // 2, before.width, before.height)
    one, two = (image.crop(box).resize((64, 20)).convert("L").tobytes() for image in (before, after))
    return sum(abs(a - b) > 60 for a, b in zip(one, two, strict=True)) > 64
