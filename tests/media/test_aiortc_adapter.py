"""The private names of aiortc and aioice that we lean on. A failure here means: read their new release first."""

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import aioice.turn
import pytest
from aiortc import RTCPeerConnection, clock

from kiosk.errors import MediaError
from kiosk.media import Incoming, MediaSession, Outgoing, Settings, aiortc_adapter
from kiosk.media.aiortc_adapter.clock import SteadyClock

from .far_end import FarEnd, until


class Pair:
    """Our session, connected to a far end."""

    async def __aenter__(self) -> "Pair":
        self.far = FarEnd()
        self.session = MediaSession(Settings(video_codec="h264"), Outgoing(), Incoming())
        await self.session.connect(self.far)
        await until(lambda: self.far.connection.connectionState == "connected", "the far end")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()
        await self.far.close()


def ours(pair: Pair) -> RTCPeerConnection:
    peer = pair.session._peer
    assert peer is not None
    return peer.connection


async def test_codecs_are_known() -> None:
    async with Pair() as pair:
        audio, video, slides = ours(pair).getTransceivers()
        assert aiortc_adapter.negotiated_codec(audio) == ("opus", 48_000)
        assert aiortc_adapter.negotiated_codec(video) == ("H264", 90_000)
        assert aiortc_adapter.negotiated_codec(slides) is None


async def test_a_living_far_end_answers_and_a_vanished_one_does_not() -> None:
    async with Pair() as pair:
        assert await aiortc_adapter.is_answered(ours(pair))
        pair.far.vanish()
        begun_s = time.monotonic()
        assert not await aiortc_adapter.is_answered(ours(pair))
        assert time.monotonic() - begun_s < 3.0


async def test_the_path_in_use_is_one_of_the_connections_own() -> None:
    connection = RTCPeerConnection()
    connection.addTransceiver("audio")
    assert aiortc_adapter.path_in_use(connection) is None
    await connection.close()
    async with Pair() as pair:
        (ice,) = aiortc_adapter.ice_connections(ours(pair))
        assert aiortc_adapter.path_in_use(ours(pair)) in ice._protocols


async def test_bytes_are_counted() -> None:
    async with Pair() as pair:
        _, video, _ = ours(pair).getTransceivers()
        count = aiortc_adapter.ByteCount(video.receiver)
        await until(lambda: count.received > 1000, "packets counted")


async def test_nothing_is_asked_of_a_connection_without_a_path() -> None:
    connection = RTCPeerConnection()
    connection.addTransceiver("audio")
    assert not await aiortc_adapter.is_answered(connection)
    await connection.close()


async def test_consent_checks_that_begin_after_the_end_are_ended() -> None:
    async with Pair() as pair:
        (ice,) = aiortc_adapter.ice_connections(ours(pair))
        await pair.session.close()
        late = asyncio.create_task(ice.query_consent())
        ice._query_consent_task = late
        await aiortc_adapter.settle(ours(pair))
        await asyncio.wait({late}, timeout=1)
        assert late.cancelled()


async def test_a_connection_that_does_not_close_loses_its_sockets(caplog: pytest.LogCaptureFixture) -> None:
    async with Pair() as pair:
        (ice,) = aiortc_adapter.ice_connections(ours(pair))
        protocols = list(ice._protocols)

        async def hang() -> None:
            await asyncio.Event().wait()

        for protocol in protocols:
            protocol.close = hang
        watching = asyncio.create_task(pair.session.watch())
        await asyncio.sleep(0)
        begun_s = time.monotonic()
        with caplog.at_level(logging.WARNING):
            await pair.session.close()
        assert time.monotonic() - begun_s < 2.0
        assert "did not close" in caplog.text
        assert all(protocol.transport.is_closing() for protocol in protocols)
        with pytest.raises(MediaError, match="closed"):
            await watching


async def test_a_relayed_path_to_a_dead_server_is_taken_down() -> None:
    class Inner:
        """The protocol to a TURN server that answers no more."""

        def __init__(self, transport: asyncio.DatagramTransport) -> None:
            self.transport = transport
            self.refresh_task = asyncio.create_task(asyncio.Event().wait())

        async def delete(self) -> None:
            await asyncio.Event().wait()

    connection = RTCPeerConnection()
    connection.addTransceiver("audio")
    (ice,) = aiortc_adapter.ice_connections(connection)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
    )
    inner: Any = Inner(transport)

    class Relayed:
        """aioice's protocol over a relayed transport."""

    relayed: Any = Relayed()
    relayed.transport = aioice.turn.TurnTransport(inner)
    relayed.transport.close()
    closing = relayed.transport._TurnTransport__close_task
    ice._protocols.append(relayed)
    aiortc_adapter.abort(connection)
    await asyncio.wait({closing, inner.refresh_task}, timeout=1)
    assert closing.cancelled()
    assert inner.refresh_task.cancelled()
    assert transport.is_closing()
    ice._protocols.clear()
    await connection.close()


async def test_a_call_does_not_read_wall_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Pair():
        assert isinstance(clock.current_datetime, SteadyClock)
    # All that aiortc reads hangs on this one name.
    at = datetime(2026, 11, 22, tzinfo=UTC)
    monkeypatch.setattr(clock, "current_datetime", lambda: at)
    before_ms, before_ntp = clock.current_ms(), clock.current_ntp_time()
    at += timedelta(seconds=2)
    assert clock.current_ms() - before_ms == 2000
    assert clock.current_ntp_time() - before_ntp == 2 << 32


def test_the_steady_clock_goes_on_when_wall_time_jumps(monkeypatch: pytest.MonkeyPatch) -> None:
    steady = SteadyClock()
    monkeypatch.setattr("kiosk.media.aiortc_adapter.clock.datetime", None)
    before = steady()
    assert abs(before - datetime.now(UTC)) < timedelta(seconds=5)
    assert timedelta() <= steady() - before < timedelta(seconds=5)
