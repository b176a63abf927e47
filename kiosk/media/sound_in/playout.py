"""One stream from packets to blocks: in order, in time, without holes.

Time counts samples at 48 kHz. What has been decoded and not yet played waits in `_sound`; `_at` is the timestamp that
comes after it. `_owed` samples were made up while there was nothing to decode: whether they stand for a lost packet, or
for the wait for a late one, is known when the next packet is there.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from kiosk.errors import MediaError
from kiosk.frames import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from kiosk.media.libopus import Samples
from kiosk.media.sound_in import fades, stretch
from kiosk.media.sound_in.decoders import Decoder, open_decoder
from kiosk.media.sound_in.pace import Change, Pace
from kiosk.media.sound_in.packet import Packet, to_samples
from kiosk.media.sound_in.shelf import Counts, Shelf, Shelved

GRAIN: Final = to_samples(0.010)
"""Things are made up in pieces of this length: libopus takes shorter ones, and there is a click between them."""
FADES_FROM: Final = to_samples(0.060)
"""What is made up sounds like speech for so long,"""
FADE: Final = to_samples(0.100)
"""and is gone so much later."""
PAUSE_FADES_FROM: Final = to_samples(1.0)
"""A sender that announced a pause is heard as noise so long; it speaks up every 0.4 s."""
TOO_MUCH: Final = to_samples(0.300)
"""More than this beyond what is needed is not worth playing: the newest is."""
COUNTED: Final = to_samples(2.0)
"""A hole counts as concealed so long; then it is a pause."""
STRAGGLING: Final = to_samples(0.5)
"""So long packets of the source before may still come, and are not listened to."""

COPIES_ABOVE: Final = 0.01
COPIES_BELOW: Final = 0.003
"""Above the one share of lost packets each waits one packet longer, so that its copy in the next can be used; below the
other no more."""
COPY_EVERY: Final = 5
COPY_WEIGHT: Final = 0.1
COPIES_LEAST: Final = 0.1
"""But only when so many packets have a copy; those of a silence have none."""


class Playout:
    """All of it in one thread."""

    def __init__(self, open_decoder: Callable[[str], Decoder | None] = open_decoder) -> None:
        self._open_decoder = open_decoder
        self._source: tuple[int, str] | None = None
        self._former: tuple[tuple[int, str], int] | None = None
        self._decoder: Decoder | None = None
        self.counts = Counts()
        self._shelf = Shelf(SAMPLE_RATE_HZ, len, self.counts)
        self._at: int | None = None
        self._owed = 0
        self._run = 0
        self._pauses = False
        self._seam: Samples | None = None
        self._pace = Pace()
        self._copies = 0.0
        self._waits_for_copies = False
        self._sound: Samples = np.empty(0, np.int16)
        self._heard: Samples = np.zeros(BLOCK_SAMPLES, np.int16)
        self._gain = 0.0
        self._now = 0
        self.waited = 0
        """How long the newest block's first sample can have been here when it was asked for."""
        self.is_silent = True
        """The newest block has nothing in it."""
        self.played = self.concealed = self.recovered = self.shortened = self.lengthened = 0
        """Samples. `played` leaves out silence; `concealed` was made up, `recovered` came out of a copy."""
        self.skipped = 0
        """Packets left out to catch up."""

    @property
    def shelf(self) -> Shelf:
        """What waits, and what has been counted since this time began."""
        return self._shelf

    @property
    def wait(self) -> int:
        """How long packets are meant to wait."""
        return self._shelf.arrivals.wait(self._shelf.packet_samples if self._waits_for_copies else 0)

    @property
    def position(self) -> int | None:
        """Timestamp of the next sample to be played; None when there is none."""
        return None if self._at is None else self._at + self._owed - len(self._sound)

    def insert(self, packet: Packet) -> None:
        """Take in a packet, in the order of arrival."""
        source = (packet.ssrc, packet.codec)
        if source != self._source:
            arrived_at = to_samples(packet.arrived_at_s)
            if self._former is not None and self._former[0] == source and arrived_at < self._former[1]:
                return
            if self._source is not None:
                self._former = (self._source, arrived_at + STRAGGLING)
            self._source = source
            self._decoder = self._open_decoder(packet.codec)
            self._change_shelf(packet)
        if self._decoder is None:
            return
        if not self._shelf.put(packet, self._at):
            self._change_shelf(packet)
            self._shelf.put(packet, None)
        if self._shelf.loss > COPIES_BELOW:
            self._look_for_copies(packet.payload)
        else:
            self._waits_for_copies = False

    def next_block(self, now_s: float) -> Samples:
        """The next 20 ms; `now_s` is monotonic."""
        self._now = to_samples(now_s)
        was_silent = self._gain == 0.0 and not len(self._sound)
        self._skip()
        if self._at is not None and not self._owed:
            position = self._at - len(self._sound)
            self.waited = self._now - position - self._shelf.arrivals.base
            self._pace.note(self.waited, self._shelf.newest + self._shelf.packet_samples - position)
        self._fill()
        if self._run == 0 and not self._pauses:
            self._keep_pace()
        block, self._sound = self._sound[:BLOCK_SAMPLES], self._sound[BLOCK_SAMPLES:]
        self._heard = block
        self.is_silent = was_silent and self._gain == 0.0
        if not self.is_silent:
            self.played += BLOCK_SAMPLES
        return block

    def _fill(self) -> None:
        while len(self._sound) < BLOCK_SAMPLES:
            more = self._more(BLOCK_SAMPLES - len(self._sound))
            self._sound = np.concatenate([self._sound, more]) if len(self._sound) else more

    def _more(self, wanted: int) -> Samples:
        """What comes next: some samples, more or fewer than wanted."""
        packet = self._shelf.first(self._at)
        if packet is None:
            return self._bridge(wanted)
        if self._at is None or self._gain == 0.0 or self._pauses:
            # It fits to nothing before it, so it begins exactly when it should.
            if self._now - packet.at - self._shelf.arrivals.base < self.wait:
                return self._bridge(wanted)
            self._at, self._owed = packet.at if self._at is None else max(packet.at, self._at), 0
            return self._decode(packet)
        if packet.at <= self._at:
            return self._decode(packet)
        missing = packet.at - self._at - self._owed
        if missing <= 0:
            self._blend(-missing)
            self._at, self._owed = packet.at, 0
            return self._decode(packet)
        if missing > packet.samples:
            return self._bridge(min(missing - packet.samples, wanted))
        return self._recover(packet, missing)

    def _decode(self, packet: Shelved) -> Samples:
        assert self._decoder is not None
        assert self._at is not None
        self._shelf.take(packet)
        over, missing = max(0, self._at - packet.at), packet.end - self._at
        self._at, self._owed = packet.end, 0
        try:
            sound = self._decoder.decode(packet.payload)[over:]
        except MediaError:
            return self._made_up(missing)
        self._pauses = self._decoder.is_pause(packet.payload)
        if self._seam is not None:
            sound, self._seam = fades.joined(self._seam, sound), None
        return self._risen(sound)

    def _recover(self, following: Shelved, missing: int) -> Samples:
        """What is missing before a packet that is there, at most as much as that has."""
        assert self._decoder is not None
        if missing != following.samples or not self._decoder.has_copy(following.payload):
            return self._bridge(missing)
        self._owed += missing
        try:
            sound = self._decoder.recover(following.payload, missing)
        except MediaError:
            return self._made_up(missing)
        self.recovered += missing
        return self._risen(sound)

    def _bridge(self, wanted: int) -> Samples:
        """Something to be heard while nothing is there."""
        # Silence needs no decoder, and so no whole pieces.
        count = wanted if self._gain == 0.0 else _whole(wanted)
        if self._at is not None:
            self._owed += count
        return self._made_up(count)

    def _made_up(self, count: int) -> Samples:
        """What the decoder thinks would come, less and less of it."""
        if self._at is None or self._decoder is None:
            last = self._sound if len(self._sound) else self._heard
            sound = fades.tail(last, count) if self._gain else np.zeros(count, np.int16)
            self._gain = 0.0
            return sound
        self._run += count
        if not self._pauses and self._run < COUNTED:
            self.concealed += count
        if self._gain == 0.0:
            return np.zeros(count, np.int16)
        sound = self._decoder.conceal(_whole(count))[:count]
        gain = 1.0 - (self._run - (PAUSE_FADES_FROM if self._pauses else FADES_FROM)) / FADE
        if gain < 1.0 or self._gain < 1.0:
            gain = max(0.0, min(gain, self._gain))
            sound = (sound * np.linspace(self._gain, gain, count)).astype(np.int16)
            self._gain = gain
        return sound

    def _blend(self, surplus: int) -> None:
        """So much more than needed was made up: what of it is not played yet goes over into what comes now."""
        surplus = min(surplus, len(self._sound))
        if surplus:
            self._sound, self._seam = self._sound[:-surplus], self._sound[-surplus:]

    def _risen(self, sound: Samples) -> Samples:
        """Real sound, after what was made up and may have faded."""
        self._run = 0
        if self._gain < 1.0:
            sound = fades.faded_in(sound, self._gain)
            self._gain = 1.0
        return sound

    def _keep_pace(self) -> None:
        """Make what is about to be heard a little shorter or longer."""
        left = len(self._sound) - BLOCK_SAMPLES
        packet_samples = self._shelf.packet_samples
        change = self._pace.wanted(self._now, self.wait, left, packet_samples)
        if change is Change.NONE:
            return
        changed: Samples | None = None
        if change is Change.LENGTHEN:
            changed = stretch.lengthen(self._heard[-stretch.LONGEST :], self._sound, self._pace.likeness)
        elif change is Change.TRIM:
            spare = left % min(packet_samples, BLOCK_SAMPLES)
            changed = stretch.shorten(self._sound, spare, self._pace.likeness)
        else:
            packet = self._shelf.first(self._at)
            if len(self._sound) < 2 * stretch.LONGEST and packet is not None and packet.at <= (self._at or 0):
                self._sound = np.concatenate([self._sound, self._decode(packet)])
            changed = stretch.shorten(self._sound, stretch.LONGEST, self._pace.likeness)
        by = 0 if changed is None else len(changed) - len(self._sound)
        if changed is not None:
            self._sound = changed
        self.lengthened += max(0, by)
        self.shortened += max(0, -by)
        self._pace.changed(self._now, by)
        self._fill()

    def _skip(self) -> None:
        """Leave out what is no longer worth hearing, after a pause of the loudspeaker or of the network."""
        packet = self._shelf.first(self._at)
        if packet is None:
            return
        wait = max(self.wait, BLOCK_SAMPLES)
        if self._shelf.newest - packet.at <= wait + TOO_MUCH:
            return
        self.skipped += self._shelf.cut(self._shelf.newest - wait)
        first = self._shelf.first(None)
        if first is None:
            return
        if self._at is not None and self._decoder is not None and self._gain > 0.0:
            self._seam = self._decoder.conceal(GRAIN)
        self._at, self._owed = first.at, 0
        self._pace.forget()

    def _change_shelf(self, packet: Packet) -> None:
        """A time without a past begins; what is decoded is still played."""
        self._shelf = Shelf(packet.clock_hz, self._decoder.samples if self._decoder else len, self.counts)
        self._at = None
        self._owed = 0
        self._run = 0
        self._pauses = False
        self._seam = None
        self._pace = Pace()
        self._copies = 0.0
        self._waits_for_copies = False

    def _look_for_copies(self, payload: bytes) -> None:
        assert self._decoder is not None
        if self.counts.came % COPY_EVERY == 0:
            self._copies += COPY_WEIGHT * (self._decoder.has_copy(payload) - self._copies)
        least = COPIES_BELOW if self._waits_for_copies else COPIES_ABOVE
        self._waits_for_copies = self._copies > COPIES_LEAST and self._shelf.loss > least


def _whole(samples: int) -> int:
    """As many, in whole grains."""
    return -(-samples // GRAIN) * GRAIN
