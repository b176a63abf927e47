"""Pictures that come evenly are shown at once; others are held back as little as makes them even."""

import random

import pytest

from kiosk.media.picture_in.playout import LIMIT_S, Playout

STEP = 3000
FRAME_S = 1 / 30


def shown(late_s: list[float], playout: Playout | None = None, ppm: float = 0.0) -> list[float]:
    """When pictures 1/30 s apart are shown that come so late."""
    playout = playout or Playout()
    times: list[float] = []
    for at, late in enumerate(late_s):
        arrived_s = 100.0 + at * FRAME_S * (1 + ppm / 1e6) + late
        due_s = playout.due_s(at * STEP, arrived_s)
        assert due_s >= arrived_s
        times.append(max(due_s, times[-1] if times else 0.0))
    return times


def gaps(times: list[float], after: int) -> list[float]:
    return [b - a for a, b in zip(times[after:], times[after + 1 :], strict=False)]


def test_pictures_that_come_evenly_wait_for_nothing() -> None:
    chance = random.Random(1)
    late = [chance.uniform(0, 0.02) for _ in range(900)]
    assert shown(late) == pytest.approx([100 + at * FRAME_S + late[at] for at in range(900)])


def test_jitter_of_300_ms_freezes_nothing_once_it_is_known() -> None:
    chance = random.Random(2)
    late, before = [], 0.0
    for at in range(1800):
        # In order: none overtakes.
        before = max(before, at * FRAME_S + chance.uniform(0, 0.3))
        late.append(before - at * FRAME_S)
    playout = Playout()
    times = shown(late, playout)
    assert sum(gap > 0.2 for gap in gaps(times, 120)) == 0
    assert sum(gap > 0.12 for gap in gaps(times, 120)) < 10
    assert 0.05 < playout.delay_s < LIMIT_S
    assert sum(due - 100 - at * FRAME_S for at, due in enumerate(times)) / 1800 < 0.33


def test_the_delay_goes_away_with_the_jitter() -> None:
    chance = random.Random(3)
    playout = Playout()
    shown([chance.uniform(0, 0.25) for _ in range(600)] + [0.0] * 900, playout)
    assert playout.delay_s == 0.0


@pytest.mark.parametrize("ppm", [-200.0, 200.0])
def test_clocks_that_drift_apart_add_no_delay(ppm: float) -> None:
    playout = Playout()
    shown([0.0] * 30 * 3600, playout, ppm)
    assert playout.delay_s == 0.0


def test_a_far_end_that_counts_anew_is_followed_at_once() -> None:
    playout = Playout()
    shown([0.0] * 100, playout)
    assert playout.due_s(10_000_000, 104.0) == 104.0
    assert playout.due_s(10_003_000, 104.033) == pytest.approx(104.033)


def test_a_hold_for_lip_sync_delays_each_picture_so_much() -> None:
    playout = Playout()
    playout.hold_s = 0.1
    times = shown([0.0, 0.03, 0.0, 0.15, 0.0, 0.0], playout)
    assert [due - 100 - at * FRAME_S for at, due in enumerate(times)][:4] == pytest.approx([0.1, 0.1, 0.1, 0.15])
