"""Opening hours: what may be written, and what it means on a weekday, at a weekend, on a holiday."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest

from kiosk.consultation.holidays import is_holiday
from kiosk.consultation.hours import Closed, Open, answering, span
from kiosk.errors import ConfigError

OSLO = ZoneInfo("Europe/Oslo")
WEEK = (span("mon-fri 08:00-15:30"),)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


@pytest.mark.parametrize(
    ("now", "opens_at"),
    [
        ("2026-11-25 07:59", "2026-11-25 08:00"),
        ("2026-11-25 15:30", "2026-11-26 08:00"),
        ("2026-11-27 16:00", "2026-11-30 08:00"),
        ("2026-11-28 12:00", "2026-11-30 08:00"),
        ("2026-04-01 16:00", "2026-04-07 08:00"),
        ("2026-12-24 16:00", "2026-12-28 08:00"),
        ("2027-05-17 10:00", "2027-05-18 08:00"),
        ("2026-10-24 12:00", "2026-10-26 08:00"),
    ],
    ids=["early", "evening", "friday", "saturday", "easter", "christmas", "constitution day", "end of summer time"],
)
def test_a_closed_clinic_says_when_it_opens(now: str, opens_at: str) -> None:
    assert answering(WEEK, local(now)) == Closed(local(opens_at))


@pytest.mark.parametrize("now", ["2026-11-25 08:00", "2026-11-25 15:29", "2026-12-24 10:00"])
def test_an_open_clinic_says_until_when(now: str) -> None:
    until = local(now).replace(hour=15, minute=30)
    assert answering(WEEK, local(now)) == Open(until)


def test_a_break_at_noon_is_closed() -> None:
    spans = (span("mon-fri 12:00-15:00"), span("mon-thu 08:00-11:00"), span("sat 10:00-12:00"))
    assert answering(spans, local("2026-11-25 11:30")) == Closed(local("2026-11-25 12:00"))
    assert answering(spans, local("2026-11-27 11:30")) == Closed(local("2026-11-27 12:00"))
    assert answering(spans, local("2026-11-27 15:00")) == Closed(local("2026-11-28 10:00"))


def test_nobody_ever_answers() -> None:
    assert answering((), local("2026-11-25 10:00")) == Closed(None)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("weekdays 8-15", "not as"),
        ("mon-fri 8:00-15:00", "not as"),
        ("man-fre 08:00-15:00", "a weekday is one of mon, tue"),
        ("fri-mon 08:00-15:00", "comes after"),
        ("mon 15:00-08:00", "ends before"),
        ("mon 08:00-08:00", "ends before"),
        ("mon 08:00-24:00", "no such time"),
        ("mon 08:61-15:00", "no such time"),
        ("", "not as"),
    ],
)
def test_a_fault_in_the_hours_is_told(written: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=fault):
        span(written)


def test_holidays_are_those_of_the_library() -> None:
    judge = holidays.country_holidays("NO", years=range(2026, 2047))
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(21 * 365)]
    assert [day for day in days if is_holiday(day) != (day in judge)] == []
