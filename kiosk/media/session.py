"""One call's media: placed, watched, closed."""

import asyncio
import logging
import time
from types import TracebackType
from typing import NoReturn, Self

from kiosk.errors import MediaError
from kiosk.media import aiortc_adapter, ice_servers
from kiosk.media.aiortc_adapter import negotiated_codec
from kiosk.media.gathering import Gathering
from kiosk.media.incoming import Incoming
from kiosk.media.ladder import FIRST_S, SECOND_LEAST_S, Path, Servers, second_offer
from kiosk.media.liveness import ASK_AFTER_S, ASK_EVERY_S, POLL_S, Liveness
from kiosk.media.outgoing import Outgoing
from kiosk.media.peer import Peer
from kiosk.media.settings import Settings
from kiosk.media.stats import MediaStats, read_figures, read_stream
from kiosk.media.survey import Survey
from kiosk.rooms.port import CallStatistics, Signaling, StreamStatistics

logger = logging.getLogger(__name__)


class MediaSession:
    """One attempt to send and receive; a new one is made for each, on the same lines, while the last is still closing
    if need be. All of it runs in the loop's thread."""

    def __init__(self, settings: Settings, outgoing: Outgoing, incoming: Incoming) -> None:
        """Must be made inside the loop. Opens nothing yet."""
        self._settings = settings
        self._outgoing = outgoing
        self._incoming = incoming
        self._peer: Peer | None = None
        self._answers = 0
        self._survey: Survey | None = None
        self._looking: asyncio.Task[NoReturn] | None = None
        self._given_up: list[asyncio.Task[None]] = []
        self._closing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def connect(self, signaling: Signaling) -> None:
        """Place the call and wait until packets can flow both ways. Once only; `close` follows in any case.

        When no path is found a second offer, of relays alone, replaces the first. Raises MediaError when no path is
        found in time, RoomProtocolError for an answer that cannot be used, and whatever `signaling` raises.
        """
        if self._peer is not None or self._closing is not None:
            raise RuntimeError("a MediaSession connects once")
        servers = ice_servers.choose(signaling.ice_servers)
        if signaling.relay_only and not servers.relays:
            raise MediaError("the room allows relayed media only, but names no usable TURN server")
        memory = self._outgoing.memory
        worked, memory.worked = memory.worked, None
        limit_s = self._settings.connect_timeout_s
        peer = await self._place(signaling, servers, worked, relays_only=signaling.relay_only)
        # A room may name more servers in its answer.
        others = second_offer(ice_servers.choose(signaling.ice_servers), peer.paths)
        is_connected = await peer.is_connected(min(FIRST_S, limit_s) if others.relays else limit_s)
        if not is_connected and others.relays and self._closing is None:
            logger.info("No path yet; trying %s", ", ".join(relay.path.value for relay in others.relays))
            self._given_up.append(asyncio.create_task(peer.close(), name="media-given-up"))
            peer = await self._place(signaling, others, None, relays_only=True)
            is_connected = await peer.is_connected(max(limit_s - FIRST_S, SECOND_LEAST_S))
        self._check_open()
        if not is_connected:
            raise MediaError(f"no path for media within {limit_s:g} s")
        memory.worked = peer.path
        assert self._survey is not None
        self._looking = asyncio.create_task(self._survey.run(), name="media-survey")
        codecs = [codec[0] for part in (peer.audio, peer.video) if part and (codec := negotiated_codec(part))]
        logger.info("Connected: %s, %s", " and ".join(codecs), peer.path.value if peer.path else "no path")

    async def watch(self) -> NoReturn:
        """Hold a connected session; raises MediaError when it dies. Cancel it to stop watching."""
        peer = self._peer
        if peer is None:
            raise RuntimeError("watch before connect")
        liveness = Liveness(self._settings.silence_timeout_s)
        asking = asyncio.create_task(self._ask_while_silent(peer, liveness), name="media-ask")
        try:
            noted_at_s = time.monotonic()
            while True:
                self._check_open()
                peer.check()
                figures = await read_figures(peer.connection)
                now_s = time.monotonic()
                liveness.note(figures.packets_received, self._answers, now_s - noted_at_s)
                if liveness.silent_s >= ASK_AFTER_S:
                    peer.check_place()
                noted_at_s = now_s
                await peer.until_changed(POLL_S)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def stats(self) -> MediaStats:
        """The figures now; zeros before `connect` and the last ones known after `close`."""
        return await self._survey.stats() if self._survey is not None else MediaStats()

    @property
    def newest(self) -> MediaStats:
        """The figures of at most a second ago, for nothing; zeros before the first."""
        return self._survey.newest if self._survey is not None else MediaStats()

    @property
    def paths(self) -> frozenset[Path]:
        """The ways that were offered: each relay among them has given us an address."""
        return self._peer.paths if self._peer is not None else frozenset()

    async def statistics(self) -> CallStatistics:
        """The same for `Signaling.statistics`: sound and main picture, since this session began. Cheap enough for
        once a second."""
        peer = self._peer
        if peer is None:
            return CallStatistics(StreamStatistics(), StreamStatistics())
        audio = await read_stream(peer.audio, peer.audio_bytes.received)
        if peer.video is None or peer.sinks.picture is None:
            return CallStatistics(audio, StreamStatistics())
        return CallStatistics(audio, await read_stream(peer.video, peer.sinks.picture.receiver.received_bytes))

    async def close(self) -> None:
        """Send and receive no more and let go of everything. Twice is safe; at most 2 s; goes on when cancelled.

        Nothing of this session is sent or reaches Incoming from the moment of the call, so another one may begin at
        once.
        """
        if self._closing is None:
            if self._peer is not None:
                self._peer.let_go()
            self._closing = asyncio.create_task(self._shut(), name="media-close")
        await asyncio.shield(self._closing)

    async def _place(self, signaling: Signaling, servers: Servers, worked: Path | None, relays_only: bool) -> Peer:
        gathering = Gathering(servers, relays_only, worked, self._settings.ca_file)
        peer = Peer(self._settings, self._outgoing, self._incoming, gathering, video=signaling.video)
        self._peer = peer
        self._survey = Survey(peer)
        answer = await signaling.offer(await peer.offer())
        self._check_open()
        await peer.answer(answer)
        await signaling.ack()
        self._check_open()
        return peer

    def _check_open(self) -> None:
        if self._closing is not None:
            raise MediaError("the connection for media is closed")

    async def _ask_while_silent(self, peer: Peer, liveness: Liveness) -> None:
        async with asyncio.TaskGroup() as questions:
            while True:
                await asyncio.sleep(ASK_EVERY_S)
                if liveness.silent_s >= ASK_AFTER_S:
                    questions.create_task(self._ask(peer))

    async def _ask(self, peer: Peer) -> None:
        if await aiortc_adapter.is_answered(peer.connection):
            self._answers += 1

    async def _shut(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        if self._peer is not None:
            await self._peer.close()
        await asyncio.gather(*self._given_up)
