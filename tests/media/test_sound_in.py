"""The far end's sound over simulated paths: heard in time, in order, without holes."""

import numpy as np
import pytest

from kiosk.frames import BLOCK_BYTES, SILENCE
from kiosk.media.libopus import Samples
from kiosk.media.sound_in import Presence, SoundIn

from .traces import BEGIN_S, Clock, Heard, ToneDecoder, bursts, jitter, packets, play, random_loss, tone


def steepest(sound: Samples) -> int:
    """The greatest step from one sample to the next."""
    return int(np.max(np.abs(np.diff(sound.astype(np.int32)))))


SMOOTH = steepest(tone(0, 960)) * 1.3
"""No step in the tone is greater, but for the rounding of seams."""


def latest_ms(heard: Heard) -> float:
    """Over the last second."""
    return float(np.mean(heard.delays_ms[-50:]))


@pytest.mark.parametrize("phase_s", [0.0, 0.004, 0.012, 0.019])
def test_on_a_clean_path_sound_waits_for_10_to_30_ms_and_nothing_is_changed(phase_s: float) -> None:
    heard = play(packets(10, delay_s=jitter(0.002)), 10, phase_s=phase_s)
    assert np.min(heard.delays_ms) >= 10
    assert np.max(heard.delays_ms) <= 32
    figures = heard.figures
    assert (figures.concealed_share, figures.stretched_share, figures.late_packets) == (0.0, 0.0, 0)
    assert steepest(heard.sound) <= SMOOTH


@pytest.mark.parametrize(("packet_ms", "at_most_ms"), [(10, 30), (20, 30), (40, 52), (60, 72)])
def test_packets_of_any_length_are_played(packet_ms: int, at_most_ms: float) -> None:
    heard = play(packets(10, packet_ms=packet_ms), 10)
    assert latest_ms(heard) <= at_most_ms
    assert heard.figures.concealed_share == 0.0
    assert steepest(heard.sound) <= SMOOTH


@pytest.mark.parametrize(
    ("share", "concealed_at_most"), [(0.02, 0.005), (0.05, 0.012), (0.10, 0.025)], ids=["2 %", "5 %", "10 %"]
)
def test_most_of_what_is_lost_comes_out_of_the_copy_in_the_next_packet(share: float, concealed_at_most: float) -> None:
    heard = play(packets(120, is_lost=random_loss(share)), 120)
    figures = heard.figures
    assert figures.concealed_share <= concealed_at_most
    assert figures.fec_share == pytest.approx(share, rel=0.25)
    assert np.max(heard.delays_ms) <= 60
    assert steepest(heard.sound[960 * 10 :]) <= SMOOTH


def test_bursts_of_loss_add_no_delay() -> None:
    heard = play(packets(120, is_lost=bursts()), 120)
    assert np.max(heard.delays_ms) <= 60
    assert heard.figures.concealed_share < 0.05


@pytest.mark.parametrize(("most_s", "at_most_ms"), [(0.02, 45), (0.05, 80), (0.1, 130)])
def test_packets_out_of_order_are_put_in_order(most_s: float, at_most_ms: float) -> None:
    heard = play(packets(60, delay_s=jitter(most_s)), 60)
    assert heard.figures.concealed_share < 0.01
    assert latest_ms(heard) <= at_most_ms


def test_jitter_of_300_ms_in_order_is_waited_for_and_no_longer() -> None:
    heard = play(packets(60, delay_s=jitter(0.3), in_order=True), 60)
    assert heard.figures.concealed_share < 0.01
    assert latest_ms(heard) < 330


def test_when_the_path_is_calm_again_the_delay_goes() -> None:
    calm_after = jitter(0.15)
    heard = play(packets(90, delay_s=lambda number: calm_after(number) if number < 1000 else 0.0, in_order=True), 90)
    assert latest_ms(heard) <= 35
    assert heard.figures.concealed_share < 0.01


@pytest.mark.parametrize(
    ("far_ppm", "card_ppm", "hours"), [(200, 0, 0.2), (-200, 0, 0.2), (0, 200, 0.2), (0, -200, 0.2), (150, -50, 0.5)]
)
def test_clocks_may_drift_for_long(far_ppm: float, card_ppm: float, hours: float) -> None:
    heard = play(
        packets(hours * 3600, drift_ppm=far_ppm, delay_s=jitter(0.003)), hours * 3600 - 1, card_ppm=card_ppm, keep=False
    )
    figures = heard.figures
    assert figures.drift_ppm == pytest.approx(far_ppm - card_ppm, abs=5)
    assert 5 <= figures.jitter_buffer_ms <= 50
    assert figures.concealed_share < 0.0005
    assert figures.stretched_share == pytest.approx(200e-6, rel=0.5)


def test_sequence_numbers_and_timestamps_wrap_around() -> None:
    begin = 2**32 - 100 * 960
    heard = play(packets(10, sequence=65_500, timestamp=begin, delay_s=jitter(0.05)), 10, timestamp=begin)
    assert heard.figures.concealed_share < 0.01
    assert np.max(heard.delays_ms) < 90


def test_duplicates_are_heard_once() -> None:
    once = packets(5)
    twice = sorted(
        [*once, *(packet._replace(arrived_at_s=packet.arrived_at_s + 0.004) for packet in once)],
        key=lambda packet: packet.arrived_at_s,
    )
    decoder = ToneDecoder()
    heard = play(twice, 5, open_decoder=lambda _: decoder)
    assert decoder.decoded == sorted(set(decoder.decoded))
    assert heard.figures.duplicate_packets + heard.figures.late_packets >= 245


def test_after_10_s_of_nothing_sound_begins_anew_without_delay() -> None:
    heard = play(packets(30, is_lost=lambda number: 500 <= number < 1000), 30)
    gap = [block for block, at_s in zip(heard.blocks, heard.times_s, strict=True) if 10.5 < at_s < 19.9]
    assert set(gap) == {SILENCE}
    assert latest_ms(heard) <= 30
    assert steepest(heard.sound) <= SMOOTH


def test_a_sender_whose_time_stood_still_for_a_while_is_heard_without_delay() -> None:
    # It pauses and goes on with the next timestamp.
    heard = play(packets(30, delay_s=lambda number: 10.0 if number >= 500 else 0.0), 40)
    played = [number for number, block in enumerate(heard.blocks) if block != SILENCE]
    assert played[-1] * 0.02 == pytest.approx(40, abs=0.2)
    assert heard.figures.jitter_buffer_ms <= 60


@pytest.mark.parametrize("change", ["ssrc", "timestamp"])
def test_a_far_end_that_begins_anew_is_heard_at_once(change: str) -> None:
    first = packets(5)
    other = {"ssrc": 7} if change == "ssrc" else {"timestamp": 3_000_000_000}
    second = packets(5, begin_s=BEGIN_S + 5, sequence=30_000, **other)  # type: ignore[arg-type]
    heard = play([*first, *second], 10)
    gap = sum(block == SILENCE for block in heard.blocks[10:])
    assert gap <= 5
    assert steepest(heard.sound) <= SMOOTH


def test_a_straggler_of_another_time_changes_nothing() -> None:
    # Uneven, so that some packets wait and would be lost with the time they belong to.
    stream = packets(5, delay_s=jitter(0.1))
    stream[100:100] = [stream[100]._replace(timestamp=3_000_000_000), stream[100]._replace(timestamp=1_000_000_000)]
    assert play(stream, 5).positions == play(packets(5, delay_s=jitter(0.1)), 5).positions


def test_packets_of_the_source_before_are_not_heard_after_a_change() -> None:
    old, new = packets(5), packets(5, begin_s=BEGIN_S + 4.9, ssrc=7)
    decoders: list[ToneDecoder] = []

    def open_decoder(_: str) -> ToneDecoder:
        decoders.append(ToneDecoder())
        return decoders[-1]

    play(sorted([*old, *new], key=lambda packet: packet.arrived_at_s), 10, open_decoder=open_decoder)
    assert len(decoders) == 2


def test_after_a_pause_of_the_loudspeaker_only_the_newest_is_heard() -> None:
    heard = play(packets(20), 20, is_open=lambda at_s: not 5 < at_s < 12)
    assert latest_ms(heard) <= 45
    assert heard.figures.skipped_packets > 200


def test_a_loudspeaker_that_asks_late_and_then_often_changes_nothing() -> None:
    heard = play(packets(30), 30, late_s=lambda number: 0.06 - 0.02 * (number % 4) if 500 < number < 1000 else 0.0)
    assert heard.figures.concealed_share < 0.001
    assert latest_ms(heard) <= 32


def test_a_network_that_stood_still_for_a_second_costs_that_second_and_no_delay() -> None:
    heard = play(
        packets(30, delay_s=lambda number: max(0.0, (550 - number) * 0.02) if 500 <= number < 550 else 0.0), 30
    )
    assert latest_ms(heard) <= 45


def test_sound_fades_when_packets_stop_and_comes_back_without_a_click() -> None:
    heard = play(packets(5, is_lost=lambda number: 100 <= number < 150), 5)
    assert steepest(heard.sound) <= SMOOTH
    assert heard.blocks[-3] != SILENCE
    silent = [at_s for at_s, block in zip(heard.times_s, heard.blocks, strict=True) if block == SILENCE and at_s > 1]
    assert 2.1 < silent[0] < 2.35


def test_what_cannot_be_decoded_is_concealed() -> None:
    heard = play(packets(5, payloads=lambda number: ToneDecoder.payload(-1 if number == 100 else number * 960, 960)), 5)
    assert heard.figures.concealed_share == pytest.approx(1 / 250, rel=0.1)
    assert steepest(heard.sound) <= SMOOTH


def test_packets_of_an_unknown_codec_and_empty_ones_are_passed_over() -> None:
    assert set(play(packets(1), 1, open_decoder=lambda _: None).blocks) == {SILENCE}
    assert set(play(packets(1, payloads=lambda _: b""), 1).blocks) == {SILENCE}


def test_memory_is_bounded_while_nobody_asks() -> None:
    sound_in = SoundIn(Clock(), lambda _: ToneDecoder())
    for packet in packets(60):
        sound_in.insert(packet)
    assert len(sound_in._inbox) <= 256


def test_nothing_quiet_and_audible_are_told_apart() -> None:
    clock = Clock()
    sound_in = SoundIn(clock, lambda _: ToneDecoder())
    assert sound_in.presence() is Presence.NOTHING
    for number, packet in enumerate(packets(20, payloads=lambda number: ToneDecoder.payload(number * 960, 960))):
        clock.now_s = packet.arrived_at_s
        sound_in.insert(packet if number < 250 else packet._replace(codec="quiet"))
        block = sound_in.next_block()
        assert len(block) == BLOCK_BYTES
        if number == 200:
            assert sound_in.presence() is Presence.AUDIBLE
            assert sound_in.figures().level_dbfs == pytest.approx(-15.3, abs=0.5)
    clock.now_s += 1
    assert sound_in.presence() is Presence.AUDIBLE
    clock.now_s += 2
    assert sound_in.presence() is Presence.NOTHING


def test_what_is_heard_and_what_the_far_end_reports_are_of_one_time() -> None:
    clock = Clock()
    sound_in = SoundIn(clock, lambda _: ToneDecoder())
    assert (sound_in.heard(), sound_in.sender_report()) == (None, None)
    begin = 2**32 - 960
    for number, packet in enumerate(packets(1, timestamp=begin)):
        clock.now_s = packet.arrived_at_s
        sound_in.insert(packet)
        sound_in.next_block(0.04)
        if number == 20:
            sound_in.note_report(3.9e9, (begin + 20 * 960) % 2**32)
    leaving, report = sound_in.heard(), sound_in.sender_report()
    assert leaving is not None
    assert leaving[1] == clock.now_s + 0.04
    assert report == (3.9e9, begin + 20 * 960)
    # The newest packet has just come; what leaves was said up to two blocks before it.
    assert 0 < begin + 49 * 960 - leaving[0] <= 2 * 960
