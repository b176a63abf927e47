"""Pictures in shared memory: whole, newest, never torn, never older than they say."""

import os
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.frames import Colour, VideoFrame
from kiosk.shared_frames import SLOTS, FrameRing, SharedPicture

CAPACITY = 64 * 48 * 4


def frame(width: int, height: int, value: int = 0, padding: int = 0, colour: Colour = Colour.BT601) -> VideoFrame:
    """Counting bytes from `value`, rows padded with 255."""

    def plane(wide: int, high: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
        rows = np.full((high, wide + padding), 255, np.uint8)
        rows[:, :wide] = (np.arange(wide * high).reshape(high, wide) + value) % 251
        return rows[:, :wide]

    wide, high = (width + 1) // 2, (height + 1) // 2
    return VideoFrame(plane(width, height), plane(wide, high), plane(wide, high), 0.0, colour)


def newest(ring: FrameRing) -> SharedPicture:
    picture = ring.newest()
    assert picture
    return picture


@given(st.integers(1, 64), st.integers(1, 48), st.integers(0, 9), st.sampled_from(Colour), st.integers(-1, 2**40))
@settings(max_examples=50, deadline=None)
def test_what_goes_in_comes_out(width: int, height: int, padding: int, colour: Colour, tag: int) -> None:
    ring = FrameRing(CAPACITY)
    other = FrameRing(CAPACITY, os.dup(ring.descriptor))
    given_ = frame(width, height, 3, padding, colour)
    assert ring.write(given_, tag)
    picture = newest(other)
    assert (picture.width, picture.height, picture.tag, picture.colour) == (width, height, tag, colour)
    for part, plane in zip(picture.parts, (given_.y, given_.u, given_.v), strict=True):
        assert part.tobytes() == plane.tobytes()
    assert other.intact(picture)
    del picture, part
    ring.close()
    other.close()


def test_only_the_newest_counts() -> None:
    ring = FrameRing(CAPACITY)
    assert ring.newest() is None
    for number in range(1, 20):
        ring.write(frame(4, 4, number), number)
        assert (newest(ring).number, newest(ring).tag) == (number, number)
    ring.close()


def test_an_overtaken_reader_is_told() -> None:
    ring = FrameRing(CAPACITY)
    ring.write(frame(4, 4), 1)
    picture = newest(ring)
    for _ in range(SLOTS - 1):
        ring.write(frame(4, 4), 2)
        assert ring.intact(picture)
    ring.write(frame(4, 4), 2)
    assert not ring.intact(picture)
    ring.close()


def test_a_half_written_picture_is_not_given_out() -> None:
    ring = FrameRing(CAPACITY)
    for _ in range(SLOTS):
        ring.write(frame(4, 4), 1)
    picture = newest(ring)
    slot = 64 + (SLOTS - 1) * ring._slot_bytes
    ring._memory[slot] -= 1
    assert ring.newest() is None
    assert not ring.intact(picture)
    del picture
    ring.close()


def test_packed_pictures_keep_their_rows() -> None:
    ring = FrameRing(CAPACITY)
    pixels = (np.arange(6 * 20) % 251).astype(np.uint8).reshape(6, 20)
    assert ring.write_packed(pixels[::-1])
    picture = newest(ring)
    assert (picture.width, picture.height, picture.colour) == (5, 6, None)
    assert picture.parts[0].tobytes() == pixels[::-1].tobytes()
    del picture
    ring.close()


def test_the_reader_says_how_it_wants_pictures() -> None:
    ring = FrameRing(CAPACITY)
    reader = FrameRing(CAPACITY, os.dup(ring.descriptor))
    assert ring.wish is None
    reader.ask(40, 30)
    assert ring.wish == (40, 30)
    ring.write(frame(4, 4), 1)
    ring.wipe()
    assert ring.wish == (40, 30)
    reader.ask(640, 480)
    assert ring.wish == (64, 48), "a slot has room for no more"
    reader.ask(0, 0)
    assert ring.wish is None
    ring.close()
    reader.close()
    reader.ask(1, 1)
    assert ring.wish is None


def test_too_large_is_dropped_and_the_last_one_stays() -> None:
    ring = FrameRing(4 * 4 * 3 // 2)
    assert ring.write(frame(4, 4), 1)
    assert not ring.write(frame(5, 4), 2)
    assert newest(ring).tag == 1
    ring.close()


def test_wiped_means_gone_and_numbers_go_on() -> None:
    ring = FrameRing(CAPACITY)
    for _ in range(SLOTS + 2):
        ring.write(frame(64, 48, 1), 1)
    for _ in range(SLOTS):
        ring.write(frame(4, 4, 1), 1)
    ring.wipe()
    assert ring.newest() is None
    assert not ring._bytes[64:].any()
    ring.write(frame(4, 4), 2)
    assert newest(ring).number == 2 * SLOTS + 3
    ring.close()


def test_closed_means_nothing_happens_any_more() -> None:
    ring = FrameRing(CAPACITY)
    ring.write(frame(4, 4), 1)
    picture = newest(ring)
    ring.close()
    ring.close()
    assert not ring.write(frame(4, 4), 2)
    assert ring.newest() is None
    assert not ring.intact(picture)
    ring.wipe()
    assert picture.parts[0].size == 16


@pytest.mark.parametrize("threads", [3])
def test_many_writers_and_a_reader_never_tear_a_picture(threads: int) -> None:
    ring = FrameRing(CAPACITY)
    stop = threading.Event()

    def write(value: int) -> None:
        luma, chroma = np.full((48, 64), value, np.uint8), np.full((24, 32), value, np.uint8)
        plain = VideoFrame(luma, chroma, chroma, 0.0)
        while not stop.is_set():
            ring.write(plain, value)

    writers = [threading.Thread(target=write, args=(10 + i,)) for i in range(threads)]
    for writer in writers:
        writer.start()
    whole = 0
    for _ in range(300):
        picture = ring.newest()
        if picture is None:
            continue
        copies = [part.copy() for part in picture.parts]
        if ring.intact(picture):
            whole += 1
            assert all((copy == picture.tag).all() for copy in copies)
    stop.set()
    for writer in writers:
        writer.join()
    assert whole
    ring.close()
