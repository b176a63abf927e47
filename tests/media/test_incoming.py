"""Remote picture and sound on their way to screen and loudspeaker."""

import numpy as np

from kiosk.frames import SILENCE, VideoFrame
from kiosk.media import Incoming

from .far_end import flat_frame, tone_block


class Tone:
    """Somebody's sound without end."""

    def __init__(self, hz: int = 1000) -> None:
        self.hz = hz
        self.blocks = 0
        self.delay_s = 0.0

    def next_block(self, speaker_delay_s: float) -> bytes:
        self.blocks += 1
        self.delay_s = speaker_delay_s
        return tone_block(self.hz, self.blocks)


def samples(block: bytes) -> list[int]:
    return [int(sample) for sample in np.frombuffer(block, np.int16)]


def fades_out(block: bytes) -> bool:
    """No step at the beginning, and silence after 5 ms."""
    return abs(samples(block)[0]) < 8000 and any(samples(block)[:240]) and not any(samples(block)[240:])


def test_the_attached_sound_is_heard_and_told_how_late_the_loudspeaker_is() -> None:
    incoming, tone = Incoming(), Tone()
    incoming.speaker_delay_s = 0.03
    assert incoming.next_block() == SILENCE
    incoming.attach(object(), tone)
    assert incoming.next_block() == tone_block(1000, 1)
    assert tone.delay_s == 0.03


def test_a_closed_gate_drops_pictures_and_sound_at_once_but_for_a_fade() -> None:
    incoming, tone = Incoming(), Tone()
    incoming.attach(None, tone)
    shown: list[VideoFrame] = []
    incoming.on_picture = shown.append
    incoming.next_block()
    incoming.open(False)
    incoming.put_picture(flat_frame(1, 2, 3))
    assert fades_out(incoming.next_block())
    assert incoming.next_block() == SILENCE
    assert (tone.blocks, shown) == (1, [])
    incoming.open(True)
    begun = incoming.next_block()
    assert samples(begun)[0] == 0
    assert samples(begun)[240:] == samples(tone_block(1000, 2))[240:]
    incoming.put_picture(flat_frame(1, 2, 3))
    assert (incoming.next_block(), len(shown)) == (tone_block(1000, 3), 1)


def test_nothing_comes_out_after_the_end_of_the_visit() -> None:
    incoming, tone = Incoming(), Tone()
    incoming.attach(None, tone)
    shown: list[VideoFrame] = []
    incoming.on_picture = shown.append
    incoming.close()
    incoming.close()
    incoming.open(True)
    incoming.on_picture = shown.append
    incoming.put_picture(flat_frame(1, 2, 3))
    assert (incoming.next_block(), incoming.next_block(), shown, tone.blocks) == (SILENCE, SILENCE, [], 0)


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
    incoming.attach(old, Tone(400))
    incoming.attach(new, Tone(1000))
    incoming.detach(old)
    incoming.put_picture(flat_frame(1, 2, 3), old)
    incoming.put_slides(flat_frame(1, 2, 3), old)
    assert shown == []
    assert incoming.next_block() == tone_block(1000, 1)
    incoming.put_picture(flat_frame(1, 2, 3), new)
    incoming.detach(new)
    incoming.put_picture(flat_frame(1, 2, 3), new)
    assert len(shown) == 1
    assert fades_out(incoming.next_block())
    assert incoming.next_block() == SILENCE


def test_the_others_are_heard_beside_it() -> None:
    incoming, other = Incoming(), Tone(400)
    incoming.attach(object(), Tone(1000))
    incoming.add_sound(other)
    both = np.frombuffer(tone_block(1000, 1), np.int16) + np.frombuffer(tone_block(400, 1), np.int16)
    assert incoming.next_block() == both.tobytes()
    incoming.remove_sound(other)
    incoming.next_block()
    assert incoming.next_block() == tone_block(1000, 3)


def test_a_picture_that_nobody_wants_is_dropped() -> None:
    Incoming().put_picture(flat_frame(1, 2, 3))


def test_the_level_is_that_of_the_newest_block() -> None:
    incoming = Incoming()
    assert incoming.level_dbfs() == -100
    incoming.attach(None, Tone())
    incoming.next_block()
    assert -16 < incoming.level_dbfs() < -14
