"""What is done to the patient's voice: the same contract with and without the library, and an echo that goes away."""

import builtins
import functools
import logging
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kiosk.errors import MediaError
from kiosk.frames import BLOCK_BYTES, BLOCK_SAMPLES, SILENCE
from kiosk.media import voice
from kiosk.media.voice import Audible, PlainVoice, Settings, Voice, audible, open_voice, webrtc

from . import echo_room

SECONDS = 9.0
SETTLED_S = 5.0
"""The canceller learns a room with the first sentences."""
CANCELLED = Settings(max_gain_db=0)
NOTHING = Settings(echo_cancellation=False, noise_suppression=False, max_gain_db=0)


@functools.cache
def far() -> echo_room.Sound:
    return echo_room.speech_like(SECONDS, seed=1)


@functools.cache
def near() -> echo_room.Sound:
    return echo_room.speech_like(SECONDS, seed=2, level_dbfs=-24.0)


@functools.cache
def echo() -> echo_room.Sound:
    return echo_room.at_level(echo_room.through(far(), echo_room.room()), -24.0)


@pytest.fixture(params=[NOTHING, CANCELLED, Settings()], ids=["none", "cancelled", "all"])
def made(request: pytest.FixtureRequest) -> Voice:
    return open_voice(request.param)


def test_a_block_comes_out_for_each_that_goes_in(made: Voice) -> None:
    sound = near()[: 50 * BLOCK_SAMPLES]
    take = echo_room.record(made, np.zeros(len(sound)), np.zeros(len(sound)), sound)
    assert len(take.sent) == len(sound)
    assert echo_room.level_db(take.sent) > echo_room.level_db(sound) - 3
    figures = made.figures()
    assert figures.near_dbfs > -100
    assert figures.sent_dbfs > -100


@pytest.mark.parametrize("lost_samples", [0, 1, 5000, 10**9])
def test_any_loss_and_any_order_of_calls_is_survived(made: Voice, lost_samples: int) -> None:
    assert len(made.near(SILENCE, lost_samples)) == BLOCK_BYTES
    for _ in range(80):
        made.far(SILENCE)
    assert {len(made.near(SILENCE, lost_samples)) for _ in range(80)} == {BLOCK_BYTES}


def test_without_work_sound_stays_as_it_is() -> None:
    plain = open_voice(NOTHING)
    assert isinstance(plain, PlainVoice)
    block = bytes(range(96)) * 20
    assert plain.near(block, 3) is block


def test_the_echo_goes_and_the_voice_stays() -> None:
    take = echo_room.record(open_voice(CANCELLED), far(), echo())
    assert echo_room.erle_db(take, SETTLED_S) >= 40
    reached_s = echo_room.seconds_to_erle(take, 20.0)
    assert reached_s is not None
    assert reached_s < 1.0


def test_both_at_once_are_both_heard() -> None:
    take = echo_room.record(open_voice(CANCELLED), far(), echo(), near())
    assert echo_room.near_gain_db(take, SETTLED_S) >= -8


def test_a_voice_alone_is_left_alone() -> None:
    silence = np.zeros(len(near()))
    take = echo_room.record(open_voice(CANCELLED), silence, silence, near())
    assert -1.5 <= echo_room.near_gain_db(take, SETTLED_S) <= 1.0


@pytest.mark.parametrize(
    ("what", "least_db"),
    [
        (lambda sound: echo_room.drifted(sound, 50), 36),
        (lambda sound: echo_room.delayed_from(sound, 2.0, 0.04), 25),
        (lambda sound: np.tanh(3 * sound) / 3, 36),
    ],
    ids=["drift of 50 ppm", "40 ms later from one moment on", "a loudspeaker that distorts"],
)
def test_a_changing_echo_goes_as_well(what: Callable[[echo_room.Sound], echo_room.Sound], least_db: float) -> None:
    take = echo_room.record(open_voice(CANCELLED), far(), what(echo()))
    assert echo_room.erle_db(take, SETTLED_S) >= least_db


def test_a_far_voice_is_raised_but_its_echo_is_not() -> None:
    soft = near() * 10 ** (-12 / 20)
    silence = np.zeros(len(soft))
    alone = echo_room.record(open_voice(Settings()), silence, silence, soft)
    gain_db = echo_room.near_gain_db(alone, SETTLED_S)
    assert 5 < gain_db <= 13
    without, raised = (echo_room.record(open_voice(each), far(), echo()) for each in (CANCELLED, Settings()))
    # While the canceller still learns the room, there is something left that could be raised.
    for times_s in ((0.5, SETTLED_S), (SETTLED_S, SECONDS)):
        assert echo_room.erle_db(raised, *times_s) > echo_room.erle_db(without, *times_s) - 3


def test_a_known_voice_does_not_raise_what_is_left_of_the_echo() -> None:
    soft = near() * 10 ** (-12 / 20)
    silence = np.zeros(len(soft))
    far_then, echo_then = np.concatenate((silence, far())), np.concatenate((silence, echo()))
    near_first = np.concatenate((soft, silence))
    without, raised = (
        echo_room.record(open_voice(each), far_then, echo_then, near_first) for each in (CANCELLED, Settings())
    )
    part = (SECONDS + SETTLED_S, 2 * SECONDS)
    assert echo_room.erle_db(raised, *part) > echo_room.erle_db(without, *part) - 3


def test_the_gain_is_capped_and_can_be_off() -> None:
    soft = near() * 10 ** (-25 / 20)
    silence = np.zeros(len(soft))

    def gain_db(most_db: int) -> float:
        take = echo_room.record(open_voice(Settings(max_gain_db=most_db)), silence, silence, soft)
        return echo_room.near_gain_db(take, SETTLED_S)

    gains = [gain_db(most_db) for most_db in (0, 6, 12)]
    assert gains[0] < 1 < gains[1] < 7 < gains[2] < 13


def test_a_board_without_the_library_goes_on_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    imported = builtins.__import__

    def broken(name: str, *rest: Any) -> Any:
        if name == "pywebrtc_audio":
            raise ImportError("libstdc++.so.6: version not found")
        return imported(name, *rest)

    monkeypatch.setattr(builtins, "__import__", broken)
    webrtc.fault.cache_clear()
    try:
        with caplog.at_level(logging.WARNING):
            opened = [open_voice(Settings()) for _ in range(3)]
        assert all(isinstance(each, PlainVoice) for each in opened)
        assert caplog.text.count("hear its own echo") == 1
        with pytest.raises(MediaError, match="pywebrtc-audio cannot be loaded") as caught:
            voice.probe(Settings())
        assert "\n" not in str(caught.value)
        voice.probe(NOTHING)
    finally:
        webrtc.fault.cache_clear()
    monkeypatch.undo()
    voice.probe(Settings())


@pytest.mark.parametrize(
    ("far_dbfs", "asked_ago_s", "muted", "comes", "expected"),
    [
        (-20.0, 0.02, False, True, Audible.PLAYS),
        (-20.0, 0.02, None, True, Audible.PLAYS),
        (-100.0, 0.02, None, True, Audible.SILENT),
        (-50.0, 0.02, False, True, Audible.SILENT),
        (-20.0, 0.02, True, True, Audible.UNHEARD),
        (-50.0, 0.02, True, True, Audible.OFF),
        (-50.0, 0.6, False, True, Audible.UNHEARD),
        (-20.0, 0.6, False, False, Audible.OFF),
    ],
)
def test_a_silent_far_end_is_told_from_a_loudspeaker_that_is_off(
    far_dbfs: float, asked_ago_s: float, muted: bool | None, comes: bool, expected: Audible
) -> None:
    assert audible(far_dbfs, asked_ago_s, muted, comes) is expected
