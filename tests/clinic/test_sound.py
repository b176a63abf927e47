"""The mix and its rings."""

import av
import numpy as np

from kiosk.clinic.sound import BLOCK, PREFILL_BLOCKS, RING_BLOCKS, SoundRing, mix, mono


def block(value: int, count: int = 1) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.full(BLOCK * count, value, np.int16)


def test_nobody_hears_himself() -> None:
    blocks = {"a": block(1), "b": block(10), "c": block(100)}
    assert [int(mix(blocks, who)[0]) for who in ("a", "b", "c", "d")] == [110, 101, 11, 111]
    assert not mix({"a": block(1)}, "a").any()


def test_mix_is_limited_not_wrapped() -> None:
    assert int(np.min(mix({"a": block(30_000), "b": block(30_000)}, "c"))) == 32_767
    assert int(np.max(mix({"a": block(-30_000), "b": block(-30_000)}, "c"))) == -32_768


def test_ring_fills_before_it_speaks_and_again_after_a_hole() -> None:
    ring = SoundRing()
    ring.push(block(1))
    assert ring.pop() is None
    ring.push(block(2))
    assert [int(b[0]) for b in (ring.pop(), ring.pop()) if b is not None] == [1, 2]
    assert ring.pop() is None
    ring.push(block(3))
    assert ring.pop() is None
    ring.push(block(4))
    assert ring.pop() is not None


def test_ring_drops_the_oldest() -> None:
    ring = SoundRing()
    for number in range(RING_BLOCKS + 1):
        ring.push(block(number))
    first = ring.pop()
    assert first is not None
    assert int(first[0]) == RING_BLOCKS + 1 - PREFILL_BLOCKS


def test_stereo_becomes_mono() -> None:
    frame = av.AudioFrame.from_ndarray(np.array([[100, 300, -100, -300]], np.int16), format="s16", layout="stereo")
    assert mono(frame).tolist() == [200, -200]
