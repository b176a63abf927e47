"""The parts of the sound's receive path, one by one."""

import numpy as np
import pytest

from kiosk.frames import BLOCK_SAMPLES
from kiosk.media.libopus import Samples
from kiosk.media.sound_in import stretch
from kiosk.media.sound_in.arrivals import LEAST, MARGIN, MOST, Arrivals
from kiosk.media.sound_in.clock_rate import ClockRate
from kiosk.media.sound_in.decoders import open_decoder
from kiosk.media.sound_in.fades import faded_in, joined, tail
from kiosk.media.sound_in.pace import Change, Pace
from kiosk.media.sound_in.packet import Unwrapper, to_samples

MS = 48


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([65_534, 65_535, 0, 1], [65_534, 65_535, 65_536, 65_537]),
        ([1, 65_535, 2], [1, -1, 2]),
        ([10, 9, 12, 11], [10, 9, 12, 11]),
        ([0, 40_000], [0, -25_536]),
    ],
)
def test_a_counter_that_wraps_goes_on(values: list[int], expected: list[int]) -> None:
    unwrapper = Unwrapper(16)
    assert [unwrapper.unwrap(value) for value in values] == expected


def arrivals(delays_ms: list[float], every_ms: float = 20.0) -> Arrivals:
    noted = Arrivals()
    for number, delay_ms in enumerate(delays_ms):
        noted.note(round(delay_ms * MS), round(number * every_ms * MS))
    return noted


def test_on_an_even_path_packets_wait_for_the_least() -> None:
    assert arrivals([30.0] * 500).wait() == LEAST
    assert arrivals([30.0] * 500).wait(960) == LEAST + 960
    assert arrivals([30.0]).wait() == LEAST


def test_a_first_late_packet_counts_at_once_and_a_rare_one_later_not() -> None:
    assert arrivals([0.0] * 20 + [60.0]).wait() == 60 * MS + MARGIN
    rare = [60.0 if number % 500 == 499 else 0.0 for number in range(1500)]
    assert arrivals(rare).wait() == LEAST


def test_uneven_arrivals_are_waited_for_until_they_are_forgotten() -> None:
    uneven = [80.0 if number % 7 == 0 else 0.0 for number in range(1000)]
    assert arrivals(uneven).wait() == 80 * MS + MARGIN
    assert arrivals(uneven + [0.0] * 900).wait() == 80 * MS + MARGIN
    assert arrivals(uneven + [0.0] * 1010).wait() == LEAST


def test_a_path_that_becomes_longer_is_the_usual_one_after_two_seconds() -> None:
    noted = arrivals([0.0] * 1000 + [500.0] * 110)
    assert noted.base == 500 * MS
    assert noted.wait() <= MOST


def test_a_path_that_becomes_much_shorter_is_the_usual_one_at_once() -> None:
    noted = arrivals([500.0] * 1000 + [0.0])
    assert (noted.base, noted.wait()) == (0, LEAST)


def test_a_silence_makes_everything_forgotten() -> None:
    noted = arrivals([0.0, 300.0] * 100)
    noted.note(2000 * MS, to_samples(60))
    assert (noted.base, noted.wait()) == (2000 * MS, LEAST)


@pytest.mark.parametrize("ppm", [-200, -20, 0, 100, 200])
def test_the_rate_of_a_clock_is_found(ppm: float) -> None:
    clock = ClockRate()
    chance = np.random.default_rng(1)
    for number in range(15_000):
        now = number * BLOCK_SAMPLES
        late = round(chance.exponential(5 * MS))
        clock.note(now + late, round(now * (1 + ppm * 1e-6)))
    found = clock.ppm()
    assert found == pytest.approx(ppm, abs=3)


def test_a_clock_that_was_set_is_measured_anew() -> None:
    clock = ClockRate()
    for number in range(6000):
        clock.note(number * BLOCK_SAMPLES, number * BLOCK_SAMPLES + (48_000 if number > 5000 else 0))
    assert clock.ppm() is None


def wave(hz: float, samples: int, amplitude: float = 8000) -> Samples:
    sound: Samples = (amplitude * np.sin(2 * np.pi * hz / 48_000 * np.arange(samples))).astype(np.int16)
    return sound


@pytest.mark.parametrize("hz", [80, 130, 220, 390])
def test_a_tone_is_shortened_and_lengthened_by_whole_periods_without_a_seam(hz: float) -> None:
    sound = wave(hz, 2160)
    before, now = sound[: stretch.LONGEST], sound[stretch.LONGEST :]
    shorter = stretch.shorten(now, stretch.LONGEST, 0.9)
    longer = stretch.lengthen(before, now, 0.9)
    assert shorter is not None
    assert longer is not None
    for changed in (shorter, longer):
        periods = (len(changed) - len(now)) * hz / 48_000
        assert periods == pytest.approx(round(periods), abs=0.02)
        assert round(periods) != 0
        whole = np.concatenate([before, changed]).astype(np.int32)
        steepest = np.max(np.abs(np.diff(sound.astype(np.int32))))
        assert np.max(np.abs(np.diff(whole))) < 1.2 * steepest + 2
        assert np.array_equal(changed[-120:], now[-120:])


def test_noise_is_left_alone_until_one_is_impatient() -> None:
    noise = np.random.default_rng(1).normal(scale=3000, size=1680).astype(np.int16)
    assert stretch.shorten(noise, stretch.LONGEST, 0.85) is None
    assert stretch.lengthen(noise[:720], noise[720:], 0.85) is None
    assert stretch.shorten(noise, stretch.LONGEST, 0.05) is not None


def test_silence_may_be_changed_by_as_much_as_possible() -> None:
    silence = np.zeros(1440, np.int16)
    shorter = stretch.shorten(silence, stretch.LONGEST, 1.0)
    longer = stretch.lengthen(silence[:720], silence, 1.0)
    assert shorter is not None
    assert longer is not None
    assert (len(shorter), len(longer)) == (720, 2160)
    shorter = stretch.shorten(silence, 300, 1.0)
    assert shorter is not None
    assert len(shorter) == 1140


@pytest.mark.parametrize(("length", "at_most"), [(599, 720), (960, 119), (239, 720)])
def test_too_little_sound_is_left_alone(length: int, at_most: int) -> None:
    assert stretch.shorten(np.zeros(length, np.int16), at_most, 0.0) is None


@pytest.mark.parametrize(
    ("waited_ms", "stocked_ms", "wait_ms", "left_ms", "expected"),
    [
        (20, 40, 10, 0, Change.NONE),
        (4, 40, 10, 0, Change.LENGTHEN),
        (36, 60, 10, 0, Change.SHORTEN),
        (34, 60, 10, 0, Change.NONE),
        (28, 60, 10, 15, Change.TRIM),
        # Five milliseconds less for the packet that comes in the middle of the block.
        (18, 40, 10, 15, Change.LENGTHEN),
        # A path that has become longer: nothing is in stock.
        (1000, 20, 10, 0, Change.NONE),
    ],
)
def test_the_pace_follows_what_packets_wait(
    waited_ms: int, stocked_ms: int, wait_ms: int, left_ms: int, expected: Change
) -> None:
    pace = Pace()
    for _ in range(10):
        pace.note(waited_ms * MS, stocked_ms * MS)
    assert pace.wanted(to_samples(10), wait_ms * MS, left_ms * MS, 960) is expected


def test_changes_come_one_after_the_other_and_patience_ends() -> None:
    pace = Pace()
    for _ in range(10):
        pace.note(36 * MS, 60 * MS)
    now = to_samples(10)
    begun = pace.likeness
    assert pace.wanted(now, 10 * MS, 0, 960) is Change.SHORTEN
    pace.changed(now, 0)
    assert pace.wanted(now + 960, 10 * MS, 0, 960) is Change.SHORTEN
    assert pace.likeness < begun
    pace.changed(now + 960, -MS // 2)
    assert pace.likeness == begun
    assert pace.wanted(now + 1920, 10 * MS, 0, 960) is Change.NONE
    pace.forget()
    assert pace.wanted(now + 96_000, 10 * MS, 0, 960) is Change.NONE


def test_fades_begin_and_end_at_nothing_and_join_without_a_step() -> None:
    loud = np.full(960, 8000, np.int16)
    assert faded_in(loud)[0] == 0
    assert faded_in(loud, 0.5)[0] == 4000
    assert set(faded_in(loud)[240:]) == {8000}
    end = tail(loud, 960)
    assert end[0] == 8000
    assert not np.any(end[240:])
    assert np.max(np.abs(np.diff(end.astype(np.int32)))) < 50
    both = joined(np.zeros(240, np.int16), loud)
    assert (both[0], both[240]) == (0, 8000)
    assert len(both) == 960
    assert (len(tail(loud[:10], 5)), len(tail(loud, 5))) == (5, 5)


@pytest.mark.parametrize(
    ("codec", "code", "expected"),
    # ITU-T G.711: the loudest, the softest, and one in the middle.
    [
        ("PCMU", 0x80, 32_124),
        ("PCMU", 0x00, -32_124),
        ("PCMU", 0xFF, 0),
        ("PCMU", 0xEF, 132),
        ("PCMA", 0xAA, 32_256),
        ("PCMA", 0x2A, -32_256),
        ("PCMA", 0xD5, 8),
    ],
)
def test_telephone_codes_have_their_values(codec: str, code: int, expected: int) -> None:
    decoder = open_decoder(codec)
    assert decoder is not None
    settled = [decoder.decode(bytes([code]) * 160) for _ in range(3)][-1]
    assert len(settled) == BLOCK_SAMPLES
    assert int(settled[480]) == pytest.approx(expected, abs=abs(expected) * 0.005 + 1)


def test_a_codec_that_nobody_speaks_has_no_decoder() -> None:
    assert open_decoder("AMR") is None
