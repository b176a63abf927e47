"""What comes over connections of its own, in rooms that mix nothing: one receiving connection for each sender."""

import asyncio
import contextlib
import logging
from functools import partial

from aiortc import MediaStreamTrack, RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from kiosk.errors import KioskError, RoomProtocolError
from kiosk.frames import VideoFrame
from kiosk.media import aiortc_adapter
from kiosk.media.incoming import Incoming
from kiosk.media.offer import with_fec
from kiosk.media.peer import CLOSE_TIMEOUT_S, UNUSABLE_SDP
from kiosk.media.sinks import Sinks
from kiosk.media.sound_in import SoundIn
from kiosk.rooms.port import RoomOffer

logger = logging.getLogger(__name__)


class Receiver:
    """Belongs to one place in a room. Pictures go to `incoming` as they come, whoever sends them (the room sends one
    person's at a time); everybody's sound is mixed. All of it runs in the loop's thread."""

    def __init__(self, incoming: Incoming) -> None:
        self._incoming = incoming
        self._receiving: dict[str, asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[None]] = set()

    def take(self, offer: RoomOffer) -> None:
        """Answer it and receive, until it is dropped. What fails is logged: the room offers again."""
        self.drop(offer.source)
        task = asyncio.create_task(self._receive(offer), name="media-receive")
        self._receiving[offer.source] = task
        self._ending.add(task)
        task.add_done_callback(self._ended)

    def drop(self, source: str) -> None:
        """Receive no more of it."""
        task = self._receiving.pop(source, None)
        if task is not None:
            task.cancel()

    async def close(self) -> None:
        """Receive nothing more and let go of everything. At most 2 s."""
        for source in list(self._receiving):
            self.drop(source)
        if self._ending:
            await asyncio.wait(set(self._ending))

    async def _receive(self, offer: RoomOffer) -> None:
        connection = RTCPeerConnection(RTCConfiguration([], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        sinks, sound = Sinks(_Part(self._incoming)), SoundIn()
        over = asyncio.Event()
        connection.on("track", partial(_add, connection, sinks, sound))
        connection.on("connectionstatechange", partial(_note_end, connection, over))
        try:
            await self._answer(connection, offer)
            self._incoming.add_sound(sound)
            await over.wait()
        except KioskError as error:
            logger.warning("One of the others can be neither seen nor heard: %s", error)
        finally:
            self._incoming.remove_sound(sound)
            await sinks.close()
            await _close(connection)

    async def _answer(self, connection: RTCPeerConnection, offer: RoomOffer) -> None:
        try:
            await connection.setRemoteDescription(RTCSessionDescription(sdp=offer.sdp, type="offer"))
            await connection.setLocalDescription(await connection.createAnswer())
        except UNUSABLE_SDP as error:
            # Neither its message nor its trace: both may hold parts of the offer.
            raise RoomProtocolError(f"offer SDP: cannot be used ({type(error).__name__})") from None
        aiortc_adapter.TransportIn(connection.getReceivers()[0])
        await offer.answer(with_fec(connection.localDescription.sdp))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._ending.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            logger.error("Receiving failed with %s", type(error).__name__)


class _Part:
    """One person's share of what is shown."""

    def __init__(self, incoming: Incoming) -> None:
        self._incoming = incoming

    def put_picture(self, frame: VideoFrame, source: object) -> None:  # noqa: ARG002 - a Taker's
        self._incoming.put_picture(frame, self._incoming.source)

    def put_slides(self, frame: VideoFrame, source: object) -> None:  # noqa: ARG002 - a Taker's
        self._incoming.put_slides(frame, self._incoming.source)


def _add(connection: RTCPeerConnection, sinks: Sinks, sound: SoundIn, track: MediaStreamTrack) -> None:
    receivers = [part.receiver for part in connection.getTransceivers() if part.kind == track.kind]
    if track.kind == "video":
        sinks.add(next(receiver for receiver in receivers if receiver.track is track))
    elif track is receivers[0].track:
        aiortc_adapter.take_over_sound(receivers[0], sound)
    else:
        sinks.discard(track)


def _note_end(connection: RTCPeerConnection, over: asyncio.Event) -> None:
    if connection.connectionState in ("failed", "closed"):
        over.set()


async def _close(connection: RTCPeerConnection) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await connection.close()
            await aiortc_adapter.settle(connection)
            return
    aiortc_adapter.abort(connection)
