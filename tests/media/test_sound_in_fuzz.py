"""Whatever comes, in whatever order: no crash, no memory without bound, and good packets are heard again after it."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk.frames import BLOCK_BYTES, SILENCE
from kiosk.media.sound_in import Packet, SoundIn
from kiosk.media.sound_in.decoders import open_decoder
from kiosk.media.sound_in.shelf import PACKETS_AT_MOST

from .traces import BEGIN_S, Clock, ToneDecoder, packets, play

WORST = st.builds(
    Packet,
    codec=st.sampled_from(["opus", "opus", "opus", "PCMU", "x"]),
    clock_hz=st.sampled_from([48_000, 8000, 90_000]),
    ssrc=st.sampled_from([1, 1, 1, 2]),
    sequence=st.integers(0, 65_535),
    timestamp=st.integers(0, 2**32 - 1) | st.integers(0, 400).map(lambda number: number * 960),
    payload=st.binary(max_size=60) | st.builds(ToneDecoder.payload, st.integers(-1, 10**9), st.integers(-1, 7000)),
    arrived_at_s=st.just(BEGIN_S),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(WORST, st.integers(0, 3), st.sampled_from([0.0, 0.02, 0.02, 0.02, 0.5, 30.0])), max_size=80),
    st.booleans(),
)
def test_any_packets_at_any_time_are_survived(coming: list[tuple[Packet, int, float]], by_libopus: bool) -> None:
    clock = Clock()
    sound_in = SoundIn(clock, open_decoder if by_libopus else lambda _: ToneDecoder())
    for packet, blocks, passed_s in coming:
        clock.now_s += passed_s
        sound_in.insert(packet._replace(arrived_at_s=clock.now_s))
        for _ in range(blocks):
            assert len(sound_in.next_block()) == BLOCK_BYTES
        sound_in.note_report(3.9e9, packet.timestamp)
        sound_in.sender_report()
        figures = sound_in.figures()
        assert 0 <= figures.concealed_share <= 1
        playout = sound_in._playout
        assert len(playout.shelf) <= PACKETS_AT_MOST
        assert len(playout._sound) <= 3 * 5760
    # And then a stream that is well.
    begin_s = clock.now_s
    stream = packets(3, begin_s=begin_s, ssrc=9)
    heard: list[bytes] = []
    decoders = [ToneDecoder()]
    sound_in._playout._open_decoder = lambda _: decoders[0]
    while stream or len(heard) < 150:
        clock.now_s += 0.02
        while stream and stream[0].arrived_at_s <= clock.now_s:
            sound_in.insert(stream.pop(0))
        heard.append(sound_in.next_block())
    assert SILENCE not in heard[20:145]
    assert sound_in.figures().jitter_buffer_ms < 60


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.floats(0, 0.5), st.booleans(), st.booleans()), min_size=10, max_size=150),
    st.integers(0, 65_535),
    st.integers(0, 2**32 - 1),
    st.sampled_from([10, 20, 40, 60]),
    st.floats(0, 0.019),
)
@example([(0.0, True, False)] + [(0.0, False, False)] * 9, 0, 2**32 - 60 * 48, 60, 0.0)  # begins anew at the second
def test_any_path_is_survived_and_forgotten(
    path: list[tuple[float, bool, bool]], sequence: int, timestamp: int, packet_ms: int, phase_s: float
) -> None:
    """Delay, loss and doubling for each packet, then a path that is clean."""
    seconds = len(path) * packet_ms / 1000
    stream = packets(
        seconds + 30,
        packet_ms=packet_ms,
        sequence=sequence,
        timestamp=timestamp,
        delay_s=lambda number: path[number][0] if number < len(path) else 0.0,
        is_lost=lambda number: number < len(path) and path[number][1],
    )
    doubled = [packet for number, packet in enumerate(stream) if number < len(path) and path[number][2]]
    stream = sorted([*stream, *doubled], key=lambda packet: packet.arrived_at_s)
    heard = play(stream, seconds + 30, phase_s=phase_s, timestamp=timestamp)
    assert max(heard.delays_ms) < 1500
    assert SILENCE not in heard.blocks[-500:]
    # A packet's own length, and once more while copies are waited for.
    assert heard.delays_ms[-1] < 40 + 2 * packet_ms
