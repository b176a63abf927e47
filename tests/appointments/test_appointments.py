"""Every source of appointments by its contract, and the document with all its faults."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from kiosk.appointments import Appointments, Settings, Simulation, open_appointments
from kiosk.appointments.calendar import CalendarAppointments, CalendarFile
from kiosk.appointments.document import parse
from kiosk.appointments.feed import Feed
from kiosk.appointments.known import KnownAppointments
from kiosk.consultation.model import Appointment, Room
from kiosk.errors import AppointmentsUnavailable
from kiosk.rooms import invitations
from kiosk.rooms.pexip.settings import PexipSettings
from tests.appointments.calendars import calendar as calendar_text
from tests.appointments.served import Served

SECRET = "Kari Nordmann 4711"
PIN = "471100"
ROOM = Room("pexip", "https://join.example.org", SECRET, PIN, SECRET)
TEN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
GIVEN = Appointment("a1", TEN, TEN + timedelta(minutes=30), ROOM)


@dataclass
class Rig:
    """One source, with the clinic's hands."""

    source: Appointments
    give: Callable[[Appointment], None]
    fail: Callable[[], object]
    close: Callable[[], object] = lambda: None


def entry(appointment: Appointment) -> dict[str, Any]:
    room = appointment.room
    written: dict[str, Any] = {
        "id": appointment.id,
        "starts_at": appointment.starts_at.astimezone().isoformat(),
        "ends_at": appointment.ends_at.isoformat().replace("+00:00", "Z"),
        "room": None,
    }
    if room is not None:
        written["room"] = {
            "provider": room.provider,
            "host": room.host,
            "alias": room.alias,
            "pin": room.pin,
            "display_name": room.display_name,
        }
    return written


def simulated(tmp_path: Path) -> Rig:
    simulation = Simulation()
    source = open_appointments(Settings("simulated", every_s=2), simulation)
    return Rig(source, simulation.give, lambda: simulation.fail(True))


def file(tmp_path: Path) -> Rig:
    path = tmp_path / "appointments.json"
    written: list[dict[str, Any]] = []
    path.write_text(json.dumps({"appointments": written}))

    def give(appointment: Appointment) -> None:
        written.append(entry(appointment))
        path.write_text(json.dumps({"appointments": written}))

    return Rig(open_appointments(Settings("file", str(path), every_s=2)), give, path.unlink)


def as_event(appointment: Appointment) -> list[str]:
    room = appointment.room
    lines = [f"DTSTART:{appointment.starts_at:%Y%m%dT%H%M%SZ}", f"DTEND:{appointment.ends_at:%Y%m%dT%H%M%SZ}"]
    if room is not None:
        lines.append(f"CONFERENCE:{room.host}/webapp/conference/{quote(room.alias)}?pin={room.pin}")
    return ["BEGIN:VEVENT", f"UID:{appointment.id}", *lines, "END:VEVENT"]


READ_LINK = invitations.reader(PexipSettings(allowed_hosts=("join.example.org",)), SECRET)


def calendar(tmp_path: Path) -> Rig:
    path = tmp_path / "appointments.ics"
    events: list[list[str]] = []
    path.write_text(calendar_text())

    def give(appointment: Appointment) -> None:
        events.append(as_event(appointment))
        path.write_text(calendar_text(*events))

    source = CalendarAppointments(CalendarFile(str(path)), 2, UTC, READ_LINK, lambda: TEN)
    return Rig(KnownAppointments(source, 3600), give, path.unlink)


def feed(tmp_path: Path) -> Rig:
    served = Served(calendar_text())
    events: list[list[str]] = []

    def give(appointment: Appointment) -> None:
        events.append(as_event(appointment))
        served.text = calendar_text(*events)

    source = CalendarAppointments(Feed(served.url), 2, UTC, READ_LINK, lambda: TEN)
    return Rig(KnownAppointments(source, 3600), give, served.close, served.close)


@pytest.fixture(params=[simulated, file, calendar, feed], ids=lambda make: make.__name__)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    made: Rig = request.param(tmp_path)
    yield made
    made.close()


def test_there_are_none_until_some_are_given(rig: Rig) -> None:
    assert list(rig.source.read()) == []
    assert rig.source.every_s == 2


def test_what_is_given_is_read_whole_and_in_utc(rig: Rig) -> None:
    bare = Appointment("a2", TEN, TEN + timedelta(hours=1))
    rig.give(GIVEN)
    rig.give(bare)
    read = list(rig.source.read())
    assert [replace(each, id="") for each in read] == [replace(each, id="") for each in (GIVEN, bare)]
    assert len({each.id for each in read}) == 2
    assert all(appointment.starts_at.tzinfo is UTC for appointment in read)


def test_a_source_that_fails_says_so(rig: Rig) -> None:
    rig.give(GIVEN)
    rig.fail()
    with pytest.raises(AppointmentsUnavailable) as caught:
        rig.source.read()
    assert SECRET not in str(caught.value)
    assert quote(SECRET) not in str(caught.value)


def test_what_was_known_stands_while_the_source_fails(rig: Rig) -> None:
    rig.give(GIVEN)
    before = list(rig.source.read())
    rig.fail()
    assert list(rig.source.read()) == before


def test_no_source_never_has_any() -> None:
    assert list(open_appointments(Settings()).read()) == []


def test_the_diary_can_be_replaced_and_cleared() -> None:
    simulation = Simulation()
    later = Appointment("a1", TEN + timedelta(hours=1), TEN + timedelta(hours=2))
    simulation.give(GIVEN)
    simulation.give(later)
    assert list(simulation.known()) == [later]
    simulation.clear()
    assert list(simulation.known()) == []


def document(**changes: Any) -> str:
    room = entry(GIVEN)["room"] | changes.pop("room_changes", {})
    return json.dumps({"appointments": [entry(GIVEN) | {"room": room} | changes]})


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["line 1, column 1"]),
        ('{"appointments": [}', ["line 1, column 19"]),
        ("[" * 100_000, ["nested too deeply"]),
        ("[]", ["the document must be an object"]),
        ("{}", ["appointments is missing"]),
        ('{"appointments": {}}', ["appointments must be a list"]),
        ('{"appointments": [7]}', ["appointments[0] must be an object"]),
        ('{"appointments": [{}]}', ["appointments[0].id is missing", "[0].starts_at is", "[0].ends_at is"]),
        (document(id=""), ["appointments[0].id must be a text"]),
        (document(id=SECRET * 50), ["appointments[0].id must be a text of 1 to 500"]),
        (document(starts_at=SECRET), ["appointments[0].starts_at must be a time such as"]),
        (document(starts_at=17), ["appointments[0].starts_at must be a time such as"]),
        (document(starts_at="2026-11-22T10:00:00"), ["appointments[0].starts_at must say its offset"]),
        (document(starts_at="0001-01-01T00:00:00+14:00"), ["appointments[0].starts_at is no year"]),
        (document(ends_at="2026-11-22T10:00:00+01:00"), ["appointments[0].ends_at must be later"]),
        (document(room=SECRET), ["appointments[0].room must be an object"]),
        (document(room_changes={"host": SECRET}), ["appointments[0].room.host must be an address"]),
        (document(room_changes={"host": "http://[::1"}), ["appointments[0].room.host must be an address"]),
        (document(room_changes={"host": "ftp://example.org"}), ["appointments[0].room.host must be an address"]),
        (document(room_changes={"pin": 1234}), ["appointments[0].room.pin must be a text"]),
        (document(room_changes={"alias": None}), ["appointments[0].room.alias must be a text"]),
        (
            document(room_changes={SECRET: 1}),
            ["appointments[0].room has 1 key(s) that are not known (allowed: provider"],
        ),
        (
            json.dumps({"appointments": [entry(GIVEN), {"id": 3, "starts_at": 1, "ends_at": 2}]}),
            ["appointments[1].id must", "appointments[1].starts_at must", "appointments[1].ends_at must"],
        ),
        (json.dumps({"appointments": [entry(GIVEN)] * 2}), ["appointments[1].id is also another"]),
        (json.dumps({"appointments": [{}] * 1001}), ["appointments must not be more than 1000"]),
    ],
)
def test_every_fault_is_named_by_its_place_and_never_by_its_value(text: str, faults: list[str]) -> None:
    with pytest.raises(AppointmentsUnavailable) as caught:
        parse(text)
    message = str(caught.value)
    assert [fault for fault in faults if fault not in message] == []
    assert len(message.split("; ")) == len(faults)
    assert SECRET not in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("", None, "no file is named"),
        ("gone.json", None, "gone.json cannot be read: No such file"),
        ("latin.json", '{"appointments": ["Kåre"]}'.encode("latin-1"), "latin.json is not UTF-8, from byte 20"),
        ("large.json", b" " * 1_000_001, "large.json is larger than 1000000 bytes"),
        ("broken.json", b"{", "broken.json: line 1"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(path: str, content: bytes | None, words: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / path).write_bytes(content)
    source = open_appointments(Settings("file", str(tmp_path / path) if path else ""))
    with pytest.raises(AppointmentsUnavailable, match=words):
        source.read()


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "windows.json"
    path.write_bytes(b"\xef\xbb\xbf" + document().encode())
    assert list(open_appointments(Settings("file", str(path))).read()) == [GIVEN]


def test_an_hour_in_person_tells_where() -> None:
    written = entry(replace(GIVEN, room=None)) | {"meet_at": "Inngang B"}
    assert list(parse(json.dumps({"appointments": [written]}))) == [replace(GIVEN, room=None, meet_at="Inngang B")]
    with pytest.raises(AppointmentsUnavailable, match=r"appointments\[0\].meet_at must be a text"):
        parse(json.dumps({"appointments": [written | {"meet_at": 5}]}))
