"""Several people's sound, made one."""

import numpy as np

from kiosk.frames import BLOCK_SAMPLES, SILENCE
from kiosk.media.mixer import WAITING_LIMIT_BLOCKS, Mixer


def block(level: int) -> bytes:
    return np.full(BLOCK_SAMPLES, level, "<i2").tobytes()


def mixed(*puts: tuple[str, int]) -> list[int]:
    """The level of each block that comes out."""
    out: list[bytes] = []
    mixer = Mixer(out.append)
    for source, level in puts:
        mixer.put(source, block(level))
    assert all(len(one) == len(SILENCE) for one in out)
    return [int(np.frombuffer(one, "<i2")[0]) for one in out]


def test_one_alone_goes_through_at_once() -> None:
    assert mixed(("a", 1), ("a", 2)) == [1, 2]


def test_two_are_added_at_the_pace_of_one() -> None:
    assert mixed(("a", 1), ("b", 10), ("a", 2), ("b", 20), ("a", 3)) == [1, 12, 23]


def test_loud_sums_do_not_wrap_around() -> None:
    assert mixed(("a", 1), ("b", 30_000), ("a", 30_000)) == [1, 32_767]
    assert mixed(("a", 1), ("b", -30_000), ("a", -30_000)) == [1, -32_768]


def test_when_the_one_that_sets_the_pace_falls_silent_another_does() -> None:
    heard = mixed(("a", 1), *[("b", number) for number in range(10, 10 + 2 * WAITING_LIMIT_BLOCKS)])
    assert heard[0] == 1
    assert heard[1:] == list(range(10, 10 + len(heard) - 1))
    assert len(heard) - 1 == WAITING_LIMIT_BLOCKS + 1


def test_a_forgotten_one_is_heard_no_more() -> None:
    out: list[bytes] = []
    mixer = Mixer(out.append)
    mixer.put("a", block(1))
    mixer.put("b", block(10))
    mixer.forget("b")
    mixer.put("a", block(2))
    mixer.forget("a")
    mixer.forget("never there")
    mixer.put("c", block(3))
    assert out == [block(1), block(2), block(3)]
