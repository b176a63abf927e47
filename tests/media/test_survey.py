"""A running call in one value, and in one line."""

import asyncio
import logging

import pytest

from kiosk.consultation.model import Quality
from kiosk.media import Incoming, MediaSession, MediaStats, Outgoing, Settings, survey
from kiosk.media.picture_in import PictureInFigures
from kiosk.media.sound_in import SoundInFigures
from kiosk.media.survey import told

from .far_end import FarEnd, Hands, until


async def test_the_figures_of_all_parts_come_together(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(survey, "EVERY_S", 0.05)
    monkeypatch.setattr(survey, "LOG_EVERY", 10)
    caplog.set_level(logging.INFO, logger="kiosk.media.survey")
    far, outgoing, incoming = FarEnd(), Outgoing(), Incoming()
    hands = Hands(outgoing)
    session = MediaSession(Settings(width=320, height=240), outgoing, incoming)
    try:
        assert await session.stats() == session.newest == MediaStats()
        await session.connect(far)
        await until(lambda: far.picture_count > 5 and "Call " in caplog.text, "a line in the log")
        incoming.next_block()
        stats = await session.stats()
        assert min(stats.received_bps, stats.sent_bps) > 1000
        assert stats.picture_in.shown == pytest.approx(stats.pictures_received, abs=2)
        assert (stats.picture_in.width, stats.picture_in.height) == (320, 240)
        assert stats.picture_in.fps > 0
        assert stats.picture_out.pictures > 0
        assert stats.sound_out.payloads > 0
        assert stats.sound_in.packets > 0
        assert session.newest.packets_received > 0
    finally:
        hands.stop()
        await session.close()
        await far.close()
    assert "media-survey" not in {task.get_name() for task in asyncio.all_tasks()}


def test_the_line_says_what_counts_and_nothing_of_whose_call_it_is() -> None:
    stats = MediaStats(
        received_bps=812_345,
        rtt_ms=43.2,
        av_skew_ms=-12.0,
        quality_in=Quality.WEAK,
        quality_out=Quality.BAD,
        sound_in=SoundInFigures(concealed_share=0.021),
        picture_in=PictureInFigures(freezes=2, frozen_s=0.61, width=640, height=480, fps=29.5),
    )
    line = told(stats)
    for words in (
        "in weak, 812 kbit/s",
        "640x480 at 30",
        "2 freezes of 0.6 s",
        "2.1 % concealed",
        "out bad",
        "trip 43 ms",
    ):
        assert words in line
    assert "behind the picture -12 ms" in line
    assert "unknown" in told(MediaStats())
