"""What outlasts a restart of the terminal: the newest appointments with their age, in memory alone."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.appointments.kept import AGAIN_AFTER_S, KeptAppointments, lies_in_memory
from kiosk.appointments.known import KnownAppointments
from kiosk.appointments.simulated import SimulatedAppointments, Simulation
from kiosk.clock import Moment
from kiosk.consultation.model import Appointment, Room
from kiosk.errors import AppointmentsUnavailable
from tests.appointments.calendars import NODE, NOW

ROOM = Room("pexip", NODE, "998112", "1234", "Kari Nordmann", extension="7", token="once")
GIVEN = Appointment("a1", NOW, NOW + timedelta(minutes=30), ROOM, meet_at="")
AT_HOSPITAL = Appointment("a2", NOW + timedelta(days=1), NOW + timedelta(days=1, hours=1), None, "Inngang B")
MOUNTS = """22 1 179:2 / / ro,relatime shared:1 - erofs /dev/root ro
25 22 0:23 / /run rw,nosuid shared:5 - tmpfs tmpfs rw,size=200000k
31 22 8:6 / /run/disk rw shared:9 - ext4 /dev/sda6 rw
rubbish
"""


class Lives:
    """A terminal that is started again and again, its diary at hand or not."""

    def __init__(self, folder: Path, *, in_memory: bool = True) -> None:
        self.path = folder / "appointments.json"
        self.in_memory = in_memory
        self.diary = Simulation()
        self.now_s = 1000.0

    def start(self, source: str = "calendar") -> KnownAppointments:
        kept = KeptAppointments(self.path, source, lambda _: self.in_memory)
        diary = SimulatedAppointments(10, self.diary)
        return KnownAppointments(diary, 24 * 3600, None, lambda: Moment(NOW, self.now_s), kept)


@pytest.fixture
def lives(tmp_path: Path) -> Lives:
    return Lives(tmp_path)


def known_once(lives: Lives) -> None:
    for appointment in (GIVEN, AT_HOSPITAL):
        lives.diary.give(appointment)
    lives.start().read()
    lives.diary.fail(True)


def test_after_a_restart_a_silent_source_costs_nothing_and_its_age_goes_on(lives: Lives) -> None:
    known_once(lives)
    lives.now_s += 60
    again = lives.start()
    assert list(again.read()) == [GIVEN, AT_HOSPITAL]
    lives.now_s += 24 * 3600 - 60
    assert [each.room for each in again.read()] == [None, None]
    lives.diary.fail(False)
    lives.diary.clear()
    assert list(again.read()) == []
    lives.diary.fail(True)
    assert list(lives.start().read()) == []


def test_only_the_terminal_may_read_it(lives: Lives) -> None:
    known_once(lives)
    assert stat.S_IMODE(lives.path.stat().st_mode) == 0o600
    assert [path.name for path in lives.path.parent.iterdir()] == [lives.path.name]


def test_on_a_disk_nothing_is_written_and_nothing_is_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    on_disk = Lives(tmp_path, in_memory=False)
    known_once(on_disk)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(AppointmentsUnavailable):
        on_disk.start().read()
    assert "on a disk" in caplog.text


def test_what_another_source_said_is_not_read(lives: Lives) -> None:
    known_once(lives)
    with pytest.raises(AppointmentsUnavailable):
        lives.start("another loan's").read()


def test_what_is_from_before_a_reboot_is_not_read(lives: Lives) -> None:
    known_once(lives)
    lives.now_s = 5.0
    with pytest.raises(AppointmentsUnavailable):
        lives.start().read()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"source": 1}', "\0\0", '{"source": "x", "at_s": "soon"}'])
def test_a_file_that_makes_no_sense_is_none(lives: Lives, text: str, caplog: pytest.LogCaptureFixture) -> None:
    lives.path.write_text(text)
    lives.diary.fail(True)
    with pytest.raises(AppointmentsUnavailable):
        lives.start().read()
    assert "Kari" not in caplog.text


def test_the_same_news_is_written_seldom(lives: Lives) -> None:
    lives.diary.give(GIVEN)
    known = lives.start()
    known.read()
    lives.path.unlink()
    lives.now_s += AGAIN_AFTER_S - 1
    known.read()
    assert not lives.path.exists()
    lives.now_s += 1
    known.read()
    assert lives.path.exists()


@pytest.mark.parametrize(
    ("path", "is_there"),
    [("/run/kiosk/a.json", True), ("/run/a.json", True), ("/run/disk/a.json", False), ("/var/a.json", False)],
)
def test_what_lies_in_memory(path: str, is_there: bool, tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert lies_in_memory(Path(path), mounts) is is_there
    assert not lies_in_memory(Path(path), tmp_path / "none")
