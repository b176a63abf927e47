"""A calendar's feed: fetched only when it has changed, from its own host alone, ever more rarely while it fails."""

from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest

from kiosk.appointments.calendar import CalendarAppointments
from kiosk.appointments.feed import MOST_BYTES, Feed
from kiosk.clock import Moment
from kiosk.errors import AppointmentsUnavailable, ConfigError
from tests.appointments.calendars import LINK, NOW, calendar, event, read_link
from tests.appointments.served import Served

TEXT = calendar(event(f"URL:{LINK}"))


@pytest.fixture
def served() -> Iterator[Served]:
    serving = Served(TEXT)
    yield serving
    serving.close()


class Wall:
    """The wall clock."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> Moment:
        return Moment(self.now, 0.0)


def source(served: Served, wall: Wall | None = None) -> CalendarAppointments:
    clock = wall or Wall()
    return CalendarAppointments(Feed(served.url), 300, UTC, read_link, lambda: clock.now)


def test_what_has_not_changed_is_not_sent_again_and_stays_known(served: Served) -> None:
    asking = source(served)
    first = asking.read()
    assert "If-None-Match" not in served.asked[0][1]
    assert asking.read() == first
    assert "If-None-Match" in served.asked[1][1]
    served.text = calendar()
    assert list(asking.read()) == []
    assert asking.every_s == 300


def test_a_repeating_event_comes_into_sight_though_nothing_has_changed(served: Served) -> None:
    served.text = calendar(event("RRULE:FREQ=WEEKLY", f"URL:{LINK}"))
    wall = Wall()
    asking = source(served, wall)
    last = asking.read()[-1]
    wall.now = NOW + timedelta(days=7)
    assert asking.read()[-1].starts_at == last.starts_at + timedelta(days=7)


def test_what_is_no_calendar_is_not_taken_for_unchanged_the_next_time(served: Served) -> None:
    asking = source(served)
    served.text = "<html>log in</html>"
    for _ in range(2):
        with pytest.raises(AppointmentsUnavailable, match="no calendar"):
            asking.read()
    assert "If-None-Match" not in served.asked[1][1]


def test_failures_are_met_soon_and_then_ever_later(served: Served) -> None:
    asking = source(served)
    served.status = 500
    waits = []
    for _ in range(8):
        with pytest.raises(AppointmentsUnavailable, match="answered 500"):
            asking.read()
        waits.append(asking.every_s)
    assert waits == [15, 30, 60, 120, 240, 480, 900, 900]
    served.headers = {"Retry-After": "3000"}
    with pytest.raises(AppointmentsUnavailable):
        asking.read()
    assert asking.every_s == 3000
    served.status = 200
    asking.read()
    assert asking.every_s == 300


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (404, {}, "answered 404"),
        (304, {}, "answered 304"),
        (302, {"Location": "https://SECRET.example.net/"}, "sends on to another host"),
        (302, {"Location": "//localhost/SECRET"}, "sends on to another host"),
        (302, {"Location": "/SECRET2.ics"}, "sends on in circles"),
        (200, {"Content-Encoding": "gzip"}, "does not answer"),
    ],
)
def test_what_a_server_may_not_say(served: Served, status: int, headers: dict[str, str], words: str) -> None:
    served.status, served.headers = status, headers
    with pytest.raises(AppointmentsUnavailable, match=words) as caught:
        source(served).read()
    assert "SECRET" not in str(caught.value)
    assert len(served.asked) <= 4


def test_a_calendar_without_an_end_is_not_read_to_it(served: Served) -> None:
    served.text = "x" * (MOST_BYTES + 1)
    with pytest.raises(AppointmentsUnavailable, match="larger than"):
        source(served).read()


def test_a_server_that_is_gone_is_told_without_its_address(served: Served) -> None:
    asking = source(served)
    served.close()
    with pytest.raises(AppointmentsUnavailable, match="does not answer") as caught:
        asking.read()
    assert "SECRET" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://calendar.example.org/SECRET", "ftp://example.org/SECRET", "SECRET", "https://"]
)
def test_only_encrypted_addresses(url: str) -> None:
    with pytest.raises(ConfigError, match=r"appointments\.url") as caught:
        Feed(url)
    assert "SECRET" not in str(caught.value)
