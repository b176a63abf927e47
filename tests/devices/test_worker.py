"""The thread, the beat and the pins that drivers share."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from kiosk.devices import pins, worker
from kiosk.devices.schedule import Schedule
from kiosk.devices.worker import Worker
from kiosk.errors import DeviceLost, DeviceMissing
from tests.devices.collector import Collector, eventually, running


@contextmanager
def nothing() -> Iterator[None]:
    yield


def test_moments_are_counted_from_the_start_and_do_not_drift() -> None:
    schedule = Schedule(100.0, 0.02)
    now = 100.0
    for number in range(1, 1001):
        moment = schedule.after(now)
        assert moment == pytest.approx(100.0 + number * 0.02, abs=1e-9)
        now = moment + 0.015


def test_who_is_late_loses_whole_periods() -> None:
    schedule = Schedule(0.0, 0.1)
    assert schedule.after(0.0) == pytest.approx(0.1)
    assert schedule.after(0.55) == pytest.approx(0.6)
    assert schedule.after(0.6) == pytest.approx(0.7)


def test_who_is_a_little_late_may_catch_up() -> None:
    schedule = Schedule(0.0, 0.1, behind_s=0.35)
    assert [schedule.after(0.42) for _ in range(5)] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert schedule.after(2.05) == pytest.approx(2.1)


def test_what_opening_raises_comes_out_of_start() -> None:
    @contextmanager
    def refused() -> Iterator[None]:
        raise DeviceMissing("camera", "not there")
        yield

    with pytest.raises(DeviceMissing, match="not there"):
        Worker("camera").start(refused, lambda _: None, lambda _: None)


def test_a_bug_while_opening_comes_out_of_start_too() -> None:
    @contextmanager
    def broken() -> Iterator[None]:
        raise KeyError("bug")
        yield

    with pytest.raises(KeyError):
        Worker("camera").start(broken, lambda _: None, lambda _: None)


def test_a_bug_at_work_ends_the_thread_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    loud: Collector[type[BaseException]] = Collector()
    monkeypatch.setattr(threading, "excepthook", lambda args: loud.take(args.exc_type))

    def work(_: None) -> None:
        raise ZeroDivisionError

    lost: Collector[None] = Collector()
    Worker("camera").start(nothing, work, lost.lose)
    assert loud.wait_items(1) == [ZeroDivisionError]
    assert lost.lost == []


def test_work_that_ends_by_itself_is_a_loss() -> None:
    lost: Collector[None] = Collector()
    Worker("camera").start(nothing, lambda _: None, lost.lose)
    assert isinstance(lost.wait_lost(), DeviceLost)


def test_the_hardware_is_let_go_before_the_loss_is_told() -> None:
    order: Collector[str] = Collector()

    @contextmanager
    def opening() -> Iterator[None]:
        try:
            yield
        finally:
            order.take("let go")

    Worker("camera").start(opening, lambda _: None, lambda _: order.take("told"))
    assert order.wait_items(2) == ["let go", "told"]


def test_hardware_that_does_not_answer_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "OPEN_LIMIT_S", 0.05)
    free = threading.Event()
    let_go = threading.Event()

    @contextmanager
    def stuck() -> Iterator[None]:
        free.wait(10)
        yield
        let_go.set()

    lost: Collector[None] = Collector()
    with pytest.raises(DeviceMissing, match="could not be opened within"):
        Worker("stuck").start(stuck, lambda _: None, lost.lose)
    free.set()
    assert let_go.wait(10), "hardware that opens too late is let go"
    eventually(lambda: not running("stuck"), "the thread ends")
    assert lost.lost == []


def test_close_waits_no_longer_than_its_limit(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "JOIN_LIMIT_S", 0.05)
    free = threading.Event()
    stuck = Worker("stuck")
    lost: Collector[None] = Collector()

    def work(_: None) -> None:
        free.wait(10)
        raise DeviceLost("stuck", "too late to tell")

    stuck.start(nothing, work, lost.lose)
    began_s = time.monotonic()
    stuck.close()
    assert time.monotonic() - began_s < 5
    assert "left behind" in caplog.text
    free.set()
    eventually(lambda: not running("stuck"), "the thread ends")
    assert lost.lost == []


def test_sleeping_ends_at_once_when_closed() -> None:
    sleeper = Worker("sleeper")
    woke: Collector[bool] = Collector()
    sleeper.start(nothing, lambda _: woke.take(sleeper.sleep_until(time.monotonic() + 60)), woke.lose)
    sleeper.close()
    assert woke.wait_items(1) == [False]


def test_lgpio_is_loaded_from_a_folder_where_it_may_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "packages"
    package.mkdir()
    (package / "lgpio.py").write_text(
        "import pathlib\n"
        "pathlib.Path('.lgd-nfy0').write_text('')\n"
        "where = pathlib.Path.cwd()\n"
        "class error(Exception): ...\n"
    )
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.syspath_prepend(package)
    monkeypatch.delitem(sys.modules, "lgpio", raising=False)
    monkeypatch.chdir(here)
    try:
        assert pins.claim("button", 17, KeyError, lambda: 5) == 5
        library = sys.modules["lgpio"]
        assert Path.cwd() == here
        assert list(here.iterdir()) == []
        assert not library.where.exists()
    finally:
        sys.modules.pop("lgpio", None)


def test_every_refusal_of_a_pin_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    library = ModuleType("lgpio")
    library.error = type("error", (Exception,), {})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "lgpio", library)
    refusals = (KeyError("no\nsuch pin"), PermissionError(13, "Permission denied"), library.error("GPIO busy"))
    for refusal in refusals:

        def make(error: Exception = refusal) -> None:
            raise error

        with pytest.raises(DeviceMissing, match=r"^button: pin GPIO17 cannot be used") as caught:
            pins.claim("button", 17, KeyError, make)
        assert "\n" not in str(caught.value)
