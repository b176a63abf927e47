"""Each rung of the ladder over a real network stack: what a firewall leaves is enough for a call."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from kiosk.errors import MediaError
from kiosk.frames import VideoFrame
from kiosk.media import Incoming, MediaSession, Outgoing, Settings
from kiosk.media.ladder import FIRST_S, Path
from kiosk.rooms.port import CallStatistics, IceServer, RoomEvent
from tests.media.far_end import FarEnd, Hands, until

from .conftest import Turn
from .coturn import TCP, TLS, UDP, servers

TO_TURN_UDP = "udp dport 3478"
TO_TURN_TCP = "tcp dport 3478"
TO_TURN_TLS = "tcp dport 443"


class Line:
    """Signaling that is heard in both namespaces. Each offer meets a fresh far end, as one that replaces a call
    does."""

    waiting = False
    video = True
    statistics_every_s: float | None = None

    def __init__(self, turn: Turn, ice_servers: tuple[IceServer, ...], relay_only: bool = False) -> None:
        self._clinic = turn.clinic.loop
        self.ice_servers = ice_servers
        self.relay_only = relay_only
        self.late_servers: tuple[IceServer, ...] = ()
        self.offers: list[str] = []
        self.far_ends: list[FarEnd] = []

    async def offer(self, sdp: str) -> str:
        self.offers.append(sdp)
        self.ice_servers += self.late_servers
        return await self._in_clinic(self._answer(sdp))

    async def ack(self) -> None:
        """The far end sends anyway."""

    async def events(self) -> AsyncIterator[RoomEvent]:
        nothing: tuple[RoomEvent, ...] = ()
        for event in nothing:
            yield event

    def renew(self) -> None:
        """Nothing is open here."""

    async def pause(self, paused: bool) -> None:
        """Nobody is here to be told."""

    async def statistics(self, statistics: CallStatistics) -> None:
        """Nobody is here to be told."""

    async def leave(self) -> None:
        for far in self.far_ends:
            await self._in_clinic(far.close())

    async def _answer(self, sdp: str) -> str:
        far = FarEnd()
        self.far_ends.append(far)
        return await far.offer(sdp)

    async def _in_clinic(self, work: "Awaitable[str] | Awaitable[None]") -> str:
        async def awaited() -> str:
            return await work or ""

        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(awaited(), self._clinic))


class Visit:
    """The terminal's side."""

    def __init__(self, turn: Turn) -> None:
        self.settings = Settings(width=320, height=240, ca_file=turn.ca_file)
        self.outgoing, self.incoming = Outgoing(), Incoming()
        self.pictures: list[VideoFrame] = []
        self.incoming.on_picture = self.pictures.append

    @asynccontextmanager
    async def call(self, line: Line) -> AsyncIterator[MediaSession]:
        """Connected, with pictures both ways."""
        hands = Hands(self.outgoing)
        session = MediaSession(self.settings, self.outgoing, self.incoming)
        self.pictures.clear()
        try:
            await session.connect(line)
            await until(lambda: len(self.pictures) > 2 and line.far_ends[-1].picture_count > 2, "pictures both ways")
            yield session
        finally:
            hands.stop()
            await session.close()
            await line.leave()


def in_terminal(turn: Turn, work: Callable[[], Awaitable[None]]) -> None:
    async def awaited() -> None:
        await work()

    turn.terminal.run(awaited())


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (("meta l4proto { tcp, udp }",), Path.DIRECT),
        ((TO_TURN_UDP,), Path.TURN_UDP),
        ((TO_TURN_TCP,), Path.TURN_TCP),
        ((TO_TURN_TLS,), Path.TURN_TLS),
    ],
    ids=lambda part: part.name if isinstance(part, Path) else "",
)
def test_a_call_takes_the_way_that_is_open(turn: Turn, rules: tuple[str, ...], expected: Path) -> None:
    async def work() -> None:
        visit, line = Visit(turn), Line(turn, servers(UDP, TCP, TLS))
        times_s = []
        for _ in range(2):
            begun_s = time.monotonic()
            async with visit.call(line) as session:
                times_s.append(time.monotonic() - begun_s)
                assert (await session.stats()).path is expected
        print(f"\n{expected.value}: picture after {times_s[0]:.2f} s, when known {times_s[1]:.2f} s")
        assert len(line.offers) == 2

    turn.network.allow(*rules)
    in_terminal(turn, work)


def test_relays_alone_are_offered_to_a_room_that_wants_it(turn: Turn) -> None:
    async def work() -> None:
        line = Line(turn, servers(UDP, TCP, TLS), relay_only=True)
        async with Visit(turn).call(line) as session:
            assert (await session.stats()).path is Path.TURN_UDP
        assert "typ host" not in line.offers[0]
        assert "10.77.0.2" not in line.offers[0]

    turn.network.allow("meta l4proto { tcp, udp }")
    in_terminal(turn, work)


def test_a_relay_that_the_answer_names_is_taken_with_a_second_offer(turn: Turn) -> None:
    async def work() -> None:
        line = Line(turn, ())
        line.late_servers = servers(TLS)
        begun_s = time.monotonic()
        async with Visit(turn).call(line) as session:
            assert (await session.stats()).path is Path.TURN_TLS
        assert len(line.offers) == 2
        assert "typ relay" in line.offers[1]
        assert time.monotonic() - begun_s > FIRST_S

    turn.network.allow(TO_TURN_TLS)
    in_terminal(turn, work)


def test_a_server_with_a_certificate_of_nobody_known_is_not_trusted(
    turn: Turn, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> None:
        visit = Visit(turn)
        visit.settings = Settings(connect_timeout_s=1.0)
        line = Line(turn, servers(TLS), relay_only=True)
        session = MediaSession(visit.settings, visit.outgoing, visit.incoming)
        try:
            with pytest.raises(MediaError, match="no address for media"):
                await session.connect(line)
        finally:
            await session.close()

    turn.network.allow(TO_TURN_TLS)
    with caplog.at_level(logging.INFO, "kiosk"):
        in_terminal(turn, work)
    assert "TURN over TLS: no address (SSLCertVerificationError)" in caplog.text
    assert "10.77" not in caplog.text
