"""A consultation in a video room, between a real terminal, a Janus server and a real browser."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.rooms.janus.server import JANUS, MISSING, PIN, ROOM, JanusServer
from tests.whole.clinician import DOCTOR_HZ, Eyes, chromium_page
from tests.whole.product import PATIENT, PATIENT_HZ, Clinic, Terminal, no_secrets, until
from tests.whole.test_consultation import HEARD_DB, SILENT_DBFS, sees_patient, shows_doctor

PAGE = Path(__file__).with_name("clinician.html")
AGAIN_WITHIN_S = 20

pytestmark = pytest.mark.skipif(JANUS is None, reason=MISSING)


class JanusTerminal(Terminal):
    """Whose appointment is in a video room."""

    def give_room(self, server: JanusServer) -> None:
        """An appointment that starts in a minute."""
        starts_at = datetime.now(UTC) + timedelta(minutes=1)
        room = server.room(display_name=PATIENT)
        fields = ("provider", "host", "alias", "pin", "display_name")
        appointment = {
            "id": "first",
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(minutes=30)).isoformat(),
            "room": {field: getattr(room, field) for field in fields},
        }
        (self._folder / "appointments.json").write_text(json.dumps({"appointments": [appointment]}))


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """A clinician's browser."""
    with chromium_page(tmp_path) as page:
        yield page


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[JanusTerminal]:
    """A terminal on a bench; the clinic behind the bench has no part in the call."""
    bench = Clinic(tmp_path)
    try:
        terminal = JanusTerminal(tmp_path, bench)
        try:
            yield terminal
        finally:
            log = terminal.close()
            no_secrets(log)
            assert PIN not in log
            assert str(ROOM) not in log
    finally:
        bench.close()


def enters(page: Page, server: JanusServer) -> None:
    """The clinician comes, with the page above, as if the server had it."""
    page.route("**/clinician.html*", lambda route: route.fulfill(body=PAGE.read_text(), content_type="text/html"))
    page.goto(f"{server.url}/clinician.html?room={ROOM}&pin={PIN}&name=Dr.+Berg")
    page.evaluate("enter()")


def see_and_hear_each_other(page: Page, patient: Terminal) -> None:
    eyes = Eyes(page)
    until("the clinician sees the patient", lambda: sees_patient(eyes), AGAIN_WITHIN_S)
    until("the terminal shows the clinician", lambda: shows_doctor(patient), AGAIN_WITHIN_S)
    # The patient who came back is another stream; the ear is put to it anew.
    page.evaluate("window.testEar = undefined")
    until("the clinician hears the patient's tone", lambda: abs(eyes.tone()[0] - PATIENT_HZ) < 12)
    until("the terminal plays the clinician's tone", lambda: abs(patient.hears()[0] - DOCTOR_HZ) < 12)


def test_from_press_to_end(server: JanusServer, page: Page, patient: JanusTerminal) -> None:
    patient.give_room(server)
    patient.reaches("remind")
    patient.press()
    patient.reaches("in_call")
    enters(page, server)
    see_and_hear_each_other(page, patient)
    assert PATIENT in page.evaluate("Object.values(people)")

    # A pause sends nothing; after it all is as before.
    eyes = Eyes(page)
    patient.press()
    patient.reaches("paused")
    until("the clinician hears nothing", lambda: eyes.tone()[1] < HEARD_DB)
    until("the terminal plays nothing", lambda: patient.hears()[1] < SILENT_DBFS)
    patient.press()
    patient.reaches("in_call")
    see_and_hear_each_other(page, patient)

    # The server forgets the terminal, which comes back by itself.
    server.forget(PATIENT)
    until("the terminal is out", lambda: PATIENT not in [person["display"] for person in server.people])
    until("the terminal is in", lambda: PATIENT in [person["display"] for person in server.people], AGAIN_WITHIN_S)
    patient.reaches("in_call")
    see_and_hear_each_other(page, patient)

    # The clinician closes the room.
    server.remove_room()
    patient.reaches("ended")
    until("the terminal's session is given back", lambda: not server.sessions_of(PATIENT))
