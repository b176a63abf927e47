"""What every control of loudness must do; the card's own mixer, and the way round it."""

import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from kiosk.consultation.loudness import LEVELS, Loudness
from kiosk.devices import microphone, speaker
from kiosk.devices.volume import Settings, Simulation, Volume, open_volume
from kiosk.engine.gain import Gain
from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, SILENCE, level_dbfs
from tests.devices import fake_mixer, sound_cards
from tests.devices.collector import Collector, eventually
from tests.devices.fake_mixer import FakeControl

ALSA = Settings("alsa", "plughw:CARD=Room")
GAINS_DB = [Loudness(level).gain_db for level in range(1, LEVELS + 1)]


@pytest.fixture(params=["simulated", "alsa", "alsa without a mixer", "no alsa"])
def volume(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Volume:
    if request.param == "simulated":
        return open_volume(Settings())
    controls = {"alsa": {"Master": FakeControl()}, "alsa without a mixer": None, "no alsa": None}[request.param]
    library = None if request.param == "no alsa" else fake_mixer.module(controls)
    monkeypatch.setitem(sys.modules, "alsaaudio", library)
    return open_volume(ALSA)


def test_the_answer_is_the_same_for_every_level_and_nothing_is_raised(volume: Volume) -> None:
    assert len({volume.set(gain_db) for gain_db in (*GAINS_DB, *reversed(GAINS_DB))}) == 1


def test_the_simulated_control_remembers_and_may_be_missing() -> None:
    simulation = Simulation()
    volume = open_volume(Settings(), simulation=simulation)
    assert volume.set(-8.0)
    assert simulation.gain_db == -8.0
    simulation.there = False
    assert not volume.set(-4.0)
    assert simulation.gain_db == -8.0


@pytest.mark.parametrize(
    ("name", "control", "full_db"),
    [
        ("Master", FakeControl(), 0),
        ("PCM", FakeControl(low=-10239, high=400), 0),
        ("Speaker", FakeControl(low=-6000, high=-300, switch=[]), -3),
        ("Headphone", FakeControl(low=-6000, high=1200, step=150), 0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mixer_with_decibels_is_turned_and_switched_on(
    monkeypatch: pytest.MonkeyPatch, name: str, control: FakeControl, full_db: float
) -> None:
    monkeypatch.setitem(sys.modules, "alsaaudio", fake_mixer.module({"Capture": FakeControl(), name: control}))
    volume = open_volume(ALSA)
    for gain_db in GAINS_DB:
        assert volume.set(gain_db)
        assert control.volume / 100 == pytest.approx(full_db + gain_db, abs=1)
    assert control.off is bool(not control.switch)
    assert control.opened == 0


@pytest.mark.parametrize(
    "control",
    [FakeControl(low=0, high=0), FakeControl(low=-2000), FakeControl(step=5000), FakeControl(caps=[])],
    ids=["no decibels", "little room", "two steps", "only a switch"],
)
def test_a_mixer_that_cannot_is_left_to_the_sound_itself(monkeypatch: pytest.MonkeyPatch, control: FakeControl) -> None:
    monkeypatch.setitem(sys.modules, "alsaaudio", fake_mixer.module({"Master": control}))
    assert not open_volume(ALSA).set(-12.0)
    assert control.opened == 0


def test_a_change_of_the_gain_is_a_slope_and_no_click() -> None:
    gain = Gain()
    block = np.full(BLOCK_SAMPLES, 10_000, "<i2").tobytes()
    assert gain.apply(block, 1.0) == (block, 1.0)
    gain.set(-12.0)
    slope, factor = gain.apply(block, 1.0)
    samples = np.frombuffer(slope, "<i2").astype(int)
    assert (samples[0], np.abs(np.diff(samples)).max() < 20) == (10_000, True)
    steady, _ = gain.apply(block, factor)
    assert level_dbfs(steady) == pytest.approx(level_dbfs(block) - 12, abs=0.1)


def test_over_a_sound_server_without_decibels_the_room_hears_every_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_s = np.arange(BLOCK_SAMPLES) / SAMPLE_RATE_HZ
    block = (16_000 * np.sin(2 * np.pi * 500 * at_s)).astype("<i2").tobytes()
    with sound_cards.room(tmp_path) as config:
        control = f'ctl.room {{ type pulse server "unix:{tmp_path / "socket"}" device "room" }}\n'
        (tmp_path / "asound.conf").write_text(config + control)
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound.conf"))
        volume, gain = open_volume(Settings("alsa"), "room"), Gain()
        loud = gain.over(speaker.open_speaker(speaker.Settings("alsa", "room")))
        ear = microphone.open_microphone(microphone.Settings("alsa", "ear"))
        heard: Collector[bytes] = Collector()

        def hears(dbfs: float) -> bool:
            return abs(level_dbfs(heard.items[-1]) - dbfs) < 1

        try:
            heard.hear(SILENCE, 0)
            loud.start(lambda: block, heard.lose)
            ear.start(heard.hear, heard.lose)
            for gain_db in reversed(GAINS_DB):
                assert not volume.set(gain_db)
                gain.set(gain_db)
                eventually(partial(hears, level_dbfs(block) + gain_db), f"{gain_db} dB is heard")
        finally:
            ear.close()
            loud.close()
    assert heard.lost == []
