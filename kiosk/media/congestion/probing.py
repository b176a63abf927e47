"""Short bursts faster than what is sent otherwise, to find out whether the line carries more. Pure; times are monotonic
seconds, arrivals are the far end's.

The bursts hold packets that were sent before: a receiver that has them drops them, one that lacks them is served.
"""

from dataclasses import dataclass, field
from typing import Final

from kiosk.media.congestion.flight import Sent

FIRST_FACTOR: Final = 3.0
"""Nothing is known yet."""
FACTOR: Final = 1.5
"""What a line that is full can bear: five packets wait some 40 ms."""
LEAST_S: Final = 0.04
LEAST_PACKETS: Final = 6
PACKET_BYTES: Final = 1200
LEAST_ARRIVED: Final = 4
EVERY_S: Final = 3.0
EVERY_MOST_S: Final = 6.0
"""A line that was found full is asked more rarely."""
WAIT_S: Final = 1.0
"""What is not told of by then is lost."""
CARRIED: Final = 0.9
"""A burst that arrives at this part of its rate was carried."""
FULL_SHARE: Final = 0.95
"""Of the rate at which a burst came that the line could not carry."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What to send: so many bytes, headers included, at that rate."""

    rate_bps: float
    size_bytes: int


@dataclass(slots=True)
class _Cluster:
    number: int
    probe: Probe
    began_at_s: float
    left_bytes: int
    arrived: list[Sent] = field(default_factory=list)
    is_over: bool = False
    """Something sent after it has been told of."""


class Probing:
    """One burst at a time."""

    def __init__(self, now_s: float) -> None:
        self._cluster: _Cluster | None = None
        self._count = 0
        self._next_at_s = now_s
        self._every_s = EVERY_S
        self._goes_on = True
        """The last burst was carried: try more at once."""

    def plan(self, rate_bps: float, most_bps: float, now_s: float) -> Probe | None:
        """A burst to begin now, when one is due and the line is thought to carry `rate_bps`, less than `most_bps`."""
        if self._cluster is not None or now_s < self._next_at_s or rate_bps >= most_bps:
            return None
        factor = FIRST_FACTOR if not self._count else FACTOR
        wanted_bps = min(factor * rate_bps, 1.2 * most_bps)
        size_bytes = max(round(wanted_bps / 8 * LEAST_S), LEAST_PACKETS * PACKET_BYTES)
        probe = Probe(wanted_bps, size_bytes)
        self._count += 1
        self._cluster = _Cluster(self._count, probe, now_s, size_bytes)
        return probe

    def number_of(self, size_bytes: int) -> int | None:
        """The burst that a packet which leaves now is part of."""
        cluster = self._cluster
        if cluster is None or cluster.left_bytes <= 0:
            return None
        cluster.left_bytes -= size_bytes
        return cluster.number

    def told(self, packet: Sent) -> None:
        """A packet was told of."""
        cluster = self._cluster
        if cluster is None:
            return
        if packet.probe == cluster.number:
            if packet.arrived_at_s is not None:
                cluster.arrived.append(packet)
        elif cluster.left_bytes <= 0 and packet.sent_at_s > cluster.began_at_s and packet.probe is None:
            cluster.is_over = True

    def result_bps(self, now_s: float) -> float | None:
        """What the line carried, once, when the burst is over; None: it is not, or it tells nothing."""
        cluster = self._cluster
        if cluster is None or not (cluster.is_over or now_s - cluster.began_at_s > WAIT_S):
            return None
        self._cluster = None
        sent_bps, came_bps = _rates_bps(cluster.arrived)
        is_carried = came_bps >= CARRIED * sent_bps > 0
        if is_carried:
            self._every_s = EVERY_S
            self._next_at_s = now_s
        else:
            self._next_at_s = now_s + self._every_s
            self._every_s = min(2 * self._every_s, EVERY_MOST_S)
        if not sent_bps:
            return None
        return min(sent_bps, came_bps) if is_carried else FULL_SHARE * came_bps

    def put_off(self, now_s: float) -> None:
        """The line is full: not now."""
        self._cluster = None
        self._every_s = EVERY_S
        self._next_at_s = max(self._next_at_s, now_s + self._every_s)


def _rates_bps(arrived: list[Sent]) -> tuple[float, float]:
    """At which they were sent and at which they came; zeros when they are too few."""
    if len(arrived) < LEAST_ARRIVED:
        return 0.0, 0.0
    arrived.sort(key=lambda packet: packet.sent_at_s)
    sent_s = arrived[-1].sent_at_s - arrived[0].sent_at_s
    times_s = [packet.arrived_at_s for packet in arrived if packet.arrived_at_s is not None]
    came_s = max(times_s) - min(times_s)
    total_bytes = sum(packet.size_bytes for packet in arrived)
    if sent_s <= 0 or came_s <= 0:
        return 0.0, 0.0
    return (total_bytes - arrived[-1].size_bytes) * 8 / sent_s, (total_bytes - arrived[0].size_bytes) * 8 / came_s
