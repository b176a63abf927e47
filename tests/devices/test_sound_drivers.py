"""What is each sound driver's own: the clock, xruns, formats, and the real library with a real-time card."""

import itertools
import logging
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from kiosk.devices import cards, microphone, speaker
from kiosk.devices.microphone.alsa import End
from kiosk.devices.microphone.voice import SPEECH_S, block_of, speech, tone
from kiosk.devices.mixer import mixer_of
from kiosk.devices.worker import Worker
from kiosk.errors import DeviceLost, DeviceMissing
from kiosk.frames import BLOCK_BYTES, BLOCK_S, BLOCK_SAMPLES, SAMPLE_RATE_HZ, SILENCE, level_dbfs
from tests.devices import fake_alsa, sound_cards
from tests.devices.collector import Collector, eventually, running

XRUN = -32


def faulty(monkeypatch: pytest.MonkeyPatch, script: list[fake_alsa.Step], **info: object) -> fake_alsa.FakeCard:
    card = fake_alsa.FakeCard(script, **info)
    monkeypatch.setitem(sys.modules, "alsaaudio", fake_alsa.module(card))
    return card


@pytest.mark.parametrize("xrun", [XRUN, "Broken pipe [fake]", os.strerror(86) + " [fake]"])
def test_an_overrun_loses_sound_but_not_the_microphone(
    xrun: fake_alsa.Step, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    faulty(monkeypatch, [480, xrun, 480, 480, 480, 480])
    heard: Collector[bytes] = Collector()
    driver = microphone.open_microphone(microphone.Settings("alsa"))
    with caplog.at_level(logging.WARNING):
        driver.start(heard.hear, heard.lose)
        blocks = heard.wait_items(2)
        driver.close()
    # The half block before the gap is not glued to what came after it.
    halves = [(block[0], block[-1]) for block in blocks[:2]]
    assert halves == ([(3, 4), (5, 6)] if xrun == XRUN else [(2, 3), (4, 5)])
    assert heard.lost == []
    assert "1 overruns" in caplog.text


def test_the_clock_tells_how_much_was_lost() -> None:
    end = End()
    ahead_s = 480 / SAMPLE_RATE_HZ
    assert end.move(480, 0, 10.0) == 0
    assert end.move(480, 0, 10.0 + ahead_s) == 0
    # Late by 30 ms, but all of it still waits in the card.
    assert end.move(480, 1440, 10.0 + 5 * ahead_s) == 0
    assert end.move(480, 960, 10.0 + 5 * ahead_s) == 0
    # Away for 200 ms: what waited is gone, and the card began anew 10 ms ago.
    assert end.move(480, 0, 10.0 + 3 * ahead_s + 0.2) == round(0.2 * SAMPLE_RATE_HZ) - 480


def test_after_an_overrun_the_lost_samples_come_with_the_next_block(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(np.array([0, 10, 20, 150, 160, 170, 180]) / 1000 + 5)
    now = 5.0

    def clock() -> float:
        nonlocal now
        now = float(next(times, now))
        return now

    faulty(monkeypatch, [480, 480, 480, XRUN, 480, 480, 480, 480])
    monkeypatch.setattr("kiosk.devices.microphone.alsa.time", SimpleNamespace(monotonic=clock))
    heard: Collector[bytes] = Collector()
    driver = microphone.open_microphone(microphone.Settings("alsa"))
    driver.start(heard.hear, heard.lose)
    heard.wait_items(3)
    driver.close()
    # 130 ms between two reads of which the second brought 10; and the half block that was dropped.
    assert heard.lost_samples[:3] == [0, 120 * 48 + 480, 0]


def test_the_simulated_microphone_tells_what_it_lost() -> None:
    simulation = microphone.Simulation()
    heard: Collector[bytes] = Collector()
    driver = microphone.open_microphone(microphone.Settings(), simulation)
    driver.start(heard.hear, heard.lose)
    heard.wait_items(2)
    simulation.overrun()
    simulation.overrun()
    heard.wait_items(5)
    driver.close()
    assert heard.lost_samples[0] == 0
    assert sum(heard.lost_samples) >= 2 * BLOCK_SAMPLES
    assert {lost % BLOCK_SAMPLES for lost in heard.lost_samples} == {0}


def test_a_block_is_asked_for_when_there_is_room_for_a_period(monkeypatch: pytest.MonkeyPatch) -> None:
    card = faulty(monkeypatch, [1440])
    rooms = iter([480, 0, 100])
    monkeypatch.setattr(card, "avail", lambda: next(rooms, 480))
    naps: list[float] = []
    asked: Collector[int] = Collector()

    def sleep_until(_: Worker, monotonic_s: float) -> bool:
        naps.append(round(monotonic_s - 7.0, 6))
        return True

    monkeypatch.setattr(Worker, "sleep_until", sleep_until)
    monkeypatch.setattr("kiosk.devices.speaker.alsa.time", SimpleNamespace(monotonic=lambda: 7.0))

    def next_block() -> bytes:
        asked.take(len(naps))
        return SILENCE

    driver = speaker.open_speaker(speaker.Settings("alsa"))
    driver.start(next_block, asked.lose)
    assert asked.wait_items(4)[:4] == [0, 1, 2, 2]
    driver.close()
    assert naps[:2] == [round(480 / SAMPLE_RATE_HZ, 6), round(380 / SAMPLE_RATE_HZ, 6)]


class FakeMixer:
    """One control of a card."""

    def __init__(self, volumes: list[int], off: list[int] | None) -> None:
        self._volumes, self._off = volumes, off

    def getvolume(self, _: int) -> list[int]:
        return self._volumes

    def getmute(self) -> list[int]:
        if self._off is None:
            raise fake_alsa.FakeAlsaError("Mixer Control has no mute")
        return self._off

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("controls", "expected"),
    [
        ({}, None),
        ({"Mic": FakeMixer([0], [1])}, None),
        ({"PCM": FakeMixer([80], [0])}, False),
        ({"PCM": FakeMixer([80, 90], None)}, False),
        ({"PCM": FakeMixer([0, 0], None)}, True),
        ({"Master": FakeMixer([50], [0]), "Speaker": FakeMixer([50, 50], [1, 1])}, True),
        ({"Speaker": FakeMixer([50, 50], [1, 0])}, False),
    ],
)
def test_the_mixer_tells_a_loudspeaker_that_is_muted(
    controls: dict[str, FakeMixer], expected: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = fake_alsa.module(None)
    monkeypatch.setattr(library, "mixers", lambda device: list(controls), raising=False)
    monkeypatch.setattr(library, "Mixer", lambda control, device: controls[control], raising=False)
    monkeypatch.setitem(sys.modules, "alsaaudio", library)
    assert speaker.open_speaker(speaker.Settings("alsa", "plughw:CARD=Room,DEV=0")).muted() is expected


def test_a_card_without_a_mixer_is_not_known_to_be_muted(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(device: str) -> list[str]:
        raise fake_alsa.FakeAlsaError(f"No such file or directory [{device}]")

    library = fake_alsa.module(None)
    monkeypatch.setattr(library, "mixers", refuse, raising=False)
    monkeypatch.setitem(sys.modules, "alsaaudio", library)
    assert speaker.open_speaker(speaker.Settings("alsa")).muted() is None


@pytest.mark.parametrize(
    ("device", "expected"),
    [("default", "default"), ("plughw:CARD=Room,DEV=0", "hw:CARD=Room"), ("hw:1", "hw:1"), ("pulse", "pulse")],
)
def test_a_cards_mixer_is_found_by_its_name(device: str, expected: str) -> None:
    assert mixer_of(device) == expected


@pytest.mark.parametrize("xrun", [XRUN, "Broken pipe [fake]"])
def test_the_card_gets_silence_first_and_again_after_an_underrun(
    xrun: fake_alsa.Step, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    card = faulty(monkeypatch, [1440, 960, xrun, 1440, 960])
    asked: Collector[int] = Collector()

    def next_block() -> bytes:
        asked.take(len(asked.items) + 1)
        return bytes([len(asked.items)]) * BLOCK_BYTES

    driver = speaker.open_speaker(speaker.Settings("alsa"))
    with caplog.at_level(logging.WARNING):
        driver.start(next_block, asked.lose)
        asked.wait_items(4)
        driver.close()
    prefill = (1440 * 2, 0)
    expected = [prefill, (BLOCK_BYTES, 1), (BLOCK_BYTES, 2), prefill, (BLOCK_BYTES, 3)]
    if xrun != XRUN:
        del expected[2]
    assert [(len(sound), sound[0]) for sound in card.written[: len(expected)]] == expected
    assert asked.lost == []
    assert "1 underruns" in caplog.text


def test_a_card_that_takes_only_a_part_gets_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    card = faulty(monkeypatch, [1440, 100, 860, 960])
    asked: Collector[int] = Collector()

    def next_block() -> bytes:
        asked.take(1)
        return bytes([len(asked.items)]) * BLOCK_BYTES

    driver = speaker.open_speaker(speaker.Settings("alsa"))
    driver.start(next_block, asked.lose)
    asked.wait_items(3)
    driver.close()
    assert [(len(sound), sound[0]) for sound in card.written[1:4]] == [(1920, 1), (1720, 1), (1920, 2)]


@pytest.mark.parametrize("xrun", [XRUN, "Broken pipe [fake]"])
def test_a_card_that_only_overruns_is_lost_in_the_end(xrun: fake_alsa.Step, monkeypatch: pytest.MonkeyPatch) -> None:
    faulty(monkeypatch, [xrun] * 100)
    seen: Collector[bytes] = Collector()
    microphone.open_microphone(microphone.Settings("alsa")).start(seen.hear, seen.lose)
    assert "only overruns" in str(seen.wait_lost())

    faulty(monkeypatch, [xrun] * 100)
    lost: Collector[bytes] = Collector()
    speaker.open_speaker(speaker.Settings("alsa")).start(lambda: bytes(BLOCK_BYTES), lost.lose)
    assert "only underruns" in str(lost.wait_lost())
    eventually(lambda: not running("speaker") + running("microphone"), "the threads end")


@pytest.mark.parametrize("wrong", [{"rate": 44100}, {"channels": 2}, {"format_name": "S32_LE"}])
def test_a_card_that_takes_another_format_is_refused_and_let_go(
    wrong: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    card = faulty(monkeypatch, [], **wrong)
    with pytest.raises(DeviceMissing, match=rf"^speaker: .*{next(iter(wrong.values()))}.*plughw"):
        speaker.open_speaker(speaker.Settings("alsa", "hw:0")).start(lambda: b"", lambda _: None)
    assert card.closed
    card.closed = False
    with pytest.raises(DeviceMissing, match=r"^microphone: .*plughw"):
        microphone.open_microphone(microphone.Settings("alsa", "hw:0")).start(lambda *_: None, lambda _: None)
    assert card.closed


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("default", True),
        ("pulse", True),
        ("default:CARD=Gone", True),
        ("plughw:1,0", True),
        ("plughw:2", False),
        ("hw:CARD=Room,DEV=0", True),
        ("sysdefault:CARD=Gone", False),
        ("plughw:Room", True),
    ],
)
def test_probe_looks_for_the_named_card_without_opening_it(
    name: str, there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "alsaaudio", fake_alsa.module(None, {0: "PCH", 1: "Room"}))
    drivers = (
        microphone.open_microphone(microphone.Settings("alsa", name)),
        speaker.open_speaker(speaker.Settings("alsa", name)),
    )
    for driver in drivers:
        if there:
            driver.probe()
        else:
            with pytest.raises(DeviceMissing, match=r"there is no sound card .*seen: PCH, Room"):
                driver.probe()


def test_without_pyalsaaudio_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "alsaaudio", None)
    for attempt in (
        microphone.open_microphone(microphone.Settings("alsa")).probe,
        speaker.open_speaker(speaker.Settings("alsa")).probe,
        lambda: speaker.open_speaker(speaker.Settings("alsa")).start(lambda: b"", lambda _: None),
    ):
        with pytest.raises(DeviceMissing, match="pyalsaaudio is not installed") as caught:
            attempt()
        assert "\n" not in str(caught.value)


def test_the_real_library_hands_over_every_sample_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = np.arange(-16000, 16000, dtype="<i2").tobytes()
    (tmp_path / "asound.conf").write_text(sound_cards.tape_deck(tmp_path, sound))
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound.conf"))
    heard: Collector[bytes] = Collector()
    driver = microphone.open_microphone(microphone.Settings("alsa", "tape", period_frames=960))
    driver.start(heard.hear, heard.lose)
    blocks = heard.wait_items(33)
    driver.close()
    assert b"".join(blocks[:33]) == sound[: 33 * BLOCK_BYTES]


def test_a_tone_played_into_the_room_is_heard_there_at_its_frequency(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sound_cards.room(tmp_path) as config:
        (tmp_path / "asound.conf").write_text(config)
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound.conf"))
        sound = tone(660)
        asked: Collector[int] = Collector()
        heard: Collector[bytes] = Collector()

        def next_block() -> bytes:
            asked.take(0)
            return block_of(sound, len(asked.items) - 1)

        loud = speaker.open_speaker(speaker.Settings("alsa", "room"))
        ear = microphone.open_microphone(microphone.Settings("alsa", "ear"))
        try:
            loud.start(next_block, asked.lose)
            ear.start(heard.hear, heard.lose)
            eventually(lambda: sum(level_dbfs(block) > -20 for block in tuple(heard.items)) >= 40, "the tone is heard")
            began_s, before = time.monotonic(), len(asked.items)
            asked.wait_items(before + 25)
            took_s = time.monotonic() - began_s
        finally:
            ear.close()
            loud.close()
    recent = b"".join([block for block in heard.items if level_dbfs(block) > -20][5:35])
    assert sound_cards.loudest_hz(recent) == pytest.approx(660, abs=2)
    # The card's clock paces us: 25 blocks are half a second, less what its buffer takes at once.
    assert took_s > 25 * BLOCK_S * 0.7
    assert (asked.lost, heard.lost) == ([], [])


def test_when_the_sound_server_dies_both_are_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Collector[int] = Collector()
    heard: Collector[bytes] = Collector()

    def next_block() -> bytes:
        asked.take(0)
        return bytes(BLOCK_BYTES)

    with sound_cards.room(tmp_path) as config:
        (tmp_path / "asound.conf").write_text(config)
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound.conf"))
        loud = speaker.open_speaker(speaker.Settings("alsa", "room"))
        ear = microphone.open_microphone(microphone.Settings("alsa", "ear"))
        loud.start(next_block, asked.lose)
        ear.start(heard.hear, heard.lose)
        asked.wait_items(2)
    try:
        assert isinstance(asked.wait_lost(), DeviceLost)
        assert isinstance(heard.wait_lost(), DeviceLost)
    finally:
        ear.close()
        loud.close()


def test_the_simulated_microphone_keeps_the_pace_of_a_card() -> None:
    heard: Collector[bytes] = Collector()
    driver = microphone.open_microphone(microphone.Settings(tone_hz=440))
    began_s = time.monotonic()
    driver.start(heard.hear, heard.lose)
    blocks = heard.wait_items(20)
    took_s = time.monotonic() - began_s
    driver.close()
    assert took_s >= 20 * BLOCK_S - 0.002
    assert sound_cards.loudest_hz(b"".join(blocks[:20])) == pytest.approx(440, abs=3)
    assert level_dbfs(blocks[3]) == pytest.approx(-12, abs=0.5)


def test_a_stalled_microphone_is_silent_and_not_lost() -> None:
    simulation = microphone.Simulation()
    simulation.stall(True)
    heard: Collector[bytes] = Collector()
    driver = microphone.open_microphone(microphone.Settings(), simulation)
    driver.start(heard.hear, heard.lose)
    assert simulation.opened
    assert (heard.items, heard.lost) == ([], [])
    simulation.stall(False)
    heard.wait_items(1)
    driver.close()
    assert not simulation.opened


def test_a_tone_joins_itself_without_a_step() -> None:
    sound = tone(441).astype(int)
    step = np.abs(np.diff(np.concatenate([sound, sound])))
    assert step.max() == np.abs(np.diff(sound)).max()


def test_speech_is_syllables_and_a_breath_at_a_voices_pitch() -> None:
    sound = speech()
    assert len(sound) == SPEECH_S * SAMPLE_RATE_HZ
    levels = [level_dbfs(block_of(sound, number)) for number in range(round(SPEECH_S / BLOCK_S))]
    assert max(levels) > -20
    assert levels[-40:] == [-100.0] * 40
    loud = [level > -30 for level in levels]
    starts = sum(now and not before for before, now in itertools.pairwise(loud))
    assert starts >= 8


def test_the_simulated_speaker_keeps_nothing_unless_asked() -> None:
    simulation = speaker.Simulation()
    asked: Collector[int] = Collector()
    sound = tone(880)

    def next_block() -> bytes:
        asked.take(0)
        return block_of(sound, len(asked.items) - 1)

    driver = speaker.open_speaker(speaker.Settings(), simulation)
    assert simulation.level_dbfs == -100.0
    driver.start(next_block, asked.lose)
    asked.wait_items(3)
    assert simulation.heard() == b""
    assert simulation.level_dbfs == pytest.approx(-12, abs=0.5)
    simulation.listen(True)
    asked.wait_items(len(asked.items) + 10)
    driver.close()
    assert sound_cards.loudest_hz(simulation.heard()) == pytest.approx(880, abs=6)
    assert simulation.level_dbfs == -100.0
    simulation.listen(False)
    assert simulation.heard() == b""


def test_blocks_of_pure_silence_are_counted() -> None:
    simulation = speaker.Simulation()
    for block in (SILENCE, SILENCE, b"\1" * BLOCK_BYTES, SILENCE):
        simulation.play(block)
    assert simulation.silent_blocks == 3


def test_the_ear_hears_the_last_two_seconds_only() -> None:
    simulation = speaker.Simulation()
    simulation.listen(True)
    for number in range(150):
        simulation.play(bytes([number]) * BLOCK_BYTES)
    heard = simulation.heard()
    assert (len(heard), heard[0], heard[-1]) == (100 * BLOCK_BYTES, 50, 149)


@pytest.mark.parametrize(
    ("words", "xrun"),
    [("Broken pipe [default]", True), ("No such device [hw:1]", False), ("Input/output error [hw:1]", False)],
)
def test_xruns_are_told_from_faults(words: str, xrun: bool) -> None:
    assert cards.is_xrun(words) is xrun
