"""What stands while the source of appointments is silent, and what does not; standing rooms and weekly times."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.appointments import Settings, Simulation, faults, open_appointments
from kiosk.appointments.known import KnownAppointments
from kiosk.appointments.simulated import SimulatedAppointments
from kiosk.appointments.standing import StandingAppointments, weekly_time
from kiosk.clock import Moment
from kiosk.consultation.model import Appointment, Room
from kiosk.errors import AppointmentsUnavailable, ConfigError
from tests.appointments.calendars import NODE, NOW, read_link

ROOM = Room("pexip", NODE, "998112")
GIVEN = Appointment("a1", NOW, NOW + timedelta(minutes=30), ROOM)
OSLO = ZoneInfo("Europe/Oslo")


class Diary:
    """A source that can be silenced, at a time that can be set."""

    def __init__(self, standing_room: Room | None = None) -> None:
        self.diary = Simulation()
        self.hours = 0.0
        source = SimulatedAppointments(10, self.diary)
        self.known = KnownAppointments(source, 24 * 3600, standing_room, self._clock)

    def _clock(self) -> Moment:
        return Moment(NOW, self.hours * 3600)


def test_a_room_stands_for_a_day_of_silence_and_its_hour_longer(caplog: pytest.LogCaptureFixture) -> None:
    diary = Diary()
    diary.diary.give(GIVEN)
    diary.known.read()
    diary.diary.fail(True)
    seen = []
    for hours in (0.1, 23.9, 24.0, 300):
        diary.hours = hours
        seen += [appointment.room for appointment in diary.known.read()]
    assert seen == [ROOM, ROOM, None, None]
    told = [record.getMessage() for record in caplog.records]
    assert [("rooms too" in line, "withheld" in line) for line in told] == [(True, False)] * 2 + [(False, True)] * 2
    assert not [line for line in told if "998112" in line]


def test_what_was_withdrawn_in_the_newest_answer_is_gone_whatever_comes_after() -> None:
    diary = Diary()
    diary.diary.give(GIVEN)
    diary.known.read()
    diary.diary.clear()
    diary.known.read()
    diary.diary.fail(True)
    assert list(diary.known.read()) == []


def test_silence_from_the_first_is_told() -> None:
    diary = Diary()
    diary.diary.fail(True)
    with pytest.raises(AppointmentsUnavailable):
        diary.known.read()


def test_rooms_come_back_with_the_source() -> None:
    diary = Diary()
    diary.diary.give(GIVEN)
    diary.known.read()
    diary.diary.fail(True)
    diary.hours = 50
    assert diary.known.read()[0].room is None
    diary.diary.fail(False)
    assert diary.known.read()[0].room == ROOM


def test_the_standing_room_is_for_hours_that_have_none() -> None:
    standing = Room("pexip", NODE, "1")
    diary = Diary(standing)
    diary.diary.give(GIVEN)
    diary.diary.give(Appointment("a2", NOW, NOW + timedelta(hours=1)))
    assert [appointment.room for appointment in diary.known.read()] == [ROOM, standing]


def test_a_weekly_time_is_an_appointment_each_week_by_the_wall_clock() -> None:
    times = [weekly_time("mon-fri 08:00-15:30"), weekly_time("Sat 10:00-10:30")]
    read = StandingAppointments(times, OSLO, 10, lambda: datetime(2026, 10, 23, 12, tzinfo=UTC)).read()
    assert [f"{each.starts_at:%a %d %H:%M}-{each.ends_at:%H:%M}" for each in read] == [
        "Thu 22 06:00-13:30",
        "Fri 23 06:00-13:30",
        "Sat 24 08:00-08:30",
        "Mon 26 07:00-14:30",
        "Tue 27 07:00-14:30",
        "Wed 28 07:00-14:30",
        "Thu 29 07:00-14:30",
        "Fri 30 07:00-14:30",
    ]
    assert len({each.id for each in read}) == len(read)
    assert all(each.starts_at.tzinfo is UTC for each in read)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "thu",
        "thu 10:00",
        "xyz 10:00-11:00",
        "fri-mon 10:00-11:00",
        "thu 11:00-10:00",
        "thu 24:00-25:00",
        "thu 10-11",
    ],
)
def test_a_weekly_time_that_is_none(text: str) -> None:
    with pytest.raises(ConfigError, match=r"appointments\.times"):
        weekly_time(text)


def test_the_standing_room_of_the_configuration() -> None:
    settings = Settings("standing", times=("mon-sun 10:00-11:00",), room=f"{NODE}/m/998112?pin=12")
    read = open_appointments(settings, read_link=read_link).read()
    assert {(each.room.alias, each.room.pin) for each in read if each.room} == {("998112", "12")}
    assert len(read) == 9
    assert date.today() in {each.starts_at.date() for each in read}
    for room in ("SECRET", "https://SECRET.example.net/m/1"):
        with pytest.raises(ConfigError, match=r"appointments\.room") as caught:
            open_appointments(Settings("standing", room=room), read_link=read_link)
        assert "SECRET" not in str(caught.value)
    with pytest.raises(ConfigError):
        open_appointments(Settings("standing", room=settings.room))
    assert "998112" not in repr(settings)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings(), []),
        (Settings("calendar", url="https://example.org/a.ics"), []),
        (Settings("calendar"), ["appointments: a calendar needs either url or path"]),
        (Settings("calendar", "a.ics", "https://x"), ["appointments: a calendar needs either url or path"]),
        (
            Settings("calendar", url="http://example.org"),
            ["appointments.url: must begin with https://; http is for this machine only"],
        ),
        (Settings("standing"), ["appointments.times: standing appointments need at least one"]),
        (Settings(time_zone="../Oslo"), ["appointments.time_zone: must be a name such as Europe/Oslo"]),
    ],
)
def test_settings_that_contradict_themselves(settings: Settings, told: list[str]) -> None:
    assert list(faults(settings)) == told
