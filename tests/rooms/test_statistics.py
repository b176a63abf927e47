"""How a call does, in the platform's words."""

from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.rooms.pexip.statistics import Reading, report
from kiosk.rooms.port import CallStatistics, StreamStatistics

SILENT = StreamStatistics()


def test_the_first_report_has_no_rates() -> None:
    audio = StreamStatistics(90, 9000, 10, 0.0123, "opus", 200, 20_000, "opus", 5)
    told = report(Reading(5.0, CallStatistics(audio, SILENT)), None)
    assert told["audio"] == {
        "rx_bitrate": 0.0,
        "rx_codec": "opus",
        "rx_jitter": 12.3,
        "rx_packets_received": 90,
        "rx_packets_lost": 10,
        "rx_historic_packet_loss": 10.0,
        "rx_windowed_packet_loss": 0.0,
        "tx_bitrate": 0.0,
        "tx_codec": "opus",
        "tx_packets_sent": 200,
        "tx_rb_packetslost": 5,
        "tx_historic_packet_loss": 2.5,
        "tx_windowed_packet_loss": 0.0,
    }


def test_rates_are_of_the_time_since_the_report_before() -> None:
    before = StreamStatistics(received_packets=100, received_bytes=1000, lost_packets=0, sent_bytes=0)
    now = StreamStatistics(received_packets=145, received_bytes=126_000, lost_packets=5, sent_bytes=250_000)
    told = report(Reading(12.0, CallStatistics(SILENT, now)), Reading(10.0, CallStatistics(SILENT, before)))["video"]
    assert told["rx_bitrate"] == 500.0
    assert told["tx_bitrate"] == 1000.0
    assert told["rx_windowed_packet_loss"] == 10.0
    assert told["rx_historic_packet_loss"] == 3.33


COUNTS = st.builds(
    StreamStatistics,
    *[st.integers(0, 10**9)] * 3,
    st.floats(0, 10),
    st.just("VP8"),
    *[st.integers(0, 10**9)] * 2,
    st.just("VP8"),
    st.integers(0, 10**9),
)


@example(StreamStatistics(sent_bytes=1), StreamStatistics(), 1e-312, 0.0)
@given(COUNTS, COUNTS, st.floats(0, 1e6), st.floats(0, 1e6))
def test_counters_that_start_anew_make_no_nonsense(
    now: StreamStatistics, before: StreamStatistics, at_s: float, before_s: float
) -> None:
    told = report(Reading(at_s, CallStatistics(now, SILENT)), Reading(before_s, CallStatistics(before, SILENT)))
    for name, value in told["audio"].items():
        assert isinstance(value, str) or 0 <= value < float("inf"), name
        assert "loss" not in name or (isinstance(value, float) and value <= 100)
