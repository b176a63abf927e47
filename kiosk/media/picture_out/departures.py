"""Coded pictures out as packets, each at its moment; what was lost once more; bursts."""

import asyncio
import time
from dataclasses import replace

from kiosk.media.aiortc_adapter.picture_sender import PictureSender
from kiosk.media.congestion import Probe
from kiosk.media.convert import VIDEO_CLOCK_HZ
from kiosk.media.picture_out.encoder import EncodedPicture
from kiosk.media.picture_out.pacer import OVERHEAD_BYTES, Pacer
from kiosk.media.picture_out.packets import History, Packet
from kiosk.media.picture_out.traffic import Traffic


class Departures:
    """One sender's. All of it runs in the loop's thread, `backlog_s` in any."""

    def __init__(self, sender: PictureSender, traffic: Traffic, target_bps: float) -> None:
        self._sender = sender
        self._traffic = traffic
        self._loop = asyncio.get_running_loop()
        self._pacer = Pacer(target_bps, time.monotonic())
        self._history = History()
        self._pumping: asyncio.TimerHandle | None = None
        self._sequence_number = sender.first_sequence_number
        self._timestamp = -1
        self._origin_s: float | None = None
        self._packets = 0
        self.again = 0
        """Packets sent again because they were lost."""

    @property
    def backlog_s(self) -> float:
        """How long sending what waits takes, at the target rate."""
        return self._pacer.backlog_s

    @property
    def paced_s(self) -> float:
        """Mean wait of a packet for its turn, since the start."""
        return self._pacer.waited_s / self._packets if self._packets else 0.0

    @property
    def is_idle(self) -> bool:
        """Nothing waits."""
        return self._pacer.wait_s() is None

    def pace(self, target_bps: float) -> None:
        """From now on at this rate, headers included."""
        self._pacer.target_bps = target_bps

    def send(self, picture: EncodedPicture) -> None:
        """Send it, in its turn."""
        now_s = time.monotonic()
        if self._origin_s is None:
            self._origin_s = picture.captured_at_s
        # The camera's own time, so that a late loop does not bend the movement. Receivers insist on growing times.
        since = round((picture.captured_at_s - self._origin_s) * VIDEO_CLOCK_HZ)
        self._timestamp = max(self._timestamp + 1, since)
        timestamp = (self._sender.first_timestamp + self._timestamp) & 0xFFFFFFFF
        last = len(picture.payloads) - 1
        self._pacer.add(
            Packet((self._sequence_number + at) & 0xFFFF, timestamp, at == last, payload, now_s)
            for at, payload in enumerate(picture.payloads)
        )
        self._sequence_number = (self._sequence_number + last + 1) & 0xFFFF
        self._sender.note_time(timestamp, picture.captured_at_s)
        self._pump()

    def wanted(self, lost: list[int], rtt_s: float) -> list[Packet]:
        """The far end misses these: those to be sent again, and not those that are on their way, or too old, or too
        many."""
        now_s = time.monotonic()
        return [
            Packet(packet.sequence_number, packet.timestamp, packet.marker, packet.payload, now_s, again=True)
            for packet in self._history.wanted(lost, self._pacer.target_bps, rtt_s, now_s)
        ]

    def takes_s(self, packets: list[Packet]) -> float:
        """How long the line has to do with these."""
        return sum(len(packet.payload) + OVERHEAD_BYTES for packet in packets) * 8 / self._pacer.target_bps

    def send_again(self, packets: list[Packet], after_s: float = 0.0) -> None:
        """Before all others, after so long."""
        if after_s:
            later_s = time.monotonic() + after_s
            late = [replace(packet, added_at_s=later_s) for packet in packets]
            self._loop.call_later(after_s, self.send_again, late)
        elif packets:
            self._pacer.add(packets)
            self._pump()

    def begin_burst(self, probe: Probe) -> None:
        """Show what the line carries: with what waits, and with what was sent lately."""
        self._pacer.begin_burst(probe, time.monotonic())
        self._pump()

    def renounce(self) -> None:
        """What was sent is not sent again, and what waits is not sent: a picture follows that needs nothing of it."""
        self.clear()
        self._history = History()

    def clear(self) -> bool:
        """Let what waits be as if it had never been; True when there was something. The next picture must be one that
        needs no other."""
        first = self._pacer.clear()
        if first is None:
            return False
        # The numbers have no gap.
        self._sequence_number = first.sequence_number
        return True

    def stop(self) -> None:
        """Send nothing more."""
        self._pacer.clear()
        if self._pumping is not None:
            self._pumping.cancel()
            self._pumping = None

    def _pump(self) -> None:
        """Send what is due, and come back when more is."""
        if self._pumping is not None:
            self._pumping.cancel()
            self._pumping = None
        now_s = time.monotonic()
        for packet in self._pacer.due(now_s):
            put = self._sender.send_again if packet.again else self._sender.send
            if put(packet.sequence_number, packet.timestamp, packet.marker, packet.payload):
                self._traffic.note(len(packet.payload), again=packet.again, now_s=now_s)
            self._packets += 1
            if packet.again:
                self.again += 1
            else:
                self._history.sent(packet, now_s)
        while self._pacer.lacks:
            self._fill(now_s)
        wait_s = self._pacer.wait_s()
        if wait_s is not None:
            self._pumping = self._loop.call_later(wait_s, self._pump)

    def _fill(self, now_s: float) -> None:
        """For the sake of a burst. It may be what the far end lacks."""
        filler = self._history.filler(now_s)
        if filler is None:
            self._pacer.filled(0)
            return
        self._sender.send_again(filler.sequence_number, filler.timestamp, filler.marker, filler.payload)
        self._traffic.note(len(filler.payload), again=False, now_s=now_s)
        self._pacer.filled(len(filler.payload))
