"""A whole consultation by a patient who cannot see, and by one who cannot hear (EN 301 549, 4.2.1 and 4.2.4)."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.whole.clinician import DOCTOR_RGB
from tests.whole.product import Clinic, Terminal, until
from tests.whole.senses import BAR, HEADLINE, Ear, Host, Reader
from tests.whole.test_consultation import admits, joins, share_of, shows_doctor


def test_by_what_is_said_and_by_the_lamp(tmp_path: Path, clinic: Clinic, terminal: Callable[..., Terminal]) -> None:
    ear = Ear(tmp_path / "recordings")
    # A steady tone would be a noise that she is asked to end.
    patient = terminal(extra=ear.settings, tone_hz=0)

    def told(key: str) -> None:
        until(f"she is told {key}", lambda: ear.hears(patient) == key, 30)

    def lit(pattern: str) -> None:
        until(f"the lamp is {pattern}", lambda: patient.lamp() == pattern, 30)

    lit("dim")
    patient.give_appointment()
    lit("slow_pulse")
    told("speech-remind")
    told("press-join")
    patient.press()
    told("waiting")
    told("press-pause")
    lit("slow_pulse")

    host = Host(clinic)
    until("somebody is let in", host.admits)
    lit("steady")
    patient.press()
    lit("long_short")
    told("paused-detail")
    told("press-resume")
    patient.press()
    lit("steady")

    host.ends()
    lit("off")
    told("ended")


def test_by_what_is_on_the_screen(
    tmp_path: Path, page: Page, clinic: Clinic, terminal: Callable[..., Terminal]
) -> None:
    reader = Reader(tmp_path / "screens", "remind", "waiting", "call", "paused", "ended")
    patient = terminal(tone_hz=0)

    def reads(name: str, box: tuple[int, int, int, int]) -> None:
        until(f"she reads what {name} says", lambda: reader.reads(patient.screen(), name, box), 30)

    patient.give_appointment()
    reads("remind", BAR)
    patient.press()
    reads("waiting", HEADLINE)
    reads("waiting", BAR)

    joins(page, clinic)
    admits(page)
    until("she sees the clinician", lambda: shows_doctor(patient), 30)
    reads("call", BAR)
    patient.press()
    reads("paused", HEADLINE)
    reads("paused", BAR)
    assert share_of(until("a screen", patient.screen), DOCTOR_RGB) < 0.02
    patient.press()
    until("she sees the clinician again", lambda: shows_doctor(patient), 30)

    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#end-all").click()
    reads("ended", HEADLINE)
