"""Packets in any order; whole pictures in decoding order."""

import random

import pytest

from kiosk.media.picture_in.jitter_buffer import CAPACITY_PACKETS, Coded, JitterBuffer, Packet

Sent = list[Packet]


def picture(number: int, timestamp: int, parts: int = 3, is_key: bool = False, ends: bool = True) -> Sent:
    return [
        Packet(
            number + part,
            timestamp,
            ends and part == parts - 1,
            is_key and part == 0,
            is_key and part == 0,
            f"{timestamp}.{part} ".encode(),
            float(part),
        )
        for part in range(parts)
    ]


def stream(count: int, keys: tuple[int, ...] = (0,)) -> list[Sent]:
    return [picture(at * 3, at, is_key=at in keys) for at in range(count)]


def given(packets: Sent, buffer: JitterBuffer | None = None) -> list[int]:
    """The timestamps that come out."""
    buffer = buffer or JitterBuffer()
    return [coded.timestamp for packet in packets for coded in buffer.add(packet)]


def joined(pictures: list[Sent]) -> Sent:
    return [packet for packets in pictures for packet in packets]


def test_a_picture_comes_out_with_its_last_packet() -> None:
    buffer = JitterBuffer()
    first, second, third = picture(0, 0, is_key=True)
    assert buffer.add(first) == []
    assert buffer.add(second) == []
    assert buffer.add(third) == [Coded(b"0.0 0.1 0.2 ", 0, True, 2.0, 3)]
    assert (buffer.depth, buffer.hole, buffer.waits_for_key) == (0, None, False)


def test_a_picture_without_a_marker_comes_out_with_the_next_one() -> None:
    packets = picture(0, 0, is_key=True, ends=False) + picture(3, 1, ends=False) + picture(6, 2)
    assert given(packets) == [0, 1, 2]


@pytest.mark.parametrize("seed", range(20))
def test_any_order_gives_the_same_once_a_key_frame_is_there(seed: int) -> None:
    pictures = stream(12)
    rest = joined(pictures[1:])
    random.Random(seed).shuffle(rest)
    assert given(pictures[0] + rest) == list(range(12))


def test_packets_that_come_twice_count_once() -> None:
    buffer = JitterBuffer()
    packets = joined(stream(4))
    twice = [packet for packet in packets for _ in range(2)]
    assert given(twice, buffer) == [0, 1, 2, 3]
    assert given(packets, buffer) == []
    assert buffer.duplicates == 24


def test_nothing_comes_out_before_a_key_frame() -> None:
    assert given(joined(stream(6, keys=(3,)))) == [3, 4, 5]


def test_a_gap_holds_everything_until_it_is_filled() -> None:
    buffer = JitterBuffer()
    packets = joined(stream(6))
    late = packets.pop(4)
    assert given(packets, buffer) == [0]
    assert buffer.hole == 4
    assert given([late], buffer) == [1, 2, 3, 4, 5]
    assert buffer.hole is None


def test_a_gap_is_left_for_a_whole_key_frame_behind_it() -> None:
    buffer = JitterBuffer()
    packets = joined(stream(8, keys=(0, 5)))
    late = packets.pop(4)
    assert given(packets, buffer) == [0, 5, 6, 7]
    assert given([late], buffer) == []
    assert buffer.depth == 0


def test_a_key_frame_that_is_not_whole_does_not_help() -> None:
    buffer = JitterBuffer()
    packets = joined(stream(8, keys=(0, 5)))
    first_late, second_late = packets[4], packets[16]
    rest = [packet for packet in packets if packet.number not in (4, 16)]
    assert given(rest, buffer) == [0]
    assert given([second_late], buffer) == [5, 6, 7]
    assert given([first_late], buffer) == []


def test_the_first_packet_of_a_key_frame_may_come_last() -> None:
    packets = joined(stream(3))
    assert given([*packets[1:], packets[0]]) == [0, 1, 2]


def test_a_delimiter_before_a_picture_that_is_no_key_frame_is_not_believed() -> None:
    packets = joined(stream(4, keys=()))
    packets[3].starts = True
    assert given(packets) == []
    assert given([*packets, *picture(12, 4, is_key=True)]) == [4]


def test_padding_takes_numbers_but_makes_no_picture() -> None:
    pad = [Packet(number, 0, False, False, False, b"", 0.0) for number in (3, 4)]
    assert given(picture(0, 0, is_key=True) + pad + picture(5, 1)) == [0, 1]
    swapped = [pad[1], *picture(5, 1), pad[0]]
    assert given(picture(0, 0, is_key=True) + swapped) == [0, 1]


def test_memory_has_a_bound_and_a_key_frame_ends_the_waiting() -> None:
    buffer = JitterBuffer()
    assert given(picture(0, 0, is_key=True), buffer) == [0]
    for at in range(2, 2000):
        assert given(picture(at * 3, at), buffer) == []
        assert buffer.depth <= CAPACITY_PACKETS
    assert buffer.waits_for_key
    assert given(picture(6000, 2000, is_key=True), buffer) == [2000]
    assert buffer.depth == 0


@pytest.mark.parametrize("jump", [5000, -5000])
def test_a_count_that_begins_elsewhere_is_believed_after_a_few_packets(jump: int) -> None:
    buffer = JitterBuffer()
    given(joined(stream(5)), buffer)
    (stray,) = picture(15 + jump, 0, parts=1)
    assert given([stray, *picture(15, 5)], buffer) == [5]
    elsewhere = joined([picture(18 + jump + at * 3, 6 + at, is_key=at == 2) for at in range(4)])
    assert given(elsewhere, buffer) == [8, 9]


def test_after_giving_up_only_a_key_frame_helps() -> None:
    buffer = JitterBuffer()
    given(joined(stream(5)), buffer)
    buffer.wait_for_key()
    assert given(picture(15, 5) + picture(18, 6, is_key=True) + picture(21, 7), buffer) == [6, 7]
