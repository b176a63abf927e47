"""Verdicts against generated faults, and the rules that no fault generator shows."""

import numpy as np
import pytest

from kiosk.consultation.model import Flaw
from kiosk.engine.sounds import signature
from kiosk.frames import BLOCK_SAMPLES, SILENCE, VideoFrame
from kiosk.selfcheck import PictureWatch, SoundWatch, find_echo
from tests.benchmarks.verdicts import table
from tests.selfcheck import door, faults

CHROMA = np.full((faults.HEIGHT // 2, faults.WIDTH // 2), 128, np.uint8)


def test_no_verdict_on_the_easy_grid_is_wrong() -> None:
    wrong = [trial for trial in (*faults.trials(2), *door.trials(2)) if trial.found() is not trial.expected]
    assert [(trial.name, trial.seed) for trial in wrong] == []


def test_the_table_counts_right_and_wrong() -> None:
    last = table(1).splitlines()[-1].split()
    assert last[0] == "all"
    assert int(last[1]) + int(last[2]) == len([*faults.trials(1), *door.trials(1)])


def test_a_camera_that_never_came_gives_no_picture() -> None:
    assert PictureWatch().verdict(10.0).flaw is Flaw.NO_PICTURE


def test_a_camera_that_stopped_gives_no_picture() -> None:
    watch = PictureWatch()
    grey = np.full((faults.HEIGHT, faults.WIDTH), 90, np.uint8)
    watch.see(VideoFrame(grey, CHROMA, CHROMA, 0.0), 5.0)
    assert watch.verdict(6.5).flaw is Flaw.NO_PICTURE


@pytest.mark.parametrize("full_range", [False, True])
def test_black_is_black_in_either_range(full_range: bool) -> None:
    watch = PictureWatch()
    black = np.full((faults.HEIGHT, faults.WIDTH), 0 if full_range else 16, np.uint8)
    watch.see(VideoFrame(black, CHROMA, CHROMA, 0.0, full_range=full_range), 0.0)
    verdict = watch.verdict(0.1)
    assert (verdict.flaw, verdict.mean) == (Flaw.BLACK, 0.0)


def test_a_picture_whose_size_changes_has_changed() -> None:
    watch = PictureWatch()
    for number, width in enumerate((320, 160, 320, 160, 320, 160)):
        grey = np.full((faults.HEIGHT, width), 90, np.uint8)
        watch.see(VideoFrame(grey, CHROMA, CHROMA, 0.0), float(number))
    assert watch.verdict(5.0).flaw is not Flaw.FROZEN


def test_less_than_a_second_of_sound_is_none() -> None:
    watch = SoundWatch()
    for _ in range(49):
        watch.hear(np.full(BLOCK_SAMPLES, 2000, "<i2").tobytes())
    assert watch.verdict().flaw is Flaw.MICROPHONE_SILENT
    assert not watch.verdict().voice


def test_silence_is_no_noise() -> None:
    watch = SoundWatch()
    for _ in range(100):
        watch.hear(SILENCE)
    assert watch.verdict().flaw is Flaw.MICROPHONE_SILENT


@pytest.mark.parametrize("delay_samples", [0, 480, 12_345, 24_000])
def test_the_own_sound_is_found_where_it_is(delay_samples: int) -> None:
    captured = np.concatenate([np.zeros(delay_samples, np.int16), signature() // -4, np.zeros(30_000, np.int16)])
    echo = find_echo(signature(), captured)
    assert echo.flaw is None
    assert echo.delay_s == pytest.approx(delay_samples / 48_000, abs=1e-3)
    assert 0.8 < echo.likeness <= 1


def test_what_comes_later_than_half_a_second_is_not_ours() -> None:
    captured = np.concatenate([np.zeros(90_000, np.int16), signature() // 4, np.zeros(30_000, np.int16)])
    assert find_echo(signature(), captured).flaw is Flaw.NO_ECHO


@pytest.mark.parametrize("samples", [0, 1, 1000])
def test_too_short_a_capture_holds_nothing(samples: int) -> None:
    assert find_echo(signature(), np.ones(samples, np.int16)).flaw is Flaw.NO_ECHO


def test_the_own_sound_fills_whole_blocks() -> None:
    assert len(signature()) % BLOCK_SAMPLES == 0
