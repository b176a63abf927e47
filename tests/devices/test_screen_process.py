"""The real screen as a process: killed, frozen, orphaned, asked to go; and what it leaves behind: nothing."""

import gc
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest

from kiosk.consultation.screens import InCallScreen, WaitingScreen
from kiosk.consultation.view import View
from kiosk.devices.screen import Mirror, Settings, Source, process
from kiosk.devices.screen.process import ProcessScreen
from kiosk.frames import VideoFrame
from kiosk.ui import sample
from tests.devices.test_screen_contract import wait_until

SETTINGS = Settings(width=640, height=400, offscreen=True)
VIEWS = sample.views()
MAGENTA = (255, 0, 255)


def plain(width: int = 64, height: int = 48) -> VideoFrame:
    """Magenta, full range."""
    chroma = ((height + 1) // 2, (width + 1) // 2)
    return VideoFrame(
        np.full((height, width), 105, np.uint8),
        np.full(chroma, 213, np.uint8),
        np.full(chroma, 235, np.uint8),
        0.0,
        full_range=True,
    )


class Watched:
    """A screen, and what it was last seen to show."""

    def __init__(self, screen: ProcessScreen) -> None:
        self.screen = screen
        self.seen: list[Mirror] = []

    def begin(self, view: View) -> None:
        self.screen.show(view)
        self.screen.start()
        self.screen.mirror(self.seen.append)

    def share(self, colour: tuple[int, int, int]) -> float:
        """How much of the newest mirror has that colour."""
        if not self.seen:
            return 0.0
        newest = self.seen[-1]
        pixels = np.frombuffer(newest.pixels, np.uint8).reshape(newest.height, newest.width, 4)[..., :3].astype(int)
        return float((np.abs(pixels - colour).max(axis=-1) <= 4).mean())

    def shows_call(self) -> bool:
        self.screen.picture(Source.REMOTE, plain(), sample.VISIT)
        return self.share(MAGENTA) > 0.4


@pytest.fixture
def watched() -> Iterator[Watched]:
    screen = ProcessScreen(SETTINGS, hung_after_s=1.5)
    yield Watched(screen)
    screen.close()


def test_a_killed_screen_comes_back_with_the_newest_view_and_the_pictures(watched: Watched) -> None:
    watched.begin(VIEWS["paused"])
    assert wait_until(watched.screen.alive)
    watched.screen.show(VIEWS["call"])
    assert wait_until(watched.shows_call)
    first = watched.screen.pid
    assert first
    os.kill(first, signal.SIGKILL)
    began_s = time.monotonic()
    assert wait_until(lambda: watched.screen.pid not in (None, first))
    watched.seen.clear()
    assert wait_until(watched.shows_call, 10)
    # Two seconds on a machine with nothing else to do; test machines are seldom that.
    assert time.monotonic() - began_s < 2 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1) + 1)
    assert not psutil.pid_exists(first)


def nursery_of(screen: ProcessScreen) -> psutil.Process:
    """The process of which screens are copies."""
    assert screen.pid
    parent = psutil.Process(screen.pid).parent()
    assert parent
    assert parent.pid != os.getpid()
    return parent


def test_every_screen_is_a_copy_of_one_process_and_is_named(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    watched.begin(VIEWS["call"])
    assert wait_until(watched.screen.alive)
    nursery = nursery_of(watched.screen)
    again = re.compile(r"screen: shown again after \d+\.\d\d s")

    def came_back(times: int) -> bool:
        return len(again.findall(caplog.text)) == times

    for times in (1, 2, 3):
        pid = watched.screen.pid
        assert pid
        assert psutil.Process(pid).name() == "kiosk-screen"
        assert nursery.children() == [psutil.Process(pid)]
        os.kill(pid, signal.SIGKILL)
        assert wait_until(partial(came_back, times))
        assert nursery_of(watched.screen) == nursery
    watched.screen.close()
    assert not nursery.is_running()


def test_without_its_nursery_a_screen_lives_on_and_is_still_replaced(watched: Watched) -> None:
    watched.begin(VIEWS["call"])
    assert wait_until(watched.shows_call)
    first = watched.screen.pid
    assert first
    nursery = nursery_of(watched.screen)
    nursery.kill()
    assert wait_until(lambda: nursery.status() == psutil.STATUS_ZOMBIE)
    assert watched.shows_call()
    os.kill(first, signal.SIGKILL)
    assert wait_until(lambda: watched.screen.pid not in (None, first))
    watched.seen.clear()
    assert wait_until(watched.shows_call)
    assert not nursery.is_running()


def test_a_nursery_that_makes_no_screen_is_replaced(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.begin(VIEWS["call"])
    assert wait_until(watched.shows_call)
    first = watched.screen.pid
    assert first
    nursery = nursery_of(watched.screen)
    nursery.suspend()
    monkeypatch.setattr(process, "START_LIMIT_S", 1.0)
    os.kill(first, signal.SIGKILL)
    assert wait_until(lambda: not nursery.is_running())
    monkeypatch.undo()
    assert wait_until(lambda: watched.screen.pid not in (None, first))
    watched.seen.clear()
    assert wait_until(watched.shows_call)


def test_the_nursery_has_no_window_and_one_thread(watched: Watched) -> None:
    watched.begin(VIEWS["idle"])
    assert wait_until(watched.screen.alive)
    nursery = nursery_of(watched.screen)
    loaded = " ".join(Path(mapped.path).name for mapped in nursery.memory_maps())
    assert "libSDL2_ttf" in loaded
    assert "libEGL" not in loaded
    assert nursery.num_threads() == 1


def test_a_frozen_screen_is_replaced(watched: Watched) -> None:
    watched.begin(VIEWS["idle"])
    assert wait_until(watched.screen.alive)
    first = watched.screen.pid
    assert first
    os.kill(first, signal.SIGSTOP)
    for _ in range(500):
        watched.screen.level(-20.0)
        watched.screen.picture(Source.SELF, plain(), 1)
    assert wait_until(lambda: watched.screen.pid not in (None, first))
    assert wait_until(watched.screen.alive)
    # A process that was killed still takes its time to go, on a busy machine.
    assert wait_until(lambda: not psutil.pid_exists(first))


def test_pictures_of_another_visit_do_not_reach_the_panel(watched: Watched) -> None:
    watched.begin(VIEWS["call"])
    assert wait_until(watched.shows_call)
    watched.screen.show(replace(VIEWS["call"], pictures_of=sample.VISIT + 1))
    assert wait_until(lambda: watched.share(MAGENTA) == 0)
    count = len(watched.seen)
    watched.screen.picture(Source.REMOTE, plain(), sample.VISIT)
    watched.screen.show(replace(VIEWS["call"], screen=InCallScreen(4, False, "", None), pictures_of=sample.VISIT + 1))
    assert wait_until(lambda: len(watched.seen) > count)
    assert watched.share(MAGENTA) == 0


def test_shared_memory_forgets_the_call(watched: Watched) -> None:
    watched.begin(VIEWS["call"])
    assert wait_until(watched.shows_call)
    watched.screen.show(VIEWS["ended"])
    ring = watched.screen._rings[Source.REMOTE]
    assert wait_until(lambda: ring.newest() is None)
    assert not ring._bytes[64:].any()


ENDLESS = "Vent litt til. " * 100_000


@pytest.mark.parametrize(
    "view",
    [
        replace(VIEWS["waiting"], screen=WaitingScreen(ENDLESS)),
        replace(VIEWS["call"], screen=InCallScreen(2, False, ENDLESS, None)),
        replace(VIEWS["call"], screen=InCallScreen(2, False, "", None, arrived=ENDLESS)),
        replace(VIEWS["call"], screen=InCallScreen(2, False, "", None, caption=ENDLESS)),
    ],
    ids=["waiting", "message", "arrived", "caption"],
)
def test_endless_words_are_cut_and_shown(watched: Watched, view: View) -> None:
    watched.begin(replace(VIEWS["starting"]))
    assert wait_until(lambda: bool(watched.seen))
    before = watched.seen[-1].pixels
    watched.screen.show(view)
    assert wait_until(lambda: watched.seen[-1].pixels != before)
    assert watched.screen.alive()


def test_too_large_pictures_are_dropped_with_one_warning(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        watched.screen.picture(Source.SELF, plain(4096, 2160), 1)
    assert [record.message for record in caplog.records] == [
        "screen: pictures of self are too large and not shown: 4096x2160"
    ]


def test_a_picture_costs_little(watched: Watched) -> None:
    frame = plain(640, 480)
    watched.screen.picture(Source.REMOTE, frame, 1)
    fastest = min(_seconds(watched.screen, frame) for _ in range(50))
    assert fastest < 0.0005


def _seconds(screen: ProcessScreen, frame: VideoFrame) -> float:
    began_s = time.perf_counter()
    screen.picture(Source.REMOTE, frame, 1)
    return time.perf_counter() - began_s


def test_close_leaves_no_process_no_thread_no_descriptor() -> None:
    gc.collect()
    descriptors, threads = psutil.Process().num_fds(), threading.active_count()
    screen = ProcessScreen(SETTINGS)
    screen.show(VIEWS["idle"])
    screen.start()
    assert wait_until(screen.alive)
    pid = screen.pid
    screen.close()
    assert psutil.Process().num_fds() <= descriptors
    assert threading.active_count() <= threads
    assert pid
    assert not psutil.pid_exists(pid)


def test_close_while_starting_is_quick(watched: Watched) -> None:
    watched.begin(VIEWS["idle"])
    assert wait_until(lambda: watched.screen.pid is not None)
    pid = watched.screen.pid
    began_s = time.monotonic()
    watched.screen.close()
    assert time.monotonic() - began_s < 3
    assert pid
    assert not psutil.pid_exists(pid)


def test_a_killed_terminal_takes_its_screen_along(tmp_path: Path) -> None:
    terminal = subprocess.Popen(
        [sys.executable, "-c", _TERMINAL], stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=_clean_environment()
    )
    assert terminal.stdout
    pid = int(terminal.stdout.readline())
    screen = psutil.Process(pid)
    terminal.kill()
    terminal.wait()
    terminal.stdout.close()
    assert wait_until(lambda: not screen.is_running() or screen.status() == psutil.STATUS_ZOMBIE)


def test_it_writes_no_file_and_tells_nothing_of_the_patient(tmp_path: Path) -> None:
    home = tmp_path / "home"
    work = tmp_path / "work"
    home.mkdir()
    work.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", _TERMINAL + "screen.close()"],
        cwd=work,
        env={**_clean_environment(), "HOME": str(home), "TMPDIR": str(work)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    left = [path for path in tmp_path.rglob("*") if path.is_file() and "mesa_shader_cache" not in path.parts]
    assert left == []
    assert "VERY PRIVATE" not in done.stdout + done.stderr
    assert done.stderr == ""


_TERMINAL = """
import sys, time
from dataclasses import replace
from kiosk.consultation.screens import WaitingScreen
from kiosk.devices.screen import Settings, open_screen
from kiosk.ui import sample
screen = open_screen(Settings(width=640, height=400, diagonal_inch=10.0, distance_cm=20, offscreen=True))
screen.show(replace(sample.views()["waiting"], screen=WaitingScreen("VERY PRIVATE")))
screen.start()
while not screen.alive():
    time.sleep(0.01)
print(screen.pid, flush=True)
"""


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("KIVY", "SDL", "COV"))}


def test_a_process_that_cannot_start_is_tried_again_ever_more_slowly(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    screen = ProcessScreen(replace(SETTINGS, restart_delay_s=0.001))
    screen.start()
    assert wait_until(lambda: len(caplog.records) >= 3)
    assert "/nonexistent/python" in caplog.text
    assert not screen.alive()
    screen.close()
