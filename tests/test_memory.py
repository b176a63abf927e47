"""What outlives a restart: one line, nothing personal, and never in the way."""

import logging
from pathlib import Path

import pytest

from kiosk.consultation.events import Interrupted
from kiosk.memory import Memory

VISIT = Interrupted("a1", paused=True, loudness=3)


def test_a_visit_is_remembered_until_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "visit.json"
    memory = Memory(path)
    assert memory.read() is None
    memory.keep(VISIT)
    assert Memory(path).read() == VISIT
    memory.keep(None)
    assert Memory(path).read() is None
    assert list(tmp_path.iterdir()) == []


def test_a_visit_that_was_read_is_forgotten_when_it_does_not_go_on(tmp_path: Path) -> None:
    path = tmp_path / "visit.json"
    Memory(path).keep(VISIT)
    fresh = Memory(path)
    fresh.read()
    fresh.keep(None)
    assert not path.exists()


@pytest.mark.parametrize("text", ["", "{}", "[1]", "null", '{"appointment_id": 1}', "\xff", "x" * 10_000])
def test_a_file_that_makes_no_sense_counts_as_none(tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "visit.json"
    path.write_text(text, encoding="latin-1")
    assert Memory(path).read() is None
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


@pytest.mark.parametrize("said", ["", ', "loudness": 0', ', "loudness": 8', ', "loudness": "3"', ', "loudness": true'])
def test_a_loudness_that_makes_no_sense_costs_only_itself(tmp_path: Path, said: str) -> None:
    path = tmp_path / "visit.json"
    path.write_text(f'{{"appointment_id": "a1", "paused": true{said}}}')
    assert Memory(path).read() == Interrupted("a1", paused=True)


def test_a_disk_that_fails_costs_only_the_memory(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    memory = Memory(tmp_path / "no" / "such" / "folder.json")
    memory.keep(VISIT)
    memory.keep(VISIT)
    assert len(caplog.records) == 1


def test_without_a_path_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    memory = Memory(None)
    memory.keep(VISIT)
    assert memory.read() is None
    assert list(tmp_path.iterdir()) == []
