"""One WebRTC connection: offered, answered, watched, closed."""

import asyncio
import contextlib
import logging
import time
from types import TracebackType
from typing import Final, NoReturn, Self

from aiortc import (
    InvalidAccessError,
    InvalidStateError,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceTransportPolicy,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.exceptions import InternalError, OperationError

from kiosk.errors import MediaError, RoomProtocolError
from kiosk.media import aiortc_adapter, ice_servers, offer
from kiosk.media.h264 import H264Encoder
from kiosk.media.incoming import Incoming
from kiosk.media.liveness import ASK_AFTER_S, POLL_S, Liveness
from kiosk.media.outgoing import Outgoing
from kiosk.media.rings import Wake
from kiosk.media.settings import Settings
from kiosk.media.sinks import Sinks
from kiosk.media.stats import MediaStats, read_figures
from kiosk.media.tracks import PictureTrack, SoundTrack
from kiosk.rooms.port import Signaling

logger = logging.getLogger(__name__)

CLOSE_TIMEOUT_S: Final = 1.5
"""Then the sockets are taken away from a connection that does not close."""

_UNUSABLE_ANSWER: Final = (
    # aiortc parses by assert, index, key and attribute, and lets their errors out; a fuzzed answer raised nothing else.
    ArithmeticError,
    AssertionError,
    AttributeError,
    InternalError,
    InvalidAccessError,
    InvalidStateError,
    LookupError,
    OperationError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


class MediaSession:
    """One attempt to send and receive; a new one is made for each. All of it runs in the loop's thread."""

    def __init__(self, settings: Settings, outgoing: Outgoing, incoming: Incoming) -> None:
        """Must be made inside the loop. Opens nothing yet."""
        self._settings = settings
        self._outgoing = outgoing
        loop = asyncio.get_running_loop()
        self._wake_pictures = Wake(loop)
        self._wake_sound = Wake(loop)
        self._picture_track = PictureTrack(outgoing.pictures, self._wake_pictures, settings)
        self._sound_track = SoundTrack(outgoing.sound, self._wake_sound)
        self._sinks = Sinks(incoming)
        self._connection: RTCPeerConnection | None = None
        self._changed = asyncio.Event()
        self._answers = 0
        self._closing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def connect(self, signaling: Signaling) -> None:
        """Place the call and wait until packets can flow both ways. Once only; `close` follows in any case.

        Raises MediaError when no path is found in time, RoomProtocolError for an answer that cannot be used, and
        whatever `signaling` raises.
        """
        connection = self._open(signaling)
        text = await self._gather(connection)
        answer = await signaling.offer(text)
        offer.check_answer(text, answer)
        try:
            await connection.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))
        except _UNUSABLE_ANSWER as error:
            # Neither its message nor its trace: both may hold parts of the answer.
            raise RoomProtocolError(f"answer SDP: cannot be used ({type(error).__name__})") from None
        self._choose_encoder(connection)
        self._outgoing.attach(self._wake_pictures, self._wake_sound)
        await signaling.ack()
        await self._until_connected(connection)
        logger.info(
            "Connected: %s and %s",
            aiortc_adapter.negotiated_codec(connection, "audio"),
            aiortc_adapter.negotiated_codec(connection, "video"),
        )

    async def watch(self) -> NoReturn:
        """Hold a connected session; raises MediaError when it dies. Cancel it to stop watching."""
        connection = self._connected()
        liveness = Liveness(self._settings.silence_timeout_s)
        asking = asyncio.create_task(self._ask_while_silent(connection, liveness), name="media-ask")
        try:
            noted_at_s = time.monotonic()
            while True:
                self._check(connection)
                figures = await read_figures(connection)
                now_s = time.monotonic()
                liveness.note(figures.packets_received + self._answers, now_s - noted_at_s)
                noted_at_s = now_s
                await self._until_changed(POLL_S)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def stats(self) -> MediaStats:
        """The figures now; zeros before `connect` and the last ones known after `close`."""
        connection = self._connection
        width, height = self._sinks.size
        figures = await read_figures(connection) if connection else None
        return MediaStats(
            packets_sent=figures.packets_sent if figures else 0,
            packets_received=figures.packets_received if figures else 0,
            bytes_sent=figures.bytes_sent if figures else 0,
            bytes_received=figures.bytes_received if figures else 0,
            packets_lost=figures.packets_lost if figures else 0,
            packets_lost_outgoing=figures.packets_lost_outgoing if figures else 0,
            pictures_sent=self._picture_track.sent,
            pictures_received=self._sinks.pictures,
            width=width,
            height=height,
            sound_codec=aiortc_adapter.negotiated_codec(connection, "audio") if connection else None,
            video_codec=aiortc_adapter.negotiated_codec(connection, "video") if connection else None,
            rtt_ms=figures.rtt_ms if figures else None,
        )

    async def close(self) -> None:
        """Send and receive no more and let go of everything. Twice is safe; at most 2 s; goes on when cancelled."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._shut(), name="media-close")
            self._changed.set()
        await asyncio.shield(self._closing)

    def _open(self, signaling: Signaling) -> RTCPeerConnection:
        if self._connection is not None or self._closing is not None:
            raise RuntimeError("a MediaSession connects once")
        servers = ice_servers.choose(signaling.ice_servers)
        if signaling.relay_only and not ice_servers.has_turn(servers):
            raise MediaError("the room allows relayed media only, but names no usable TURN server")
        policy = RTCIceTransportPolicy.RELAY if signaling.relay_only else RTCIceTransportPolicy.ALL
        connection = RTCPeerConnection(RTCConfiguration(servers, policy, RTCBundlePolicy.MAX_BUNDLE))
        self._connection = connection
        connection.on("connectionstatechange", self._changed.set)
        connection.on("track", self._sinks.add)
        connection.addTransceiver(self._sound_track)
        video = connection.addTransceiver(self._picture_track)
        if self._settings.video_codec != "any":
            wanted = (f"video/{self._settings.video_codec}", "video/rtx")
            video.setCodecPreferences(
                [codec for codec in RTCRtpSender.getCapabilities("video").codecs if codec.mimeType.lower() in wanted]
            )
        return connection

    async def _gather(self, connection: RTCPeerConnection) -> str:
        try:
            async with asyncio.timeout(self._settings.connect_timeout_s):
                await connection.setLocalDescription(await connection.createOffer())
        except (TimeoutError, OSError) as error:
            raise MediaError(f"no addresses could be gathered for media ({type(error).__name__})") from error
        text = offer.complete_offer(connection.localDescription.sdp)
        if not offer.has_candidates(text):
            raise MediaError("no address for media: no network, or no answer from the TURN server")
        return text

    def _choose_encoder(self, connection: RTCPeerConnection) -> None:
        if aiortc_adapter.negotiated_codec(connection, "video") == "H264":
            for sender in connection.getSenders():
                if sender.track is self._picture_track:
                    encoder = H264Encoder(aiortc_adapter.h264_packer(), self._settings.fps)
                    aiortc_adapter.use_encoder(sender, encoder)

    async def _until_connected(self, connection: RTCPeerConnection) -> None:
        deadline_s = time.monotonic() + self._settings.connect_timeout_s
        while connection.connectionState != "connected":
            self._check(connection)
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                raise MediaError(f"no path for media within {self._settings.connect_timeout_s:g} s")
            await self._until_changed(left_s)

    async def _until_changed(self, at_most_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_most_s):
                await self._changed.wait()
        self._changed.clear()

    def _check(self, connection: RTCPeerConnection) -> None:
        state = "closed" if self._closing else connection.connectionState
        if state in ("failed", "closed"):
            raise MediaError(f"the connection for media is {state}")
        self._sinks.check()
        for track in (self._picture_track, self._sound_track):
            if track.readyState == "ended":
                # aiortc has logged why: the track or its encoder raised.
                raise MediaError(f"sending {track.kind} has stopped")

    async def _ask_while_silent(self, connection: RTCPeerConnection, liveness: Liveness) -> None:
        while True:
            await asyncio.sleep(POLL_S)
            if liveness.silent_s >= ASK_AFTER_S and await aiortc_adapter.is_answered(connection):
                self._answers += 1

    def _connected(self) -> RTCPeerConnection:
        if self._connection is None:
            raise RuntimeError("watch before connect")
        return self._connection

    async def _shut(self) -> None:
        self._outgoing.detach(self._wake_pictures, self._wake_sound)
        await self._sinks.close()
        self._picture_track.stop()
        self._sound_track.stop()
        connection = self._connection
        if connection is None:
            return
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await connection.close()
                await aiortc_adapter.settle(connection)
        except TimeoutError:
            logger.warning("The connection for media did not close; its sockets were taken away")
            aiortc_adapter.abort(connection)
