"""Calendars of every kind: what their appointments are, and what is said of those that are none."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.appointments.ical import Reading, read_calendar
from kiosk.errors import AppointmentsUnavailable
from tests.appointments.calendars import LINK, NODE, NOW, calendar, event, read_link

OSLO = ZoneInfo("Europe/Oslo")
MY_ZONE = [
    "BEGIN:VTIMEZONE",
    "TZID:Our own zone",
    "BEGIN:STANDARD",
    "DTSTART:16010101T030000",
    "TZOFFSETFROM:+0400",
    "TZOFFSETTO:+0300",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:16010101T020000",
    "TZOFFSETFROM:+0300",
    "TZOFFSETTO:+0400",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
]
ENDLESS_ZONE = [line.replace("YEARLY;BYDAY=-1SU;BYMONTH=10", "SECONDLY").replace("Our own", "Mad") for line in MY_ZONE]
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=3"


def read(text: str) -> Reading:
    return read_calendar(text, NOW, OSLO, read_link)


def starts(reading: Reading) -> list[str]:
    return [f"{appointment.starts_at:%m-%d %H:%M}" for appointment in reading.appointments]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(calendar(), [], id="empty"),
        pytest.param(calendar(event()), ["11-25 09:00"], id="a named zone"),
        pytest.param(calendar(event(start="20261125T100000Z", zone="")), ["11-25 10:00"], id="UTC"),
        pytest.param(calendar(event(zone="")), ["11-25 09:00"], id="floating: the terminal's zone"),
        pytest.param(
            calendar(["X-WR-TIMEZONE:America/New_York"], event(zone="")), ["11-25 15:00"], id="the calendar's zone"
        ),
        pytest.param(calendar(["X-WR-TIMEZONE:../etc"], event(zone="")), ["11-25 09:00"], id="a mad calendar's zone"),
        pytest.param(calendar(event(zone="W. Europe Standard Time")), ["11-25 09:00"], id="Windows' zone"),
        pytest.param(calendar(MY_ZONE, event(zone="Our own zone")), ["11-25 07:00"], id="a zone of its own"),
        pytest.param(
            calendar(event("RRULE:FREQ=WEEKLY;COUNT=2", start="20261019T100000"), event(WEEKLY, uid="b")),
            ["11-25 09:00", "12-02 09:00", "12-09 09:00"],
            id="weekly, and one that is over",
        ),
        pytest.param(
            calendar(event(WEEKLY, "EXDATE;TZID=Europe/Oslo:20261202T100000")),
            ["11-25 09:00", "12-09 09:00"],
            id="weekly but one",
        ),
        pytest.param(
            calendar(event(WEEKLY, "RDATE;TZID=Europe/Oslo:20261127T120000")),
            ["11-25 09:00", "11-27 11:00", "12-02 09:00", "12-09 09:00"],
            id="weekly and one more",
        ),
        pytest.param(
            calendar(event(WEEKLY), event("RECURRENCE-ID;TZID=Europe/Oslo:20261202T100000", start="20261203T120000")),
            ["11-25 09:00", "12-03 11:00", "12-09 09:00"],
            id="one of a series moved",
        ),
        pytest.param(
            calendar(event(WEEKLY), event("RECURRENCE-ID;TZID=Europe/Oslo:20261202T100000", "STATUS:CANCELLED")),
            ["11-25 09:00", "12-09 09:00"],
            id="one of a series called off",
        ),
        pytest.param(
            calendar(
                event(WEEKLY, "STATUS:CANCELLED"),
                event("RECURRENCE-ID;TZID=Europe/Oslo:20261202T100000", start="20261203T120000"),
            ),
            [],
            id="the whole series called off",
        ),
        pytest.param(
            calendar(
                event("SEQUENCE:10", start="20261126T100000"), event("SEQUENCE:9"), event(start="20261127T100000")
            ),
            ["11-26 09:00"],
            id="moved: the highest SEQUENCE, as a number",
        ),
        pytest.param(
            calendar(event("DTSTAMP:20261102T000000Z"), event("DTSTAMP:20261101T000000Z", start="20261126T100000")),
            ["11-25 09:00"],
            id="of two the one with the newest stamp",
        ),
        pytest.param(calendar(event("SEQUENCE:1", "STATUS:CANCELLED"), event()), [], id="called off after all"),
        pytest.param(calendar(event("STATUS:CANCELLED"), event("SEQUENCE:1")), ["11-25 09:00"], id="on again"),
        pytest.param(calendar(event("STATUS:TENTATIVE")), ["11-25 09:00"], id="tentative counts"),
        pytest.param(calendar(["METHOD:CANCEL"], event()), [], id="a calendar that calls off"),
        pytest.param(calendar(event("TRANSP:TRANSPARENT")), [], id="free time"),
        pytest.param(
            calendar(["BEGIN:VEVENT", "UID:d", "DTSTART;VALUE=DATE:20261125", "END:VEVENT"]), [], id="all day"
        ),
        pytest.param(
            calendar(event("RRULE:FREQ=DAILY", start="20200101T100000"))[:-1],
            [f"{NOW + timedelta(days=day):%m-%d} 09:00" for day in range(-1, 35)],
            id="every day for years: five weeks of it",
        ),
        pytest.param(
            calendar(event("RRULE:FREQ=WEEKLY;COUNT=2", start="20261018T100000", uid="x")).replace("1018", "1120"),
            ["11-27 09:00"],
            id="yesterday is seen, the day before is not",
        ),
        pytest.param(
            calendar(event("BEGIN:VALARM", "TRIGGER:-PT15M", "STATUS:CANCELLED", "END:VALARM")),
            ["11-25 09:00"],
            id="an alarm's lines are its own",
        ),
        pytest.param(calendar(event()).replace("\r\n", "\n").replace("DURA", "DU\n RA"), ["11-25 09:00"], id="folded"),
        pytest.param("\ufeff" + calendar(event()) + calendar(event(uid="b")), ["11-25 09:00"] * 2, id="two in one"),
    ],
)
def test_when(text: str, expected: list[str]) -> None:
    assert starts(read(text)) == expected


def test_summer_time_moves_a_weekly_hour_with_the_wall_clock() -> None:
    text = calendar(event("RRULE:FREQ=WEEKLY", start="20261001T100000"))
    read_in_october = read_calendar(text, datetime(2026, 10, 15, tzinfo=UTC), OSLO, read_link)
    assert [f"{each.starts_at:%m-%d %H}" for each in read_in_october.appointments][:4] == [
        "10-15 08",
        "10-22 08",
        "10-29 09",
        "11-05 09",
    ]


@pytest.mark.parametrize(
    ("lines", "alias", "pin"),
    [
        ([f"CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=Rom:{LINK}?pin=1234"], "998112", "1234"),
        ([f"X-GOOGLE-CONFERENCE:{LINK}"], "998112", None),
        ([f'X-ALT-DESC;FMTTYPE=text/html:<p><a href="{LINK}">her</a>'], "998112", None),
        ([f"URL:{LINK}"], "998112", None),
        ([f"LOCATION:{LINK}"], "998112", None),
        ([f"LOCATION:Videorom {LINK}."], "998112", None),
        (["LOCATION:998 112"], "998112", None),
        (["LOCATION:Room 3, third floor", "DESCRIPTION:Velkommen!\\n" + LINK + "?pin=77\\nHilsen oss"], "998112", "77"),
        (["DESCRIPTION:Velkommen.\\nRomnummer: 123 456\\nPIN: 4321"], "123456", "4321"),
        (["DESCRIPTION:Møterom 123456\\, PIN-kode 4321"], "123456", "4321"),
        ([f"LOCATION:{LINK}", "DESCRIPTION:Host PIN: 1111\\nGuest PIN: 2222"], "998112", "2222"),
        ([f"LOCATION:{LINK}", "DESCRIPTION:Vertens PIN: 1111"], "998112", None),
        ([f"URL:{NODE}/about", f"CONFERENCE:{LINK}", "LOCATION:555555"], "998112", None),
    ],
)
def test_where(lines: list[str], alias: str, pin: str | None) -> None:
    reading = read(calendar(event(*lines)))
    room = reading.appointments[0].room
    assert room is not None
    assert (room.host, room.alias, room.pin, room.display_name) == (NODE, alias, pin, "Terminal 0042")
    assert reading.faults == ()


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([], "names no room"),
        (["DESCRIPTION:Født 010150\\nTelefon 22 33 44 55"], "names no room"),
        (["CONFERENCE:https://SECRET.example.net/m/998112"], "names a room that cannot be used (forbidden_host)"),
        (["CONFERENCE:http://join.example.org/m/SECRET"], "names a room that cannot be used (forbidden_host)"),
        ([f"URL:{LINK}?pin=SECRET"], "names a room that cannot be used (pin)"),
    ],
)
def test_an_hour_without_a_room_stands_and_is_told(lines: list[str], fault: str) -> None:
    reading = read(calendar(event(uid="before"), event(*lines, uid="SECRET")))
    assert [appointment.room for appointment in reading.appointments] == [None, None]
    assert reading.faults[-1] == f"the event at line 9 {fault}"
    assert "SECRET" not in repr(reading)


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (event(start="2026-11-25 10:00"), "the event at line 4 is not understood"),
        (["BEGIN:VEVENT", "UID:SECRET", "END:VEVENT"], "the event at line 4 is not understood"),
        (event("RRULE:FREQ=SECONDLY"), "the event at line 4 repeats by a rule that is not read here"),
        (event("RRULE:FREQ=DAILY;BYSECOND=1,2,3"), "the event at line 4 repeats by a rule"),
        (event("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "the event at line 4 repeats by a rule"),
        (event("RRULE:SECRET"), "the event at line 4 repeats by a rule"),
        (event("RRULE:FREQ=DAILY", start="00010101T000000"), "the event at line 4 repeats since before 2000"),
        (event("RRULE:FREQ=DAILY", "RRULE:FREQ=DAILY"), "the event at line 4 repeats by more than one rule"),
        (event("EXRULE:FREQ=DAILY"), "the event at line 4 has an EXRULE"),
        ([*event("DTEND:20261124T100000Z")[:3], "DTEND:20261124T100000Z", "END:VEVENT"], "ends before it starts"),
        ([*event()[:3], "DURATION:P2D", "END:VEVENT"], "lasts longer than a day"),
        (event("DESCRIPTION:" + "SECRET" * 5000), "line 8 is longer than 20000 characters"),
        (ENDLESS_ZONE, "line 4: a time zone whose rules are not yearly was left out"),
    ],
)
def test_what_is_bad_is_told_with_its_place_and_the_rest_is_kept(bad: list[str], fault: str) -> None:
    reading = read(calendar(bad, event(f"URL:{LINK}", uid="good", start="20261126T100000")))
    assert starts(reading)[-1] == "11-26 09:00"
    assert [told for told in reading.faults if fault in told], reading.faults
    assert "SECRET" not in repr(reading)


def test_a_zone_that_nobody_knows_is_the_terminals_own_and_told() -> None:
    reading = read(calendar(event(f"URL:{LINK}", zone="Nowhere/Else")))
    assert starts(reading) == ["11-25 09:00"]
    assert reading.faults == ("the event at line 4 names a time zone that is not known; the terminal's own is taken",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no calendar"),
        ("<html>please log in</html>", "no calendar"),
        (calendar(event())[:-20], "breaks off"),
        ("BEGIN:VCALENDAR\n" * 3, "breaks off"),
        ("\n" * 60_000, "more than 50000 lines"),
        (calendar(*[event()] * 2001), "more than 2000 events"),
    ],
)
def test_what_is_no_calendar_is_refused_as_a_whole(text: str, words: str) -> None:
    with pytest.raises(AppointmentsUnavailable, match=words):
        read(text)


def test_an_hour_that_is_moved_within_its_day_is_the_same_appointment_and_on_another_day_a_new_one() -> None:
    def identity(start: str) -> str:
        return read(calendar(event(start=start))).appointments[0].id

    assert identity("20261125T100000") == identity("20261125T143000")
    assert identity("20261125T100000") != identity("20261126T100000")
    weekly = [appointment.id for appointment in read(calendar(event(WEEKLY))).appointments]
    assert len(set(weekly)) == 3


LINES = st.sampled_from(
    [
        *event(f"URL:{LINK}"),
        *event(WEEKLY, "EXDATE:20261202T090000Z", start="20261125T100000Z", zone=""),
        *MY_ZONE,
        "BEGIN:VCALENDAR",
        "END:VCALENDAR",
        "RECURRENCE-ID:20261125T100000Z",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261125T100000Z",
        "DTSTART;VALUE=DATE:20261125",
        "DTSTART;TZID=Our own zone:20261125T250000",
        "DTEND:20261125T1000",
        "DURATION:-P1000000000D",
        "RRULE:FREQ=MONTHLY;BYMONTHDAY=-31;BYSETPOS=7",
        "RRULE:FREQ=YEARLY;INTERVAL=0",
        "RRULE:FREQ=DAILY;COUNT=-1;UNTIL=19000101",
        "RDATE;VALUE=PERIOD:20261126T100000Z/PT1H",
        "SEQUENCE:x",
        ":",
        ";=:",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(LINES, st.text(max_size=30)), max_size=25))
def test_no_calendar_breaks_the_reader(lines: list[str]) -> None:
    try:
        reading = read(calendar(event(uid="good"), lines))
    except AppointmentsUnavailable:
        return
    for appointment in reading.appointments:
        assert appointment.starts_at.tzinfo is UTC
        assert timedelta() < appointment.ends_at - appointment.starts_at <= timedelta(days=1)
