"""Remote picture and sound on their way to screen and loudspeaker."""

from kiosk.frames import BLOCK_BYTES, SILENCE, VideoFrame
from kiosk.media import Incoming

from .far_end import flat_frame, tone_block


def block(number: int) -> bytes:
    return bytes([number]) * BLOCK_BYTES


def filled(count: int) -> Incoming:
    incoming = Incoming()
    for number in range(1, count + 1):
        incoming.put_sound(block(number))
    return incoming


def test_sound_starts_when_60_ms_are_there_and_again_after_it_ran_dry() -> None:
    incoming = filled(2)
    assert incoming.next_block() == SILENCE
    incoming.put_sound(block(3))
    assert [incoming.next_block() for _ in range(4)] == [block(1), block(2), block(3), SILENCE]
    incoming.put_sound(block(4))
    incoming.put_sound(block(5))
    assert incoming.next_block() == SILENCE
    incoming.put_sound(block(6))
    assert incoming.next_block() == block(4)


def test_200_ms_may_wait() -> None:
    assert filled(10).next_block() == block(1)


def test_more_than_200_ms_are_cut_back_to_60() -> None:
    incoming = filled(11)
    assert [incoming.next_block() for _ in range(4)] == [block(9), block(10), block(11), SILENCE]


def test_a_closed_gate_drops_pictures_and_sound_at_once() -> None:
    incoming = filled(5)
    shown: list[VideoFrame] = []
    incoming.on_picture = shown.append
    incoming.open(False)
    incoming.put_picture(flat_frame(1, 2, 3))
    for number in range(5):
        incoming.put_sound(block(number))
    assert (incoming.next_block(), shown) == (SILENCE, [])
    incoming.open(True)
    assert incoming.next_block() == SILENCE
    incoming.put_picture(flat_frame(1, 2, 3))
    for number in range(1, 4):
        incoming.put_sound(block(number))
    assert (incoming.next_block(), len(shown)) == (block(1), 1)


def test_nothing_comes_out_after_the_end_of_the_visit() -> None:
    incoming = filled(5)
    shown: list[VideoFrame] = []
    incoming.on_picture = shown.append
    incoming.close()
    incoming.close()
    incoming.open(True)
    incoming.on_picture = shown.append
    incoming.put_picture(flat_frame(1, 2, 3))
    for number in range(5):
        incoming.put_sound(block(number))
    assert (incoming.next_block(), shown) == (SILENCE, [])


def test_the_callback_itself_may_end_the_visit() -> None:
    incoming = Incoming()
    incoming.on_picture = lambda _: incoming.close()
    incoming.put_picture(flat_frame(1, 2, 3))
    assert incoming.on_picture is None


def test_slides_pass_the_same_gate() -> None:
    incoming = Incoming()
    shown: list[VideoFrame] = []
    incoming.on_slides = shown.append
    incoming.put_slides(flat_frame(1, 2, 3))
    incoming.open(False)
    incoming.put_slides(flat_frame(1, 2, 3))
    incoming.open(True)
    incoming.put_slides(flat_frame(1, 2, 3))
    incoming.close()
    incoming.put_slides(flat_frame(1, 2, 3))
    assert len(shown) == 2
    assert incoming.on_slides is None


def test_only_the_newest_source_is_listened_to() -> None:
    incoming = Incoming()
    shown: list[VideoFrame] = []
    incoming.on_picture = incoming.on_slides = shown.append
    old, new = object(), object()
    incoming.attach(old)
    for number in range(1, 6):
        incoming.put_sound(block(number), old)
    incoming.attach(new)
    incoming.detach(old)
    incoming.put_picture(flat_frame(1, 2, 3), old)
    incoming.put_slides(flat_frame(1, 2, 3), old)
    for number in range(6, 9):
        incoming.put_sound(block(number), old)
    assert shown == []
    for number in range(11, 14):
        incoming.put_sound(block(number), new)
    assert incoming.next_block() == block(11)
    incoming.put_picture(flat_frame(1, 2, 3), new)
    incoming.detach(new)
    incoming.put_picture(flat_frame(1, 2, 3), new)
    assert len(shown) == 1


def test_a_picture_that_nobody_wants_is_dropped() -> None:
    Incoming().put_picture(flat_frame(1, 2, 3))


def test_the_level_is_that_of_the_newest_block() -> None:
    incoming = Incoming()
    assert incoming.level_dbfs() == -100
    for number in range(3):
        incoming.put_sound(tone_block(1000, number))
    incoming.next_block()
    assert -16 < incoming.level_dbfs() < -14
