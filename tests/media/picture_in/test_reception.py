"""Packets of a simulated line: what comes out is whole, in order, soon, and nothing stops it for good."""

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.media.picture_in.arrival import Arrival
from kiosk.media.picture_in.jitter_buffer import CAPACITY_PACKETS
from kiosk.media.picture_in.missing import CAPACITY
from kiosk.media.picture_in.payload import Codec
from kiosk.media.picture_in.reception import KEY_FRAME_EVERY_S, OVERTAKEN_S, Reception

from .line import Line, vp8


def check(line: Line) -> None:
    """Rising, and behind a gap only a key frame."""
    for (_, before, _), (_, after, coded) in itertools.pairwise(line.shown):
        assert after > before
        assert after == before + 1 or coded.is_key, f"picture {after} after {before}"


def bursts(chance: float, mean: float) -> object:
    state = [False]

    def lost(line: random.Random) -> bool:
        state[0] = line.random() < (1 - 1 / mean) if state[0] else line.random() < chance
        return state[0]

    return lost


def test_a_clean_line_shows_every_picture_when_its_last_packet_comes() -> None:
    line = Line()
    line.run(60.0)
    assert line.numbers() == list(range(len(line.shown)))
    assert line.sent - len(line.shown) <= 2
    assert max(line.gaps_s()) < 0.034
    assert line.key_frames == [0]
    assert (line.reception.packets_asked, line.reception.key_frames_asked) == (0, 0)


@pytest.mark.parametrize("percent", [2, 5, 10])
def test_lost_packets_come_again(percent: int) -> None:
    line = Line(lost=lambda random: random.random() < percent / 100)
    line.run(60.0)
    check(line)
    assert len(line.shown) > 0.98 * line.sent
    assert sum(gap for gap in line.gaps_s() if gap > 0.2) < percent * 1.5
    assert line.reception.rtt_s == pytest.approx(0.08, abs=0.03)


@pytest.mark.parametrize("one_way_s", [0.005, 0.021, 0.05])
def test_a_key_frame_is_for_what_cannot_be_repaired(one_way_s: float) -> None:
    line = Line(lost=lambda random: random.random() < 0.1, one_way_s=one_way_s)
    line.run(60.0)
    assert len(line.key_frames) < 10
    assert line.reception.rtt_s == pytest.approx(2 * one_way_s, rel=0.5)


def test_bursts_are_survived() -> None:
    line = Line(lost=bursts(0.01, 3.3))  # type: ignore[arg-type]
    line.run(60.0)
    check(line)
    assert len(line.shown) > 0.97 * line.sent
    assert sum(gap for gap in line.gaps_s() if gap > 0.2) < 3


def test_packets_that_overtake_each_other_make_no_storm() -> None:
    line = Line(jitter_s=lambda random: random.uniform(0, 0.015))
    line.run(30.0)
    check(line)
    assert len(line.shown) >= line.sent - 3
    assert line.reception.packets_asked < 0.15 * line.sent * 4
    assert line.reception.key_frames_asked == 0


def test_a_line_cut_for_ten_seconds_goes_on_with_a_key_frame() -> None:
    line = Line()
    line.run(5.0)
    line.cut = True
    line.run(10.0)
    line.cut = False
    back_at_s = line.now_s
    line.run(2.0)
    check(line)
    first_s = next(at_s for at_s, _, _ in line.shown if at_s > back_at_s)
    assert first_s - back_at_s < 0.2
    assert len(line.key_frames) == 2


def test_a_far_end_that_begins_anew_is_followed_at_once() -> None:
    line = Line()
    line.run(3.0)
    line.restart(ssrc=99)
    again_at_s = line.now_s
    line.run(1.0)
    check(line)
    assert next(at_s for at_s, _, _ in line.shown if at_s > again_at_s + 0.05) - again_at_s < 0.12
    assert line.reception.ssrc == 99
    assert len(line.shown) >= line.sent - 3


def test_late_packets_of_the_former_stream_do_not_bring_it_back() -> None:
    reception = Reception()
    key = Arrival("VP8", 1, 10, 0, True, vp8(b"x", True, True), False)
    assert reception.add(key, 0.0)
    assert reception.add(replace(key, ssrc=2, number=500), 1.0)
    assert not reception.add(replace(key, number=11, timestamp=3000), 1.1)
    assert reception.ssrc == 2
    assert reception.add(replace(key, number=300, timestamp=9000), 4.0), "it may come back later"


def test_another_codec_begins_with_its_own_key_frame() -> None:
    reception = Reception()
    assert reception.add(Arrival("VP8", 1, 1, 0, True, vp8(b"x", True, True), False), 0.0)
    assert not reception.add(Arrival("H264", 1, 2, 3000, True, b"\x41slice", False), 0.03)
    ask = reception.ask(0.06)
    assert ask is not None
    assert ask.key_frame
    (coded,) = reception.add(Arrival("H264", 1, 3, 6000, True, b"\x67sps", False), 0.06)
    assert coded.data == b"\0\0\0\1\x67sps"


def test_a_stream_that_is_joined_in_the_middle_asks_for_a_key_frame_at_once() -> None:
    reception = Reception()
    assert not reception.add(Arrival("VP8", 1, 1, 0, True, vp8(b"x", True, False), False), 0.0)
    at_s = reception.ask_at_s(0.0)
    assert at_s == OVERTAKEN_S
    ask = reception.ask(at_s)
    assert ask is not None
    assert (ask.key_frame, ask.lost) == (True, ())
    assert reception.ask_at_s(at_s) == pytest.approx(at_s + KEY_FRAME_EVERY_S)
    assert reception.ask(0.2) is None
    assert reception.ask(at_s + 0.31) is not None


def test_a_broken_picture_stops_the_stream_until_a_key_frame() -> None:
    line = Line()
    line.run(2.0)
    last = line.numbers()[-1]
    line.reception.broken(line.now_s)
    line.run(1.0)
    after = line.numbers()[line.numbers().index(last) + 1]
    assert after == line.key_frames[-1]
    assert line.shown[-1][1] > after


def test_a_picture_whose_end_is_lost_while_nothing_follows_is_asked_for() -> None:
    reception = Reception()
    reception.add(Arrival("VP8", 1, 1, 0, True, vp8(b"x", True, True), False), 0.0)
    reception.add(Arrival("VP8", 1, 2, 3000, False, vp8(b"x", True, False), False), 0.03)
    assert reception.ask(0.1) is None
    at_s = reception.ask_at_s(0.1)
    assert at_s == pytest.approx(0.33)
    ask = reception.ask(0.34)
    assert ask is not None
    assert ask.key_frame


CODECS: tuple[Codec, ...] = ("VP8", "H264")
arrivals = st.builds(
    Arrival,
    codec=st.sampled_from(CODECS),
    ssrc=st.sampled_from([1, 1, 1, 2]),
    number=st.one_of(st.integers(0, 30), st.integers(0, 0xFFFF), st.integers(65_520, 0xFFFF)),
    timestamp=st.one_of(st.sampled_from([0, 3000, 6000]), st.integers(0, 0xFFFFFFFF)),
    ends=st.booleans(),
    payload=st.one_of(
        st.binary(max_size=8),
        st.sampled_from(
            [vp8(b"k", True, True), vp8(b"d", True, False), vp8(b"m", False, False), b"\x67\x42", b"\x65x"]
        ),
    ),
    is_repair=st.booleans(),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(arrivals, st.floats(0, 0.3)), max_size=80))
def test_whatever_comes_nothing_breaks_and_a_key_frame_always_helps(trace: list[tuple[Arrival, float]]) -> None:
    reception, now_s = Reception(), 0.0
    for arrival, pause_s in trace:
        now_s += pause_s
        for coded in reception.add(arrival, now_s):
            assert coded.data
        ask = reception.ask(now_s)
        assert ask is None or len(ask.lost) <= CAPACITY
        assert ask is None or all(0 <= number <= 0xFFFF for number in ask.lost)
        at_s = reception.ask_at_s(now_s)
        assert at_s is None or at_s >= now_s - 10
        assert reception.depth <= CAPACITY_PACKETS
        if len(arrival.payload) == 5:
            reception.broken(now_s)
    # Then a far end that behaves: each picture comes out from its first, or its next, key frame on.
    now_s += 3.0
    shown = 0
    for number in range(20):
        payload = vp8(b"after", True, is_key=number % 5 == 0)
        coming = Arrival("VP8", 3, (65_530 + number) & 0xFFFF, number * 3000, True, payload, False)
        shown += len(reception.add(coming, now_s + number / 30))
    assert shown == 20
