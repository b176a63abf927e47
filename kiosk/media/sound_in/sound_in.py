"""What is heard of one far end: packets go in on the loop's thread, blocks come out on the loudspeaker's."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from kiosk.errors import MediaError
from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ, SILENCE, level_dbfs
from kiosk.media import libopus
from kiosk.media.sound_in.clock_rate import ClockRate
from kiosk.media.sound_in.decoders import Decoder, open_decoder
from kiosk.media.sound_in.packet import Packet, to_samples
from kiosk.media.sound_in.playout import Playout

WAITING_PACKETS: Final = 256
"""While nobody asks for blocks; then the oldest go."""
NOTHING_AFTER_S: Final = 2.0
"""A sender in a pause speaks up every 0.4 s."""
QUIET_AFTER_S: Final = 5.0
AUDIBLE_DBFS: Final = -55.0
"""A quiet room, by a microphone with level control, is louder."""
LEVEL_EVERY: Final = 5
"""Blocks; the level is for people."""


class Presence(Enum):
    """What the far end's sound is like."""

    NOTHING = "nothing"
    """No packets come: it sends no sound, or the path is dead."""
    QUIET = "quiet"
    """Packets come, and there is nothing in them to be heard: it is muted, or nobody speaks."""
    AUDIBLE = "audible"


@dataclass(frozen=True, slots=True)
class SoundInFigures:
    """Since the beginning, but for delays and levels, which are of now."""

    packets: int = 0
    lost_packets: int = 0
    late_packets: int = 0
    """Came when their time was over; also counted as concealed."""
    duplicate_packets: int = 0
    skipped_packets: int = 0
    """Left out to catch up after a pause."""
    played_s: float = 0.0
    """Without silence."""
    concealed_share: float = 0.0
    """Of what was played: made up by the decoder."""
    fec_share: float = 0.0
    """Of what was played: out of the copy in the next packet."""
    stretched_share: float = 0.0
    """Of what was played: taken out or put in to keep the pace."""
    jitter_buffer_ms: float = 0.0
    """How long sound waits, from the arrival of the fastest packets to the loudspeaker's thread."""
    target_ms: float = 0.0
    """How long it is meant to wait at least."""
    drift_ppm: float = 0.0
    """How much faster the far end's clock goes than the loudspeaker's; 0 until it is known, after a minute."""
    level_dbfs: float = -100.0
    presence: Presence = Presence.NOTHING


class SoundIn:
    """Belongs to one connection. `insert` and `note_report` on the loop's thread, `next_block` on the loudspeaker's;
    the rest on any."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        open_decoder: Callable[[str], Decoder | None] = open_decoder,
    ) -> None:
        """Raises MediaError when there is no libopus."""
        libopus.load()
        self._clock = clock
        self._playout = Playout(open_decoder)
        self._inbox: deque[Packet] = deque(maxlen=WAITING_PACKETS)
        self._newest: Packet | None = None
        self._blocks = 0
        self._level_dbfs = -100.0
        self._audible_at_s = -QUIET_AFTER_S
        self._heard: tuple[int, float] | None = None
        self._report: tuple[float, int] | None = None
        self._card = ClockRate()
        self._has_ended = False

    def insert(self, packet: Packet) -> None:
        """A packet has come."""
        self._newest = packet
        self._inbox.append(packet)

    def note_report(self, ntp_s: float, rtp_timestamp: int) -> None:
        """The far end says which time of its own a timestamp has (sender report, RFC 3550, 6.4.1)."""
        self._report = (ntp_s, rtp_timestamp)

    def end(self) -> None:
        """The far end sends no more sound."""
        self._has_ended = True

    def check(self) -> None:
        """Raises MediaError when the far end has ended its sound."""
        if self._has_ended:
            raise MediaError("the far end has ended its audio")

    def next_block(self, speaker_delay_s: float = 0.0) -> bytes:
        """The next 20 ms (frames.BLOCK_BYTES); SILENCE when there is none. Its first sample is heard so much later."""
        now_s = self._clock()
        playout = self._playout
        while self._inbox:
            playout.insert(self._inbox.popleft())
        position = playout.position
        samples = playout.next_block(now_s)
        self._blocks += 1
        self._card.note(to_samples(now_s), self._blocks * BLOCK_SAMPLES)
        if playout.is_silent:
            self._heard = None
            self._level_dbfs = -100.0
            return SILENCE
        if position is not None:
            self._heard = (position, now_s + speaker_delay_s)
        block = samples.tobytes()
        if self._blocks % LEVEL_EVERY == 0:
            self._level_dbfs = level_dbfs(block)
            if self._level_dbfs > AUDIBLE_DBFS:
                self._audible_at_s = now_s
        return block

    def heard(self) -> tuple[int, float] | None:
        """A timestamp of the far end's sound (48 kHz, not wrapping) and the monotonic time at which that sample
        leaves the loudspeaker; None in silence."""
        return self._heard

    def sender_report(self) -> tuple[float, int] | None:
        """The newest report: the far end's time (NTP, s) and the timestamp that belongs to it, of the same kind as
        `heard` gives; None before the first."""
        if self._report is None:
            return None
        ntp_s, timestamp = self._report
        return ntp_s, self._playout.shelf.unwrapped(timestamp)

    def presence(self) -> Presence:
        """What is to be heard of the far end now."""
        now_s = self._clock()
        if self._newest is None or now_s - self._newest.arrived_at_s > NOTHING_AFTER_S:
            return Presence.NOTHING
        return Presence.AUDIBLE if now_s - self._audible_at_s < QUIET_AFTER_S else Presence.QUIET

    def figures(self) -> SoundInFigures:
        """The figures now."""
        playout, counts = self._playout, self._playout.counts
        played = max(1, playout.played)
        return SoundInFigures(
            packets=counts.came,
            lost_packets=counts.lost,
            late_packets=counts.late,
            duplicate_packets=counts.duplicates,
            skipped_packets=playout.skipped,
            played_s=playout.played / SAMPLE_RATE_HZ,
            concealed_share=min(1.0, playout.concealed / played),
            fec_share=playout.recovered / played,
            stretched_share=(playout.shortened + playout.lengthened) / played,
            jitter_buffer_ms=playout.waited * 1000 / SAMPLE_RATE_HZ,
            target_ms=playout.wait * 1000 / SAMPLE_RATE_HZ,
            drift_ppm=self._drift_ppm(),
            level_dbfs=self._level_dbfs,
            presence=self.presence(),
        )

    def _drift_ppm(self) -> float:
        far, card = self._playout.shelf.clock.ppm(), self._card.ppm()
        return far - card if far is not None and card is not None else 0.0
