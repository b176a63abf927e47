"""What every loudspeaker driver must do."""

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.devices.speaker import Settings, Simulation, Speaker, open_speaker
from kiosk.errors import DeviceLost, DeviceMissing
from kiosk.frames import BLOCK_BYTES, SILENCE
from tests.devices import fake_alsa, sound_cards
from tests.devices.collector import Collector, eventually, running


@dataclass
class Rig:
    """One driver, with hands."""

    speaker: Speaker
    lose: Callable[[], None] | None
    """Take the running loudspeaker away; None: cannot be done to this card."""
    take_away: Callable[[], object]
    """Make it missing before it is started."""
    played: Callable[[], bytes]
    """What came out."""


def simulated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    simulation = Simulation()
    simulation.listen(True)
    return Rig(open_speaker(Settings(), simulation), simulation.unplug, simulation.unplug, simulation.heard)


def alsa_tape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    config = tmp_path / "asound.conf"
    config.write_text(sound_cards.tape_deck(tmp_path))
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    return Rig(
        open_speaker(Settings("alsa", "tape")),
        None,
        lambda: config.write_text("pcm.other { type null }"),
        (tmp_path / "played.raw").read_bytes,
    )


def alsa_faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    card = fake_alsa.FakeCard()
    monkeypatch.setitem(sys.modules, "alsaaudio", fake_alsa.module(card))
    return Rig(
        open_speaker(Settings("alsa")),
        card.pull,
        lambda: monkeypatch.setitem(sys.modules, "alsaaudio", fake_alsa.module(None)),
        lambda: b"".join(card.written),
    )


@pytest.fixture(params=[simulated, alsa_tape, alsa_faulty], ids=lambda make: make.__name__)
def rig(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    made: Rig = request.param(tmp_path, monkeypatch)
    yield made
    made.speaker.close()
    eventually(lambda: not running("speaker"), "the loudspeaker's thread ends")


class Music:
    """Numbered blocks, at most as fast as a card would ask: the tape deck has no clock."""

    def __init__(self) -> None:
        self.asked: Collector[int] = Collector()
        self._pace = threading.Event()

    def next_block(self) -> bytes:
        number = len(self.asked.items) + 1
        self._pace.wait(0.001)
        self.asked.take(number)
        return bytes([number % 256]) * BLOCK_BYTES


def test_what_is_given_is_played_in_order_and_whole(rig: Rig) -> None:
    music = Music()
    rig.speaker.probe()
    rig.speaker.start(music.next_block, music.asked.lose)
    music.asked.wait_items(6)
    rig.speaker.close()
    played = rig.played().lstrip(b"\0")
    expected = b"".join(bytes([number]) * BLOCK_BYTES for number in range(1, 6))
    assert played[: len(expected)] == expected
    assert music.asked.threads == {"speaker"}
    assert music.asked.lost == []


def test_nothing_is_asked_after_close_and_the_thread_is_gone(rig: Rig) -> None:
    music = Music()
    rig.speaker.start(music.next_block, music.asked.lose)
    music.asked.wait_items(1)
    rig.speaker.close()
    count = len(music.asked.items)
    assert running("speaker") == []
    if rig.lose is not None:
        rig.lose()
    rig.speaker.close()
    assert (len(music.asked.items), music.asked.lost) == (count, [])


def test_close_before_start_is_safe(rig: Rig) -> None:
    rig.speaker.close()
    rig.speaker.close()


@pytest.mark.parametrize("rig", [simulated, alsa_faulty], indirect=True)
def test_a_lost_loudspeaker_says_so_once(rig: Rig) -> None:
    assert rig.lose is not None
    music = Music()
    rig.speaker.start(music.next_block, music.asked.lose)
    music.asked.wait_items(1)
    rig.lose()
    error = music.asked.wait_lost()
    assert isinstance(error, DeviceLost)
    assert error.device == "speaker"
    eventually(lambda: not running("speaker"), "the thread ends by itself")
    rig.speaker.close()
    assert len(music.asked.lost) == 1


def test_a_missing_loudspeaker_says_so_in_one_line(rig: Rig) -> None:
    rig.take_away()
    asked: Collector[None] = Collector()
    with pytest.raises(DeviceMissing, match=r"^speaker: ") as caught:
        rig.speaker.start(lambda: SILENCE, asked.lose)
    assert "\n" not in str(caught.value)
    assert asked.lost == []


def test_how_late_sound_is_heard_is_told(rig: Rig) -> None:
    rig.speaker.start(lambda: SILENCE, lambda _: None)
    assert 0 <= rig.speaker.delay_s < 0.1


def test_whether_it_is_muted_is_told_or_unknown(rig: Rig) -> None:
    assert rig.speaker.muted() in (False, None)
