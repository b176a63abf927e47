"""Nothing is restarted from two hours before an appointment to its end: what is told, and what is answered."""

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.cli import main
from kiosk.consultation.busy import AHEAD, Busy, busy, in_the_way
from kiosk.consultation.events import Started
from kiosk.consultation.model import Appointment, Policy
from kiosk.consultation.state import Idle, Scheduled, initial
from kiosk.quiet import BusyFile, ask
from tests.consultation.examples import LATER, NOON, START, after, every_state, joining, resting

MINUTE = timedelta(minutes=1)
JOIN_AFTER_END = timedelta(seconds=Policy().join_after_end_s)


def test_the_hours_of_an_appointment_are_busy() -> None:
    known = busy(resting(LATER))
    assert known == Busy(engaged=False, spans=((LATER.starts_at - AHEAD, LATER.ends_at + JOIN_AFTER_END),))


@pytest.mark.parametrize(
    ("now", "minutes", "free"),
    [
        (LATER.starts_at - AHEAD - 11 * MINUTE, 10, True),
        (LATER.starts_at - AHEAD - 9 * MINUTE, 10, False),
        (LATER.starts_at - AHEAD, 1, False),
        (LATER.starts_at, 1, False),
        (LATER.ends_at + JOIN_AFTER_END - MINUTE, 1, False),
        (LATER.ends_at + JOIN_AFTER_END, 1, True),
    ],
)
def test_work_must_be_done_before_the_busy_hours_begin(now: datetime, minutes: float, free: bool) -> None:
    known = busy(resting(LATER))
    assert known is not None
    assert (in_the_way(known, now, 60 * minutes) is None) is free


def test_it_is_not_free_while_somebody_uses_the_terminal() -> None:
    known = busy(joining())
    assert known is not None
    assert known.engaged
    assert in_the_way(known, NOON + timedelta(days=100), 1) is not None


def test_every_state_of_use_is_busy_and_every_resting_one_is_not() -> None:
    resting_names = {"Unassigned", "Idle", "Scheduled", "Remind", "NoNetwork", "Fault"}
    for state in every_state():
        known = busy(state)
        name = type(state.phase).__name__
        assert (known.engaged if known else None) == (None if name == "Starting" else name not in resting_names), name


def test_what_is_not_known_is_not_told() -> None:
    started = after(initial(Policy()), Started(assigned=True))
    assert isinstance(started.phase, Idle)
    assert busy(started) is None
    assert isinstance(resting(LATER).phase, Scheduled)


def test_a_terminal_lent_to_nobody_is_free() -> None:
    assert busy(after(initial(Policy()), Started(assigned=False))) == Busy(engaged=False, spans=())


minutes = st.integers(0, 3000)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(minutes, st.integers(5, 120)), max_size=6), minutes, st.integers(1, 90))
def test_free_means_no_appointment_is_within_its_hours(
    begins: list[tuple[int, int]], at_min: int, takes_min: int
) -> None:
    booked = [
        Appointment(str(number), NOON + begin * MINUTE, NOON + (begin + length) * MINUTE)
        for number, (begin, length) in enumerate(begins)
    ]
    known = busy(resting(*booked))
    assert known is not None
    now = NOON + at_min * MINUTE
    clear = all(
        now + takes_min * MINUTE <= each.starts_at - AHEAD or each.ends_at + JOIN_AFTER_END <= now for each in booked
    )
    assert (in_the_way(known, now, 60 * takes_min) is None) is clear
    assert all(first[1] < second[0] for first, second in zip(known.spans, known.spans[1:], strict=False))


def test_what_is_told_is_what_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "busy.json"
    BusyFile(path).tell(busy(resting(LATER)))
    assert ask(path, START.wall, 600) == 0
    assert ask(path, LATER.starts_at, 600) == 75
    assert capsys.readouterr().out == "free\nnot now: busy until 2026-03-05 09:30 UTC\n"


def test_the_file_holds_times_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "busy.json"
    BusyFile(path).tell(busy(joining()))
    said = json.loads(path.read_text())
    assert set(said) == {"engaged", "spans"}
    for pair in said["spans"]:
        assert [datetime.fromisoformat(each).tzinfo for each in pair] == [UTC, UTC]
    assert [each.name for each in tmp_path.iterdir()] == ["busy.json"]


def test_what_was_told_stands_until_something_else_is_known(tmp_path: Path) -> None:
    path = tmp_path / "busy.json"
    BusyFile(path).tell(busy(resting(LATER)))
    BusyFile(path).tell(None)
    assert ask(path, LATER.starts_at, 1) == 75


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"engaged": false}', '{"engaged": false, "spans": [["2026-03-04T12:00", "x"]]}', "\xff"]
)
def test_a_file_that_makes_no_sense_frees_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "busy.json"
    path.write_text(text, encoding="latin-1")
    assert ask(path, START.wall, 1) == 75


def test_a_terminal_that_has_told_nothing_is_left_alone(tmp_path: Path) -> None:
    assert main(["quiet", "--file", str(tmp_path / "none.json")]) == 75


def test_a_disk_that_fails_costs_only_the_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    told = BusyFile(tmp_path / "no" / "such" / "folder.json")
    told.tell(busy(resting(LATER)))
    told.tell(busy(resting(LATER)))
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
