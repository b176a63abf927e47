"""A bad line: a UDP relay between two ends on this machine that delays, drops, jitters and caps, each way by itself.

Both ends' SDP is rewritten so that each knows the other by the relay's port alone.
"""

import heapq
import os
import random
import re
import select
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

_CANDIDATE: Final = re.compile(r"a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) typ host\b.*", re.IGNORECASE)
_PRIORITY: Final = 2130706431
_PACKET: Final = 65_536
_IDLE_S: Final = 0.5

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Weather:
    """What happens to packets on their way in one direction; as it is: nothing. In this order: the cap, loss, delay."""

    delay_s: float = 0.0
    loss: float = 0.0
    """0..1, each packet by itself."""
    burst: float = 0.0
    """0..1: how often a packet begins a burst in which all are lost (Gilbert)."""
    burst_packets: float = 3.3
    """How long such a burst is on average."""
    jitter_s: float = 0.0
    """The delay grows by 0 to this, drawn anew each tenth of a second; packets stay in order."""
    rate_bps: float = 0.0
    """Of UDP's payload and 28 bytes of headers; 0: no cap."""
    queue_s: float = 0.3
    """What waits longer than this for its turn at the cap is dropped (drop tail)."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one direction, since the relay was made."""

    packets: int
    payload_bytes: int
    dropped: int
    """By loss, burst or a full queue."""


JITTER_EVERY_S: Final = 0.1


class Line:
    """One direction: when does a packet arrive, if ever? Times are monotonic seconds. One thread."""

    def __init__(self, seed: int) -> None:
        self.weather = Weather()
        self.packets = 0
        self.payload_bytes = 0
        self.dropped = 0
        self._random = random.Random(seed)
        self._in_burst = False
        self._free_at_s = 0.0
        self._last_s = 0.0
        self._jitter_s = 0.0
        self._jitter_until_s = 0.0

    def arrival_s(self, size: int, now_s: float) -> float | None:
        """When a packet of so many bytes comes out that goes in now; None: never."""
        weather = self.weather
        self.packets += 1
        self.payload_bytes += size
        out_s = now_s
        if weather.rate_bps:
            if self._free_at_s - now_s > weather.queue_s:
                self.dropped += 1
                return None
            self._free_at_s = max(self._free_at_s, now_s) + (size + 28) * 8 / weather.rate_bps
            out_s = self._free_at_s
        if self._is_lost(weather):
            self.dropped += 1
            return None
        out_s += weather.delay_s
        if weather.jitter_s:
            if now_s >= self._jitter_until_s:
                self._jitter_s = self._random.uniform(0, weather.jitter_s)
                self._jitter_until_s = now_s + JITTER_EVERY_S
            out_s += self._jitter_s
        self._last_s = out_s = max(out_s, self._last_s)
        return out_s

    def _is_lost(self, weather: Weather) -> bool:
        if weather.burst:
            chance = 1 - 1 / weather.burst_packets if self._in_burst else weather.burst
            self._in_burst = self._random.random() < chance
            if self._in_burst:
                return True
        return weather.loss > 0 and self._random.random() < weather.loss

    @property
    def counts(self) -> Counts:
        return Counts(self.packets, self.payload_bytes, self.dropped)


class Relay:
    """Between a guest and a doctor, in a thread of its own. Each call needs a new one."""

    def __init__(self, seed: int = 1) -> None:
        self.to_guest, self.to_doctor = Line(2 * seed), Line(2 * seed + 1)
        self._facing_guest, self._facing_doctor = _socket(), _socket()
        self._guest: Address | None = None
        self._doctor: Address | None = None
        self._wake_read, self._wake_write = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._thread.start()

    def for_doctor(self, guests_sdp: str) -> str:
        """The guest's description with the relay's address in place of its own."""
        self._guest, text = _moved(guests_sdp, self._facing_doctor)
        return text

    def for_guest(self, doctors_sdp: str) -> str:
        """The doctor's description with the relay's address in place of its own."""
        self._doctor, text = _moved(doctors_sdp, self._facing_guest)
        return text

    def weather(self, to_guest: Weather, to_doctor: Weather | None = None) -> None:
        """From now on; both ways alike when only one is given."""
        self.to_guest.weather = to_guest
        self.to_doctor.weather = to_guest if to_doctor is None else to_doctor

    def close(self) -> None:
        """Nothing goes through any more. Twice is safe."""
        if self._thread.is_alive():
            self._wake_write.send(b"x")
            self._thread.join(5)
            for each in (self._facing_guest, self._facing_doctor, self._wake_read, self._wake_write):
                each.close()

    def _run(self) -> None:
        # A line does not wait for those at its ends; only root may say so.
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), -10)
        waiting: list[tuple[float, int, bool, bytes]] = []
        number = 0
        sockets = [self._facing_guest, self._facing_doctor, self._wake_read]
        while True:
            left_s = max(0.0, waiting[0][0] - time.monotonic()) if waiting else _IDLE_S
            ready, _, _ = select.select(sockets, [], [], left_s)
            if self._wake_read in ready:
                return
            for facing in ready:
                to_doctor = facing is self._facing_guest
                line = self.to_doctor if to_doctor else self.to_guest
                for packet in _read(facing, self._guest if to_doctor else self._doctor):
                    out_s = line.arrival_s(len(packet), time.monotonic())
                    if out_s is not None:
                        number += 1
                        heapq.heappush(waiting, (out_s, number, to_doctor, packet))
            now_s = time.monotonic()
            while waiting and waiting[0][0] <= now_s:
                _, _, to_doctor, packet = heapq.heappop(waiting)
                self._send(packet, to_doctor)

    def _send(self, packet: bytes, to_doctor: bool) -> None:
        address = self._doctor if to_doctor else self._guest
        if address is None:
            return
        try:
            (self._facing_doctor if to_doctor else self._facing_guest).sendto(packet, address)
        except OSError:
            # As on any line: nobody is told that nobody is there.
            return


def _socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
    made.bind(("0.0.0.0", 0))
    made.setblocking(False)
    return made


def _read(facing: socket.socket, known: Address | None) -> list[bytes]:
    """What waits there from the address that is known; others (more candidates of the same end) go nowhere."""
    packets: list[bytes] = []
    while len(packets) < 64:
        try:
            packet, sender = facing.recvfrom(_PACKET)
        except OSError:
            break
        if known is not None and sender == known:
            packets.append(packet)
    return packets


def _moved(sdp: str, facing: socket.socket) -> tuple[Address, str]:
    """The first host candidate of IPv4 and UDP, and the text with it alone, moved to that socket."""
    lines, address = [], None
    for line in sdp.splitlines():
        if not line.startswith("a=candidate:"):
            lines.append(line)
            continue
        found = _CANDIDATE.fullmatch(line)
        if found is None or (address is not None and (found[1], int(found[2])) != address):
            continue
        address = (found[1], int(found[2]))
        # The machine's own address stays: whoever is bound to it can reach it.
        lines.append(f"a=candidate:1 1 udp {_PRIORITY} {found[1]} {facing.getsockname()[1]} typ host")
    if address is None:
        raise ValueError("no host candidate of IPv4 and UDP")
    return address, "".join(f"{line}\r\n" for line in lines)
