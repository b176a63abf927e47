"""Nobody waits longer than he may, whatever his worker does."""

import threading
from functools import partial

import pytest

from kiosk.errors import RoomProtocolError, RoomUnreachable
from kiosk.rooms.pexip.asking import ask, ask_quietly
from kiosk.rooms.pexip.line import Line


class Stuck:
    """A call that ends when it is let go, or after ten seconds."""

    def __init__(self) -> None:
        self._let_go = threading.Event()

    def __call__(self) -> None:
        assert self._let_go.wait(10)

    def let_go(self) -> None:
        self._let_go.set()


def refuse() -> None:
    raise RoomProtocolError("calls: nonsense")


@pytest.fixture
def line() -> Line:
    return Line("http://127.0.0.1:1", None)


async def test_a_call_that_takes_too_long_is_unreachable(line: Line) -> None:
    call = Stuck()
    with pytest.raises(RoomUnreachable, match=r"calls: no answer within 0\.1 s"):
        await ask("calls", line, call, 0.1)
    call.let_go()


async def test_values_and_errors_come_through(line: Line) -> None:
    assert await ask("calls", line, partial(int, "7"), 5) == 7
    with pytest.raises(RoomProtocolError):
        await ask("calls", line, refuse, 5)


async def test_what_may_fail_is_logged_and_not_raised(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    await ask_quietly("calls", line, refuse, 5)
    assert "calls: nonsense" in caplog.text
