"""The product, started for each test and stopped after it; its screens are kept when CI asks for them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.whole.clinician import Eyes, chromium_page
from tests.whole.product import Clinic, Terminal, no_secrets, until
from tests.whole.test_consultation import admits, joins, sees_patient, shows_doctor


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """A clinician's browser."""
    with chromium_page(tmp_path) as page:
        yield page


@pytest.fixture
def codec() -> str:
    """The rooms' video codec."""
    return "vp8"


@pytest.fixture
def options() -> tuple[str, ...]:
    """More of the clinic's command line."""
    return ()


@pytest.fixture
def clinic(tmp_path: Path, codec: str, options: tuple[str, ...]) -> Iterator[Clinic]:
    """A clinic of one's own."""
    clinic = Clinic(tmp_path, "--codec", codec, *options)
    try:
        yield clinic
    finally:
        no_secrets(clinic.close())


@pytest.fixture
def terminal(tmp_path: Path, clinic: Clinic) -> Iterator[Callable[..., Terminal]]:
    """Starts a terminal at this clinic; it is stopped, and its log looked through, at the end."""
    with ExitStack() as closing:

        def start(**options: object) -> Terminal:
            terminal = Terminal(tmp_path, clinic, **options)  # type: ignore[arg-type]
            closing.callback(lambda: no_secrets(terminal.close()))
            return terminal

        yield start


@pytest.fixture
def call(page: Page, clinic: Clinic, terminal: Callable[..., Terminal]) -> Iterator[tuple[Terminal, Eyes]]:
    """A consultation that goes on: each sees the other."""
    patient = terminal(reconnect_for_s=20)
    patient.give_appointment()
    patient.reaches("remind")
    joins(page, clinic)
    patient.press()
    admits(page)
    patient.reaches("in_call")
    eyes = Eyes(page)
    until("the terminal shows the clinician", lambda: shows_doctor(patient))
    until("the clinician sees the patient", lambda: sees_patient(eyes))
    yield patient, eyes
    assert patient.log().count("Traceback") == 0
