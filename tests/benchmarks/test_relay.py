"""The bad line: what each kind of weather does, by a clock that stands still until told."""

import socket

import pytest

from tests.benchmarks.relay import Line, Relay, Weather


def arrivals(weather: Weather, packets: int = 2000, size: int = 1000, every_s: float = 0.01) -> list[float | None]:
    """Delay of each packet; None: lost."""
    line = Line(1)
    line.weather = weather
    outs = [(number * every_s, line.arrival_s(size, number * every_s)) for number in range(packets)]
    return [None if out_s is None else out_s - in_s for in_s, out_s in outs]


def test_no_weather_does_nothing() -> None:
    assert set(arrivals(Weather())) == {0.0}


def test_delay_is_the_same_for_all() -> None:
    assert all(each == pytest.approx(0.05) for each in arrivals(Weather(delay_s=0.05)))


def test_loss_takes_its_share() -> None:
    lost = [each is None for each in arrivals(Weather(loss=0.1))]
    assert sum(lost) / len(lost) == pytest.approx(0.1, abs=0.02)


def test_bursts_are_as_long_as_said() -> None:
    lost = "".join("x" if each is None else "." for each in arrivals(Weather(burst=0.01, burst_packets=4), 20_000))
    bursts = [len(run) for run in lost.split(".") if run]
    assert sum(bursts) / len(bursts) == pytest.approx(4, abs=0.8)
    assert len(bursts) / 20_000 == pytest.approx(0.01, abs=0.003)


def test_jitter_keeps_the_order_and_its_limit() -> None:
    delays = [each for each in arrivals(Weather(jitter_s=0.3)) if each is not None]
    outs = [number * 0.01 + delay for number, delay in enumerate(delays)]
    assert outs == sorted(outs)
    assert 0 <= min(delays) < 0.1
    assert 0.25 < max(delays) <= 0.3


def test_a_cap_passes_its_rate_and_drops_what_would_wait_too_long() -> None:
    # Each packet takes 1028 * 8 / 500,000 = 16.4 ms and they come each 10 ms.
    delays = arrivals(Weather(rate_bps=500_000, queue_s=0.3), packets=1000)
    passed = [each for each in delays if each is not None]
    assert len(passed) / len(delays) == pytest.approx(10 / 16.4, abs=0.05)
    assert max(passed) == pytest.approx(0.3, abs=0.02)


def test_a_cap_that_is_wide_enough_delays_by_the_packets_own_time() -> None:
    assert all(each == pytest.approx(1028 * 8 / 1e6) for each in arrivals(Weather(rate_bps=1e6)))


def sdp(port: int) -> str:
    return (
        "v=0\r\na=candidate:9 1 tcp 99 127.0.0.1 9 typ host tcptype active\r\n"
        f"a=candidate:1 1 udp 2130706431 127.0.0.1 {port} typ host generation 0\r\n"
        f"a=candidate:2 1 udp 2130706430 ::1 {port} typ host\r\na=end-of-candidates\r\n"
    )


def port_in(text: str) -> int:
    candidates = [line for line in text.splitlines() if line.startswith("a=candidate:")]
    assert len(candidates) == 1, text
    return int(candidates[0].split()[5])


def test_packets_go_both_ways_and_each_end_knows_the_relay_alone() -> None:
    guest, doctor, stranger = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3))
    relay = Relay()
    try:
        for end in (guest, doctor):
            end.bind(("127.0.0.1", 0))
            end.settimeout(5)
        guests_way = port_in(relay.for_doctor(sdp(guest.getsockname()[1])))
        doctors_way = port_in(relay.for_guest(sdp(doctor.getsockname()[1])))
        stranger.sendto(b"noise", ("127.0.0.1", doctors_way))
        guest.sendto(b"to doctor", ("127.0.0.1", doctors_way))
        assert doctor.recvfrom(100) == (b"to doctor", ("127.0.0.1", guests_way))
        doctor.sendto(b"to guest", ("127.0.0.1", guests_way))
        assert guest.recvfrom(100) == (b"to guest", ("127.0.0.1", doctors_way))
        assert relay.to_doctor.counts.packets == relay.to_guest.counts.packets == 1
    finally:
        relay.close()
        for each in (guest, doctor, stranger):
            each.close()


def test_an_end_without_a_usable_address_is_refused() -> None:
    relay = Relay()
    try:
        with pytest.raises(ValueError, match="no host candidate"):
            relay.for_doctor("v=0\r\na=candidate:1 1 udp 1 name.local 9 typ host\r\n")
    finally:
        relay.close()
