"""Spoken guidance: once, alone or into what plays, and silent soon after a press."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.consultation.activities import Speak, activities
from kiosk.consultation.signals import Press, Speech
from kiosk.consultation.state import InCall, State
from kiosk.consultation.view import view
from kiosk.engine.guidance import Guidance, Sentence
from kiosk.engine.sounds import chime, tone
from kiosk.engine.speak import speak
from kiosk.frames import BLOCK_S, BLOCK_SAMPLES, SAMPLE_RATE_HZ, SILENCE, level_dbfs
from kiosk.speech.build import write
from kiosk.speech.prompts import Prompts
from tests.consultation.examples import every_state, in_call, paused, waiting
from tests.engine.test_devices_in_use import Bench, until

LOUD = np.full(BLOCK_SAMPLES, 8000, "<i2").tobytes()
PAUSED = Speak(Speech.PAUSED, Press.RESUME, 0, mixed=False)


def guidance_at(clock: list[float]) -> Guidance:
    return Guidance(lambda: clock[0])


def test_a_press_silences_within_200_ms() -> None:
    clock = [0.0]
    ended: list[float] = []
    guidance = guidance_at(clock)
    guidance.say(Sentence([LOUD] * 500, lambda: ended.append(clock[0])))
    for _ in range(20):
        assert guidance.mix(SILENCE) == LOUD
        clock[0] += BLOCK_S
    pressed_at_s = clock[0]
    guidance.hush()
    fading = np.abs(np.frombuffer(guidance.mix(SILENCE), "<i2").astype(int))
    assert fading[0] == 8000
    assert fading[-1] == 0
    assert np.all(np.diff(fading) <= 0), "a click"
    assert [guidance.mix(SILENCE) for _ in range(50)] == [SILENCE] * 50
    assert ended == [pressed_at_s]


def test_a_new_sentence_takes_the_place_of_the_old_one() -> None:
    ended: list[str] = []
    guidance = guidance_at([0.0])
    first = Sentence([LOUD] * 3, lambda: ended.append("first"))
    second = Sentence([LOUD] * 3, lambda: ended.append("second"))
    guidance.say(first)
    guidance.say(second)
    assert ended == ["first"]
    guidance.hush(first)
    assert [guidance.mix(SILENCE) for _ in range(4)] == [LOUD, LOUD, LOUD, SILENCE]
    assert ended == ["first", "second"]


def test_a_closed_loudspeaker_leaves_no_rest_for_the_next_one() -> None:
    clock = [0.0]
    guidance = guidance_at(clock)
    guidance.say(Sentence([LOUD] * 3, lambda: None))
    guidance.mix(SILENCE)
    guidance.hush()
    clock[0] += 1.0
    assert guidance.mix(SILENCE) == SILENCE


def test_its_echo_is_not_taken_for_a_voice() -> None:
    clock = [100.0]
    guidance = guidance_at(clock)
    assert not guidance.sounding
    guidance.say(Sentence([LOUD], lambda: None))
    guidance.mix(SILENCE)
    clock[0] += 0.1
    assert guidance.sounding
    clock[0] += 1.0
    assert not guidance.sounding


@pytest.fixture
def prompts(tmp_path: Path) -> Prompts:
    """Every sentence of a pause is a long tone."""
    (tmp_path / "nb").mkdir()
    samples = (8000 * np.sin(2 * np.pi * 700 * np.arange(SAMPLE_RATE_HZ // 2) / SAMPLE_RATE_HZ)).astype("<i2")
    for key in ("paused", "joining"):
        write(tmp_path / "nb" / f"{key}.opus", samples)
    return Prompts("nb", None, tmp_path)


async def test_the_loudspeaker_is_open_only_while_it_speaks(prompts: Prompts) -> None:
    bench = Bench()
    house = bench.house()
    house.prompts = prompts
    speaking = asyncio.create_task(speak(PAUSED, house))
    await until(lambda: bench.speaker.level_dbfs > -30)
    await speaking
    assert bench.closed()


async def test_no_more_is_heard_when_the_state_is_left_or_somebody_presses(prompts: Prompts) -> None:
    bench = Bench()
    house = bench.house()
    house.prompts = prompts
    async with bench.doing(speak(PAUSED, house)):
        await until(lambda: bench.speaker.level_dbfs > -30)
    assert bench.closed()
    pressed = asyncio.create_task(speak(PAUSED, house))
    await until(lambda: bench.speaker.level_dbfs > -30)
    house.guidance.hush()
    await asyncio.wait_for(pressed, 0.3)
    assert bench.closed()


async def test_in_an_open_loudspeaker_it_is_mixed(prompts: Prompts) -> None:
    house = Bench().house()
    house.prompts = prompts
    speaking = asyncio.create_task(speak(Speak(Speech.JOINING, Press.NOTHING, 0, mixed=True), house))
    heard = []
    async with asyncio.timeout(5):
        while not speaking.done():
            heard.append(house.guidance.mix(SILENCE))
            await asyncio.sleep(0)
    assert max(level_dbfs(block) for block in heard) > -20


async def test_a_terminal_without_a_voice_or_a_loudspeaker_is_silent(prompts: Prompts) -> None:
    bench = Bench()
    house = bench.house()
    await speak(PAUSED, house)
    house.prompts = prompts
    bench.speaker.unplug()
    await speak(PAUSED, house)
    assert bench.closed()


def spoken(state: State) -> list[Speak]:
    return [each for each in activities(state) if isinstance(each, Speak)]


def test_nothing_is_said_into_a_conversation_and_a_pause_speaks_alone() -> None:
    call = in_call()
    assert isinstance(call.phase, InCall)
    showing_a_card = replace(call, phase=replace(call.phase, identify_until_s=99.0))
    assert view(showing_a_card).speech is Speech.IDENTIFY
    assert spoken(call) == spoken(showing_a_card) == []
    assert spoken(paused()) == [PAUSED]
    assert [each.mixed for each in spoken(waiting())] == [True]
    assert all(len(spoken(state)) <= 1 for state in every_state())


def test_the_chime_is_heard_and_soon_over() -> None:
    seconds = len(b"".join(chime())) / 2 / SAMPLE_RATE_HZ
    assert 0.5 <= seconds <= 1.0


@pytest.mark.parametrize("sound", [chime, tone])
def test_the_chime_is_low_enough_for_old_ears(sound: Callable[[], Iterator[bytes]]) -> None:
    samples = np.frombuffer(b"".join(sound()), "<i2").astype(float)
    power = np.abs(np.fft.rfft(samples)) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE_HZ)
    assert power[(hz >= 500) & (hz <= 1500)].sum() > 0.95 * power.sum()
    assert power[hz > 2500].sum() < 0.001 * power.sum()


async def test_a_key_is_answered_once_by_a_tone_before_what_is_said(prompts: Prompts) -> None:
    house = Bench().house()
    house.prompts = prompts
    heard: dict[int, list[bytes]] = {}
    for keys in (0, 1, 1):
        speaking = asyncio.create_task(speak(Speak(Speech.JOINING, Press.NOTHING, 0, True, keys), house))
        blocks = heard[len(heard)] = []
        async with asyncio.timeout(5):
            while not speaking.done():
                blocks.append(house.guidance.mix(SILENCE))
                await asyncio.sleep(0)
    toned = [block for block in heard[1] if block != SILENCE][: len(list(tone())) // 4]
    assert toned == list(tone())[: len(toned)]
    said = [[block for block in blocks if block != SILENCE] for blocks in heard.values()]
    assert said[0] == said[2]
    assert said[1][-len(said[0]) :] == said[0]
    assert len(said[1]) > len(said[0])


async def test_where_nothing_is_said_a_key_still_sounds() -> None:
    bench = Bench()
    house = bench.house()
    speaking = asyncio.create_task(speak(Speak(None, Press.PRACTISE, 0, False, 1), house))
    await until(lambda: bench.speaker.level_dbfs > -40)
    await speaking
    assert bench.closed()
