"""What becomes of the network in mid-call mends itself: pictures both ways again, and the patient did nothing."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import pytest

from tests import namespaces
from tests.whole.call import Call
from tests.whole.house import House, call_from_house
from tests.whole.product import until
from tests.whole.wall_clock import WallClock

UNSEEN_S: Final = 0.5
"""What a busy machine does to pictures is no fault."""
MENDED_WITHIN_S: Final = 5.0
LEASE_S: Final = 2.0
"""From a link that is gone to an address on the other."""


EYES_AND_EARS: Final = {"thread camera", "thread microphone"}
LONG: Final = "KIOSK_LONG_TESTS"
long = pytest.mark.skipif(LONG not in os.environ, reason=f"takes long; runs when {LONG} is set")


@dataclass
class GoingOn:
    """One consultation, which every test leaves as it found it."""

    call: Call
    house: House
    clock: WallClock
    told: list[str] = field(default_factory=list)

    def survives(self, what: str, since_s: float, outage_s: float = 0.0) -> None:
        """Pictures flow again soon after the outage, and the call goes on."""
        mended_s = max(0.0, self.call.mended_after(since_s) - outage_s)
        self.told.append(f"{what}: {f'picture again after {mended_s:.1f} s' if mended_s else 'no gap'}")
        assert mended_s < MENDED_WITHIN_S
        assert self.call.terminal.state() == "in_call"

    def breaks(self) -> int:
        """How often media broke until now."""
        return self.call.terminal.log().count("-> Reconnecting on")


@pytest.fixture(scope="module")
def consultation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoingOn]:
    reason = namespaces.missing() or WallClock.missing()
    if reason is not None:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("house")
    clock = WallClock(folder)
    with call_from_house(folder, within=clock.within, unseen_s=UNSEEN_S) as (call, house):
        yield GoingOn(call, house, clock)
        log = call.terminal.log()
    assert "Traceback" not in log
    assert "10.78." not in log


@pytest.fixture
def going_on(consultation: GoingOn, capsys: pytest.CaptureFixture[str]) -> Iterator[GoingOn]:
    consultation.told.clear()
    yield consultation
    with capsys.disabled():
        print("", *consultation.told, sep="\n", end=" ")


def test_another_address(going_on: GoingOn) -> None:
    before = going_on.breaks()
    since_s = time.time()
    going_on.house.change_address("wifi")
    going_on.survives("another address", since_s)
    assert going_on.breaks() == before + 1


def test_a_cable_beside_the_wifi_harms_nothing(going_on: GoingOn) -> None:
    before = going_on.breaks()
    for change, what in ((going_on.house.plug_in, "plugged in"), (going_on.house.pull_out, "pulled out")):
        since_s = time.time()
        change("cable")
        going_on.survives(f"a cable {what} beside the Wi-Fi", since_s)
    assert going_on.breaks() == before


def test_from_wifi_to_cable_and_back(going_on: GoingOn) -> None:
    for old, new in (("wifi", "cable"), ("cable", "wifi")):
        since_s = time.time()
        going_on.house.pull_out(old)
        time.sleep(LEASE_S)
        going_on.house.plug_in(new)
        going_on.survives(f"{old} gone, {LEASE_S:g} s later {new} there", since_s, LEASE_S)


@pytest.mark.parametrize("for_s", [5, pytest.param(30, marks=long)])
def test_a_suspended_network(going_on: GoingOn, for_s: float) -> None:
    since_s = time.time()
    with going_on.house.suspended():
        time.sleep(for_s)
    going_on.survives(f"suspended for {for_s:g} s", since_s, for_s)


def test_a_wall_clock_that_jumps_harms_nothing(going_on: GoingOn) -> None:
    before = going_on.breaks()
    try:
        for hours in (5, -7):
            since_s = time.time()
            going_on.clock.put(hours)
            going_on.survives(f"wall clock {hours:+} h", since_s)
    finally:
        going_on.clock.put(0)
    assert going_on.breaks() == before


@long
@pytest.mark.timeout(600)
def test_five_minutes_without_a_network_lead_over_the_telephone_back_into_the_call(going_on: GoingOn) -> None:
    terminal = going_on.call.terminal
    in_call = set(terminal.holds())
    begun_s = time.time()
    with going_on.house.suspended():
        terminal.reaches("reconnecting")
        terminal.reaches("phone", within_s=180)
        phone_s = time.time() - begun_s
        until("camera and microphone are off", lambda: in_call - set(terminal.holds()) >= EYES_AND_EARS)
        time.sleep(begun_s + 300 - time.time())
        assert terminal.state() == "phone"
    back_s = time.time()
    # Behind the card it is tried more rarely: once a minute, give or take.
    terminal.reaches("paused", within_s=100)
    going_on.told.append(
        f"suspended for 300 s: telephone card after {phone_s:.0f} s, back and paused {time.time() - back_s:.1f} s after"
    )
    assert not EYES_AND_EARS & set(terminal.holds()), "seen or heard without a press"
    pressed_s = time.time()
    terminal.press()
    going_on.survives("and after her press", pressed_s)
