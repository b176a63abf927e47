"""How a call does, in the platform's words. Pure."""

from dataclasses import dataclass
from typing import Final

from kiosk.rooms.port import CallStatistics, StreamStatistics

Words = dict[str, float | str]

SHORTEST_S: Final = 0.001
"""Less time between two readings tells no rate."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was counted, and when."""

    at_s: float
    """Monotonic."""
    statistics: CallStatistics


def report(now: Reading, before: Reading | None) -> dict[str, Words]:
    """Streams by name; kbit/s, ms and percent. The first report of a call knows no rates."""
    then = before if before is not None and before.at_s < now.at_s else now
    passed_s = now.at_s - then.at_s
    return {
        "audio": _stream(now.statistics.audio, then.statistics.audio, passed_s),
        "video": _stream(now.statistics.video, then.statistics.video, passed_s),
    }


def _stream(now: StreamStatistics, then: StreamStatistics, passed_s: float) -> Words:
    return {
        "rx_bitrate": _kbps(now.received_bytes - then.received_bytes, passed_s),
        "rx_codec": now.received_codec,
        "rx_jitter": round(now.jitter_s * 1000, 1),
        "rx_packets_received": now.received_packets,
        "rx_packets_lost": now.lost_packets,
        "rx_historic_packet_loss": _percent(now.lost_packets, now.received_packets + now.lost_packets),
        "rx_windowed_packet_loss": _percent(
            now.lost_packets - then.lost_packets,
            now.received_packets + now.lost_packets - then.received_packets - then.lost_packets,
        ),
        "tx_bitrate": _kbps(now.sent_bytes - then.sent_bytes, passed_s),
        "tx_codec": now.sent_codec,
        "tx_packets_sent": now.sent_packets,
        "tx_rb_packetslost": now.remote_lost_packets,
        "tx_historic_packet_loss": _percent(now.remote_lost_packets, now.sent_packets),
        "tx_windowed_packet_loss": _percent(
            now.remote_lost_packets - then.remote_lost_packets, now.sent_packets - then.sent_packets
        ),
    }


def _kbps(sent_bytes: int, passed_s: float) -> float:
    return round(max(0, sent_bytes) * 8 / 1000 / passed_s, 1) if passed_s > SHORTEST_S else 0.0


def _percent(part: int, whole: int) -> float:
    """0 to 100, however the counters started anew meanwhile."""
    return round(100 * min(1.0, max(0.0, part / whole)), 2) if whole > 0 else 0.0
