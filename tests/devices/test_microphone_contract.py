"""What every microphone driver must do."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.devices.microphone import Microphone, Settings, Simulation, open_microphone
from kiosk.errors import DeviceLost, DeviceMissing
from kiosk.frames import BLOCK_BYTES
from tests.devices import fake_alsa, sound_cards
from tests.devices.collector import Collector, eventually, running


@dataclass
class Rig:
    """One driver, with hands."""

    microphone: Microphone
    lose: Callable[[], None] | None
    """Take the running microphone away; None: cannot be done to this card."""
    take_away: Callable[[], object]
    """Make it missing before it is started."""


def simulated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    simulation = Simulation()
    return Rig(open_microphone(Settings(), simulation), simulation.unplug, simulation.unplug)


def alsa_tape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    config = tmp_path / "asound.conf"
    config.write_text(sound_cards.tape_deck(tmp_path, bytes(BLOCK_BYTES)))
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    return Rig(open_microphone(Settings("alsa", "tape")), None, lambda: config.write_text("pcm.other { type null }"))


def alsa_faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    card = fake_alsa.FakeCard()
    monkeypatch.setitem(sys.modules, "alsaaudio", fake_alsa.module(card))
    return Rig(
        open_microphone(Settings("alsa")),
        card.pull,
        lambda: monkeypatch.setitem(sys.modules, "alsaaudio", fake_alsa.module(None)),
    )


@pytest.fixture(params=[simulated, alsa_tape, alsa_faulty], ids=lambda make: make.__name__)
def rig(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    made: Rig = request.param(tmp_path, monkeypatch)
    yield made
    made.microphone.close()
    eventually(lambda: not running("microphone"), "the microphone's thread ends")


@pytest.fixture
def heard() -> Collector[bytes]:
    return Collector()


def test_blocks_are_20_ms_and_come_in_the_drivers_thread(rig: Rig, heard: Collector[bytes]) -> None:
    rig.microphone.probe()
    rig.microphone.start(heard.hear, heard.lose)
    blocks = heard.wait_items(4)[:4]
    assert {type(block) for block in blocks} == {bytes}
    assert {len(block) for block in blocks} == {BLOCK_BYTES}
    assert heard.threads == {"microphone"}
    assert heard.lost_samples[0] == 0
    assert heard.lost == []


def test_nothing_is_said_after_close_and_the_thread_is_gone(rig: Rig, heard: Collector[bytes]) -> None:
    rig.microphone.start(heard.hear, heard.lose)
    heard.wait_items(1)
    rig.microphone.close()
    count = len(heard.items)
    assert running("microphone") == []
    if rig.lose is not None:
        rig.lose()
    rig.microphone.close()
    assert (len(heard.items), heard.lost) == (count, [])


def test_close_before_start_is_safe(rig: Rig) -> None:
    rig.microphone.close()
    rig.microphone.close()


@pytest.mark.parametrize("rig", [simulated, alsa_faulty], indirect=True)
def test_a_lost_microphone_says_so_once(rig: Rig, heard: Collector[bytes]) -> None:
    assert rig.lose is not None
    rig.microphone.start(heard.hear, heard.lose)
    heard.wait_items(1)
    rig.lose()
    error = heard.wait_lost()
    assert isinstance(error, DeviceLost)
    assert error.device == "microphone"
    eventually(lambda: not running("microphone"), "the thread ends by itself")
    rig.microphone.close()
    assert len(heard.lost) == 1


def test_a_missing_microphone_says_so_in_one_line(rig: Rig, heard: Collector[bytes]) -> None:
    rig.take_away()
    with pytest.raises(DeviceMissing, match=r"^microphone: ") as caught:
        rig.microphone.start(heard.hear, heard.lose)
    assert "\n" not in str(caught.value)
    assert (heard.items, heard.lost) == ([], [])


def test_close_out_of_its_own_callback_is_safe(rig: Rig, heard: Collector[bytes]) -> None:
    def take_and_close(block: bytes, lost_samples: int) -> None:
        heard.hear(block, lost_samples)
        rig.microphone.close()

    rig.microphone.start(take_and_close, heard.lose)
    heard.wait_items(1)
    eventually(lambda: not running("microphone"), "the thread ends")
    assert (len(heard.items), heard.lost) == (1, [])
