"""One RTCPeerConnection with its tracks and sinks: one offer, one answer. A session makes a second one when the first
finds no path."""

import asyncio
import contextlib
import logging
import time
from typing import Final

from aiortc import (
    InvalidAccessError,
    InvalidStateError,
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceTransportPolicy,
    RTCPeerConnection,
    RTCRtpSender,
    RTCRtpTransceiver,
    RTCSessionDescription,
)
from aiortc.exceptions import InternalError, OperationError

from kiosk.errors import MediaError, RoomProtocolError
from kiosk.media import aiortc_adapter, offer
from kiosk.media.gathering import Gathering
from kiosk.media.incoming import Incoming
from kiosk.media.ladder import Path
from kiosk.media.outgoing import Outgoing
from kiosk.media.picture_out import PictureOut
from kiosk.media.picture_track import PictureTrack
from kiosk.media.rings import OnPut, Wake
from kiosk.media.settings import Settings
from kiosk.media.sinks import Sinks
from kiosk.media.sound_in import SoundIn
from kiosk.media.sound_out import SoundSending
from kiosk.media.sound_track import SoundTrack
from kiosk.media.transport_feedback import EVERY_S, TransportFeedback

logger = logging.getLogger(__name__)

GATHER_TIMEOUT_S: Final = 5.0
"""More than gathering ever takes, unless the machine itself is stuck."""
CLOSE_TIMEOUT_S: Final = 1.5
"""Then the sockets are taken away from a connection that does not close."""

PLACE_EVERY_S: Final = 0.5
"""How often our own addresses are looked at while there is no path yet."""

UNUSABLE_SDP: Final = (
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


class Peer:
    """Made inside the loop, used in its thread, closed in any case."""

    def __init__(
        self,
        settings: Settings,
        outgoing: Outgoing,
        incoming: Incoming,
        gathering: Gathering,
        *,
        video: bool,
    ) -> None:
        self._settings = settings
        self._outgoing = outgoing
        self._incoming = incoming
        self._gathering = gathering
        aiortc_adapter.use_steady_clock()
        loop = asyncio.get_running_loop()
        self._wake_sound = Wake(loop)
        self.picture_track = PictureTrack()
        self.picture_out = PictureOut(
            outgoing.pictures, outgoing.steering, settings, outgoing.hint, lambda: outgoing.coder
        )
        self.sound_track = SoundTrack(outgoing.sound, self._wake_sound)
        self.sound_out = SoundSending(outgoing.sound, self._wake_sound)
        self._on_sound: OnPut = self._wake_sound
        self.sinks = Sinks(incoming)
        self._changed = asyncio.Event()
        self._telling: asyncio.Task[None] | None = None
        self._text = ""
        # Servers are for `gathering` alone; told none, aiortc would ask a public one.
        policy = RTCIceTransportPolicy.RELAY if gathering.relays_only else RTCIceTransportPolicy.ALL
        self.connection = RTCPeerConnection(RTCConfiguration([], policy, RTCBundlePolicy.MAX_BUNDLE))
        self.connection.on("connectionstatechange", self._changed.set)
        self.connection.on("track", self._add)
        self.audio = self.connection.addTransceiver(self.sound_track)
        self.video = self._offer_video() if video else None
        self.slides = self.connection.addTransceiver("video", direction="recvonly") if self._offers_slides() else None
        self.sound_in = SoundIn()
        aiortc_adapter.take_over_sound(self.audio.receiver, self.sound_in)
        self.audio_bytes = aiortc_adapter.ByteCount(self.audio.receiver)
        if self.video is not None:
            self.sinks.add(self.video.receiver)
        if self.slides is not None:
            self.sinks.add(self.slides.receiver, slides=True)
        for ice in aiortc_adapter.ice_connections(self.connection):
            gathering.take_over(ice)

    @property
    def paths(self) -> frozenset[Path]:
        """The ways that were offered."""
        return self._gathering.paths

    @property
    def path(self) -> Path | None:
        """The way the packets go; None before there is one."""
        protocol = aiortc_adapter.path_in_use(self.connection)
        return self._gathering.path_of(protocol) if protocol is not None else None

    async def offer(self) -> str:
        """The complete offer. Raises MediaError when there is no address to offer."""
        try:
            async with asyncio.timeout(GATHER_TIMEOUT_S):
                await self.connection.setLocalDescription(await self.connection.createOffer())
        except (TimeoutError, OSError) as error:
            raise MediaError(f"no addresses could be gathered for media ({type(error).__name__})") from error
        self._text = offer.complete_offer(self.connection.localDescription.sdp)
        if not offer.has_candidates(self._text):
            raise MediaError("no address for media: no network, or no answer from the TURN server")
        return self._text

    async def answer(self, text: str) -> None:
        """Use the answer, and take over the lines of the visit. Raises RoomProtocolError when it cannot be used."""
        complete = offer.complete_answer(self._text, text)
        offer.check_answer(self._text, complete)
        try:
            await self.connection.setRemoteDescription(RTCSessionDescription(sdp=complete, type="answer"))
        except UNUSABLE_SDP as error:
            # Neither its message nor its trace: both may hold parts of the answer.
            raise RoomProtocolError(f"answer SDP: cannot be used ({type(error).__name__})") from None
        numbers = self._number_packets(complete)
        if (aiortc_adapter.negotiated_codec(self.audio) or ("",))[0] == "opus":
            aiortc_adapter.send_sound(self.audio.sender, self.sound_out, numbers)
            self._on_sound = self.sound_out
        self._outgoing.attach(self.picture_out.wake, self.picture_out.forget, self._on_sound)
        self._read_transport(complete)
        self._incoming.attach(self.sinks, self.sound_in)

    async def is_connected(self, within_s: float) -> bool:
        """Wait so long for a path; False when there is none. Raises MediaError when it can be none any more."""
        deadline_s = time.monotonic() + within_s
        while self.connection.connectionState != "connected":
            left_s = deadline_s - time.monotonic()
            if left_s <= 0 or self.connection.connectionState in ("failed", "closed"):
                return False
            self.check_place()
            await self.until_changed(min(left_s, PLACE_EVERY_S))
        return True

    def check_place(self) -> None:
        """Raises MediaError when this machine has lost an address that was offered: no silence need prove more."""
        if self._gathering.has_moved():
            raise MediaError("this machine has lost an address that was offered")

    async def until_changed(self, at_most_s: float) -> None:
        """Until the connection's state changes, or so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_most_s):
                await self._changed.wait()
        self._changed.clear()

    def check(self) -> None:
        """Raises MediaError when the connection, or a part of it, has ended."""
        state = self.connection.connectionState
        if state in ("failed", "closed"):
            raise MediaError(f"the connection for media is {state}")
        self.sinks.check()
        self.sound_in.check()
        for track in (self.picture_track, self.sound_track):
            if track.readyState == "ended":
                # aiortc has logged why: the track or its encoder raised.
                raise MediaError(f"sending {track.kind} has stopped")

    def let_go(self) -> None:
        """Leave the lines of the visit to others: from now on nothing of this peer is sent or heard. At once."""
        self._incoming.detach(self.sinks)
        self._outgoing.detach(self.picture_out.wake, self._on_sound)
        self._changed.set()

    async def close(self) -> None:
        """End everything, at most 2 s. Once only."""
        self.let_go()
        if self._telling is not None:
            self._telling.cancel()
        await self.sinks.close()
        await self.picture_out.close()
        self.picture_track.stop()
        self.sound_track.stop()
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self.connection.close()
                await aiortc_adapter.settle(self.connection)
        except TimeoutError:
            logger.warning("The connection for media did not close; its sockets were taken away")
            aiortc_adapter.abort(self.connection)

    def _offer_video(self) -> RTCRtpTransceiver:
        video = self.connection.addTransceiver(self.picture_track)
        self.picture_out.take_over(video.sender)
        if self._settings.video_codec != "any":
            wanted = (f"video/{self._settings.video_codec}", "video/rtx")
            video.setCodecPreferences(
                [codec for codec in RTCRtpSender.getCapabilities("video").codecs if codec.mimeType.lower() in wanted]
            )
        return video

    def _number_packets(self, answer: str) -> aiortc_adapter.Numbers | None:
        """For the sound, which is numbered with the picture where the far end tells of both."""
        numbers = offer.told_numbers(answer)
        if self.video is None or "video" not in numbers:
            return None
        line = self.picture_out.number_by(numbers["video"])
        if "audio" not in numbers:
            return None
        return aiortc_adapter.Numbers(
            numbers["audio"], lambda size_bytes: line.sent(size_bytes, is_picture=False, now_s=time.monotonic())
        )

    def _read_transport(self, answer: str) -> None:
        number_id = offer.transport_numbers(answer)
        feedback = TransportFeedback() if number_id is not None else None
        transport = aiortc_adapter.TransportIn(
            self.audio.receiver,
            number_id,
            feedback.note if feedback is not None else None,
            self.picture_out.on_feedback,
        )
        if feedback is None:
            return
        # The far end finds out itself what the line carries; a guess of ours would only hold it back.
        for sink in (self.sinks.picture, self.sinks.slides):
            if sink is not None:
                sink.receiver.estimates = False
        self._telling = asyncio.create_task(_tell_arrivals(feedback, transport), name="media-feedback")

    def _offers_slides(self) -> bool:
        return self.video is not None and self._settings.slides

    def _add(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio" and track is not self.audio.receiver.track:
            self.sinks.discard(track)


async def _tell_arrivals(feedback: TransportFeedback, transport: aiortc_adapter.TransportIn) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        for message in feedback.take(time.monotonic()):
            transport.send_feedback(message)
