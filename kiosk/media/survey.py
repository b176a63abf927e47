"""Looks at a running call once a second: its figures in one value, lips and voice together, a line for the log."""

import asyncio
import logging
import time
from dataclasses import replace
from typing import Final, NoReturn

from kiosk.media.aiortc_adapter import negotiated_codec
from kiosk.media.lip_sync import LipSync, Presented
from kiosk.media.peer import Peer
from kiosk.media.picture_in import PictureInFigures
from kiosk.media.quality import Second, Verdict, heard, incoming, outgoing
from kiosk.media.stats import MediaStats, read_figures

logger = logging.getLogger(__name__)

EVERY_S: Final = 1.0
LOG_EVERY: Final = 60
STANDS_S: Final = 0.2
PAUSED_S: Final = 5.0
"""A picture that stands longer was stopped on purpose."""


class Survey:
    """Belongs to one peer. Loop only."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._lips = LipSync()
        self._verdict_in = self._verdict_out = Verdict()
        self._before: tuple[float, MediaStats] | None = None
        self._received_bps = self._sent_bps = 0

    async def run(self) -> NoReturn:
        """Until cancelled."""
        looks = 0
        while True:
            self._note(await self.stats(), time.monotonic())
            looks += 1
            if looks % LOG_EVERY == 0:
                logger.info("%s", told(await self.stats()))
            await asyncio.sleep(EVERY_S)

    @property
    def newest(self) -> MediaStats:
        """The figures of the last look; zeros before the first."""
        return self._before[1] if self._before is not None else MediaStats()

    async def stats(self) -> MediaStats:
        """The figures now."""
        peer = self._peer
        figures = await read_figures(peer.connection)
        picture = peer.sinks.picture
        sound_codec = negotiated_codec(peer.audio)
        video_codec = negotiated_codec(peer.video) if peer.video else None
        width, height = peer.sinks.size
        return MediaStats(
            packets_sent=figures.packets_sent,
            packets_received=figures.packets_received,
            bytes_sent=figures.bytes_sent,
            bytes_received=figures.bytes_received,
            packets_lost=figures.packets_lost,
            packets_lost_outgoing=figures.packets_lost_outgoing,
            pictures_sent=peer.picture_out.pictures,
            pictures_received=peer.sinks.pictures,
            width=width,
            height=height,
            sound_codec=sound_codec[0] if sound_codec else None,
            video_codec=video_codec[0] if video_codec else None,
            rtt_ms=figures.rtt_ms,
            path=peer.path,
            received_bps=self._received_bps,
            sent_bps=self._sent_bps,
            sound_in=peer.sound_in.figures(),
            sound_out=peer.sound_out.figures(),
            picture_in=picture.stream.figures() if picture else PictureInFigures(),
            picture_out=peer.picture_out.figures(),
            av_skew_ms=self._lips.skew_ms,
            quality_in=self._verdict_in.quality,
            quality_out=self._verdict_out.quality,
        )

    def _note(self, stats: MediaStats, now_s: float) -> None:
        if self._before is not None:
            before_s, before = self._before
            passed_s = max(now_s - before_s, 0.001)
            self._received_bps = round((stats.bytes_received - before.bytes_received) * 8 / passed_s)
            self._sent_bps = round((stats.bytes_sent - before.bytes_sent) * 8 / passed_s)
            second = self._second(before, stats, now_s)
            self._verdict_in = heard(self._verdict_in, incoming(second))
            self._verdict_out = heard(self._verdict_out, outgoing(second))
            stats = replace(stats, quality_in=self._verdict_in.quality, quality_out=self._verdict_out.quality)
        self._before = now_s, stats
        if self._peer.sinks.picture is not None:
            self._peer.sinks.picture.stream.hold(self._lips.update(self._sound(), self._picture()))

    def _second(self, before: MediaStats, stats: MediaStats, now_s: float) -> Second:
        concealed_s = stats.concealed_s - before.concealed_s
        played_s = stats.sound_in.played_s - before.sound_in.played_s
        picture = self._peer.sinks.picture
        newest = picture.stream.shown_timestamp if picture else None
        stands_s = now_s - newest[1] if newest else 0.0
        ended_s = stats.picture_in.frozen_s - before.picture_in.frozen_s
        return Second(
            concealed_share=concealed_s / played_s if played_s > 0 else 0.0,
            frozen_s=min(EVERY_S, max(ended_s, stands_s if STANDS_S < stands_s < PAUSED_S else 0.0)),
            loss_out=stats.picture_out.loss,
            rtt_ms=stats.rtt_ms,
        )

    def _sound(self) -> Presented | None:
        now, report = self._peer.sound_in.heard(), self._peer.sound_in.sender_report()
        return Presented(*now, *report) if now is not None and report is not None else None

    def _picture(self) -> Presented | None:
        sink = self._peer.sinks.picture
        now = sink.stream.shown_timestamp if sink else None
        report = sink.receiver.sender_report() if sink else None
        if now is None or report is None:
            return None
        ahead = (report.rtp_timestamp - now[0] + (1 << 31)) % (1 << 32) - (1 << 31)
        return Presented(*now, report.ntp_s, now[0] + ahead)


def told(stats: MediaStats) -> str:
    """The figures as a line for the log; nothing of whose call it is."""
    sound, picture, sent = stats.sound_in, stats.picture_in, stats.picture_out
    skew = f"{stats.av_skew_ms:.0f} ms" if stats.av_skew_ms is not None else "unknown"
    return (
        f"Call in {stats.quality_in.name.lower()}, {stats.received_bps // 1000} kbit/s, "
        f"{picture.width}x{picture.height} at {picture.fps:.0f}, "
        f"decoding {picture.decode_ms:.1f} ms, waiting {picture.jitter_buffer_ms:.0f} ms, "
        f"{picture.freezes} freezes of {picture.frozen_s:.1f} s, {picture.packets_asked} packets and "
        f"{picture.key_frames_asked} key frames asked for; "
        f"sound {sound.presence.value}, waiting {sound.jitter_buffer_ms:.0f} ms, "
        f"{100 * sound.concealed_share:.1f} % concealed, behind the picture {skew}; "
        f"out {stats.quality_out.name.lower()}, {stats.sent_bps // 1000} kbit/s, "
        f"{sent.width}x{sent.height} at {sent.fps:.0f}, "
        f"encoding {sent.encode_ms:.1f} ms, {100 * sent.loss:.1f} % lost; "
        f"round trip {f'{stats.rtt_ms:.0f} ms' if stats.rtt_ms is not None else 'unknown'}"
    )
