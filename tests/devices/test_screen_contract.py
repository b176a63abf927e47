"""What every screen must do, on the real one (drawn off screen) and the simulated one."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from kiosk.consultation.model import Contact
from kiosk.consultation.signals import Press
from kiosk.consultation.view import View
from kiosk.devices.screen import Mirror, Screen, Settings, SimulatedScreen, Source, open_screen
from kiosk.errors import ConfigError, DeviceMissing
from kiosk.ui import sample

SETTINGS = Settings(width=640, height=400, offscreen=True, contacts=(Contact("Poliklinikken", "815 00 000"),))
VIEWS = sample.views()
HEAD = sample.head(64, 48, clinician=True)


def wait_until(seen: Callable[[], bool], timeout_s: float = 20.0) -> bool:
    """Look again and again; False when the time is up."""
    end_s = time.monotonic() + timeout_s
    while not seen():
        if time.monotonic() > end_s:
            return False
        threading.Event().wait(0.01)
    return True


@pytest.fixture(params=["kivy", "simulated"])
def screen(request: pytest.FixtureRequest) -> Iterator[Screen]:
    opened = open_screen(SETTINGS) if request.param == "kivy" else open_screen(Settings(driver="simulated"))
    yield opened
    opened.close()


def test_life_of_a_screen(screen: Screen) -> None:
    """In one go: a screen process takes its time to start."""
    assert not screen.alive()
    screen.show(VIEWS["starting"])
    begun_s = time.monotonic()
    screen.start()
    assert time.monotonic() - begun_s < 0.5
    assert wait_until(screen.alive)

    seen: list[Mirror] = []
    screen.mirror(seen.append)
    screen.show(VIEWS["call"])
    begun_s = time.monotonic()
    screen.picture(Source.SELF, HEAD, sample.VISIT)
    screen.picture(Source.REMOTE, HEAD, sample.VISIT + 1)
    screen.level(-20.0)
    assert time.monotonic() - begun_s < 0.5
    assert wait_until(lambda: bool(seen))
    assert len(seen[-1].pixels) == seen[-1].width * seen[-1].height * 4
    assert screen.alive()

    screen.mirror(None)
    begun_s = time.monotonic()
    screen.close()
    assert time.monotonic() - begun_s < 3
    assert not screen.alive()
    screen.close()
    screen.show(VIEWS["idle"])
    screen.picture(Source.SELF, HEAD, sample.VISIT)
    screen.level(-20.0)
    screen.mirror(None)
    assert not screen.alive()


def test_close_before_start(screen: Screen) -> None:
    screen.close()
    screen.close()
    assert not screen.alive()


def test_an_unknown_driver_is_named() -> None:
    with pytest.raises(ConfigError, match=r'screen\.driver: "qt" is unknown; "kivy" or "simulated"'):
        open_screen(Settings(driver="qt"))  # type: ignore[arg-type]


def test_simulated_screen_keeps_only_pictures_that_the_view_allows() -> None:
    screen = SimulatedScreen()
    screen.start()
    screen.picture(Source.REMOTE, HEAD, 1)
    screen.show(VIEWS["call"])
    screen.picture(Source.REMOTE, HEAD, sample.VISIT)
    screen.picture(Source.SELF, HEAD, sample.VISIT + 1)
    assert (set(screen.pictures), screen.refused) == ({Source.REMOTE}, 2)
    screen.show(VIEWS["paused"])
    assert screen.pictures == {}
    assert [view.press for view in screen.views] == [Press.PAUSE, Press.RESUME]


def test_simulated_screen_can_die_and_be_missing() -> None:
    screen = SimulatedScreen()
    screen.start()
    screen.died()
    assert (screen.alive(), screen.deaths) == (False, 1)
    screen.came_back()
    assert screen.alive()
    screen.close()
    screen.came_back()
    assert not screen.alive()
    with pytest.raises(DeviceMissing):
        SimulatedScreen(missing=True).start()


def test_simulated_screen_wakes_who_waits_for_a_view() -> None:
    screen = SimulatedScreen()
    screen.start()
    view: View = VIEWS["idle"]
    thread = threading.Thread(target=screen.show, args=(view,))
    thread.start()
    assert screen.wait_for(lambda seen: view in seen.views)
    thread.join()
    assert not screen.wait_for(lambda seen: seen.level_dbfs is not None, timeout_s=0.01)
