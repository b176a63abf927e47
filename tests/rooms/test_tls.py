"""Certificates are checked, and a stream under TLS stops as fast as one without."""

import threading
import time
from pathlib import Path

import pytest

from kiosk.errors import ConfigError, RoomUnreachable
from kiosk.rooms.port import RoomMessage
from tests.rooms.certificate import Certificate
from tests.rooms.node import ANSWER, OFFER, client, node


async def test_a_trusted_node_is_spoken_to_and_its_stream_stops_at_once(tmp_path: Path) -> None:
    certificate = Certificate(tmp_path, "127.0.0.1")
    async with node(tls=certificate.context) as serving:
        joined = await client(ca_file=str(certificate.file)).join(serving.room())
        assert await joined.offer(OFFER) == ANSWER
        await serving.say("hello")
        async for event in joined.events():
            if event == RoomMessage("hello"):
                break
        begun_s = time.monotonic()
        await joined.leave()
        assert time.monotonic() - begun_s < 1
        assert "pexip-events" not in [thread.name for thread in threading.enumerate()]


async def test_an_unknown_certificate_is_not_accepted(tmp_path: Path) -> None:
    async with node(tls=Certificate(tmp_path, "127.0.0.1").context) as serving:
        with pytest.raises(RoomUnreachable, match="signed by itself alone"):
            await client().join(serving.room())
        assert not serving.asked


async def test_a_certificate_of_somebody_else_is_not_accepted(tmp_path: Path) -> None:
    certificate = Certificate(tmp_path, "127.0.0.2")
    async with node(tls=certificate.context) as serving:
        with pytest.raises(RoomUnreachable, match="for another address"):
            await client(ca_file=str(certificate.file)).join(serving.room())
        assert not serving.asked


async def test_an_expired_certificate_is_told_as_what_it_is(tmp_path: Path) -> None:
    certificate = Certificate(tmp_path, "127.0.0.1", days=0.5)
    async with node(tls=certificate.context) as serving:
        for enter in (client(ca_file=str(certificate.file)).join, client(ca_file=str(certificate.file)).check):
            with pytest.raises(RoomUnreachable, match="expired: is this terminal's clock right"):
                await enter(serving.room())
        assert not serving.asked


def test_a_missing_file_of_authorities_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="ca_file"):
        client(ca_file=str(tmp_path / "nothing.pem"))
