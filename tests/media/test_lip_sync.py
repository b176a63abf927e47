"""Pictures wait for their sound, slowly, within bounds, and only where it can be seen."""

import random

import pytest

from kiosk.media.lip_sync import LIMIT_S, SEEN_S, LipSync, Presented

NTP_S = 3_900_000_000.0


def at(now_s: float, delay_s: float, clock_hz: int, origin: int, report_age_s: float = 2.0) -> Presented:
    """What is presented now with so much delay, of a stream whose count began at `origin`."""
    reported_s = now_s - report_age_s
    timestamp = origin + round((now_s - delay_s) * clock_hz)
    return Presented(timestamp, now_s, NTP_S + reported_s, origin + round(reported_s * clock_hz))


def run(
    sync: LipSync, sound_s: float, picture_s: float, seconds: int, *, noise_s: float = 0.0, first: int = 0
) -> float:
    """The skew that is left after so long, when sound and picture take so long by themselves."""
    chance = random.Random(1)
    for second in range(first, first + seconds):
        now_s = 100.0 + second
        picture_delay_s = picture_s + sync.hold_s + chance.uniform(-noise_s, noise_s)
        sync.update(at(now_s, sound_s, 48_000, 7), at(now_s, picture_delay_s, 90_000, 2**33))
    return sound_s - picture_s - sync.hold_s


def test_what_nobody_sees_is_left_alone() -> None:
    sync = LipSync()
    assert run(sync, 0.09, 0.03, 60, noise_s=0.02) == pytest.approx(0.06)
    assert sync.hold_s == 0.0
    assert sync.skew_ms == pytest.approx(60, abs=15)


def test_a_picture_far_ahead_waits_until_the_sound_fits() -> None:
    sync = LipSync()
    assert run(sync, 0.25, 0.02, 8) > SEEN_S
    assert sync.hold_s <= 4 * 0.02 + 0.001
    assert abs(run(sync, 0.25, 0.02, 40, first=8)) < 0.04
    held_s = sync.hold_s
    run(sync, 0.25, 0.02, 30, noise_s=0.02, first=48)
    assert sync.hold_s == pytest.approx(held_s)


def test_the_waiting_ends_when_the_sound_is_sooner() -> None:
    sync = LipSync()
    run(sync, 0.25, 0.02, 40)
    assert abs(run(sync, 0.06, 0.02, 60, first=40)) < SEEN_S
    assert sync.hold_s < 0.1


def test_the_waiting_has_a_bound() -> None:
    sync = LipSync()
    run(sync, 1.0, 0.02, 100)
    assert sync.hold_s == LIMIT_S


def test_a_picture_that_is_late_is_not_made_later() -> None:
    sync = LipSync()
    run(sync, 0.06, 0.4, 60)
    assert sync.hold_s == 0.0
    assert sync.skew_ms == pytest.approx(-340, abs=10)


def test_nothing_is_known_of_one_stream_alone_or_of_clocks_that_are_not_one() -> None:
    sync = LipSync()
    here = at(100.0, 0.1, 48_000, 0)
    assert sync.update(None, None) == 0.0
    assert sync.update(here, None) == 0.0
    assert sync.update(here, at(100.0, 60.0, 90_000, 0)) == 0.0
    assert sync.skew_ms is None
