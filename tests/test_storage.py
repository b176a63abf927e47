"""Files over a power cut at each step."""

from pathlib import Path

import pytest

from kiosk.storage import Storage
from tests.power import FailingStorage, PowerCut

SECRET = b"blomkaal" * 100


def steps_of_writing(tmp_path: Path) -> int:
    storage = FailingStorage()
    storage.write(tmp_path / "probe", b"x")
    return len(storage.steps)


def test_a_file_is_the_old_one_or_the_new_one_at_each_power_cut(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for cut in range(steps_of_writing(tmp_path)):
        Storage().write(path, b"old")
        with pytest.raises(PowerCut):
            FailingStorage(cut).write(path, b"new" * 1000)
        assert path.read_bytes() == b"old"
    Storage().write(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_destroyed_was_overwritten_where_it_lay(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(SECRET)
    with path.open("rb") as still_open:
        Storage().destroy(path)
        assert still_open.read() == bytes(len(SECRET))
    assert list(tmp_path.iterdir()) == []


def test_destroying_goes_on_after_a_power_cut_at_each_step(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(SECRET)
    counted = FailingStorage()
    counted.destroy(path)
    assert len(counted.steps) > 4
    for cut in range(len(counted.steps)):
        path.write_bytes(SECRET)
        with path.open("rb") as still_open:
            with pytest.raises(PowerCut):
                FailingStorage(cut).destroy(path)
            # Meanwhile there may even be another one.
            Storage().destroy(path)
            assert still_open.read() == bytes(len(SECRET))
        assert list(tmp_path.iterdir()) == []


def test_a_draft_that_never_became_the_file_is_destroyed_with_it(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    with pytest.raises(PowerCut):
        FailingStorage(2).write(path, SECRET)
    (draft,) = tmp_path.iterdir()
    with draft.open("rb") as still_open:
        Storage().destroy(path)
        assert still_open.read() == bytes(len(SECRET))
    assert list(tmp_path.iterdir()) == []
