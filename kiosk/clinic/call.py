"""One participant's call: a peer connection, his picture and sound coming in, the room's going out."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpCodecCapability,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.exceptions import InvalidAccessError, InvalidStateError, OperationError
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import candidate_from_sdp
from av import AudioFrame

from . import aiortc_adapter
from .encoded_video import EncodedFrame, IncomingVideo
from .offer import Offer, OfferError, mark_slides
from .picture_track import PictureTrack
from .settings import VideoCodec
from .sound import SoundRing, SoundTrack, mono

log = logging.getLogger(__name__)

MIME_TYPES: dict[VideoCodec, str] = {"vp8": "video/VP8", "h264": "video/H264"}
EXPECTED_BITRATE_BPS = 1_500_000
_TROUBLE = (ValueError, KeyError, IndexError, AttributeError, InvalidAccessError, InvalidStateError, OperationError)
"""What aiortc raises for descriptions that it cannot use."""


class CandidateError(ValueError):
    """A candidate line that is not understood."""


class Call:
    """Answers one offer. Media is sent after `start`; `on_ended` is called once if the connection ends by itself."""

    def __init__(
        self,
        uuid: str,
        codec: VideoCodec,
        *,
        slides_in_main: bool = False,
        packets_are_lost: Callable[[], bool],
        on_ended: Callable[[], None],
    ) -> None:
        self.uuid = uuid
        self.acknowledged = False
        self.slides_in_main = slides_in_main
        self.picture = PictureTrack(codec)
        self.slides: PictureTrack | None = None
        """Where slides are sent, if the offer has a section for them."""
        self.sound = SoundTrack()
        self.incoming_sound = SoundRing()
        self.incoming_video = IncomingVideo(lambda: self._ask_for_keyframe(0))
        self.incoming_slides = IncomingVideo(lambda: self._ask_for_keyframe(1))
        self.media_at = time.monotonic()
        """When the last picture or sound arrived, monotonic seconds."""
        self._codec: VideoCodec = codec
        self._packets_are_lost = packets_are_lost
        self._on_ended = on_ended
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._first_mid = ""
        self._ice_username = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def answer(self, offer: Offer) -> str:
        """The answer's SDP, candidates included; raises OfferError."""
        self._first_mid, self._ice_username = offer.first_mid, offer.ice_username
        connection = self._connection
        if "audio" in offer.kinds:
            audio = connection.addTransceiver(self.sound, direction="sendrecv")
            audio.setCodecPreferences(_capabilities("audio", "audio/opus"))
            aiortc_adapter.pass_sound_at_once(audio.receiver)
        if "video" in offer.kinds:
            self._add_video(self.picture, self._take_picture)
        if offer.kinds.count("video") > 1:
            self.slides = PictureTrack(self._codec, None)
            self._add_video(self.slides, self.incoming_slides.deliver)
        aiortc_adapter.use_loopback_if_alone(connection)
        connection.on("track", self._take_track)
        connection.on("connectionstatechange", self._state_changed)
        answer = await self._negotiate(offer)
        aiortc_adapter.lose_packets(connection, self._packets_are_lost)
        return answer

    def _add_video(self, track: PictureTrack, take: Callable[[EncodedFrame], None]) -> None:
        video = self._connection.addTransceiver(track, direction="sendrecv")
        video.setCodecPreferences(_capabilities("video", MIME_TYPES[self._codec]))
        aiortc_adapter.pass_encoded_video(video.receiver, self._codec, take)
        aiortc_adapter.expect_bitrate(video.receiver, EXPECTED_BITRATE_BPS)
        aiortc_adapter.on_keyframe_request(video.sender, track.keyframe_wanted)

    def can_follow(self, offer: Offer) -> bool:
        """Whether a further offer goes on with this connection; a restart of ICE needs a new one."""
        return offer.ice_username == self._ice_username

    async def follow(self, offer: Offer) -> str:
        """Answer a further offer on the same connection; raises OfferError."""
        return await self._negotiate(offer)

    async def _negotiate(self, offer: Offer) -> str:
        connection = self._connection
        try:
            await connection.setRemoteDescription(RTCSessionDescription(offer.sdp, "offer"))
            await connection.setLocalDescription(await connection.createAnswer())
        except _TROUBLE as error:
            raise OfferError(f"cannot be answered ({type(error).__name__})") from error
        return mark_slides(connection.localDescription.sdp)

    def start(self) -> None:
        """The participant has the answer: begin to send."""
        self.acknowledged = True
        self.picture.start()
        self.sound.start()
        if self.slides:
            self.slides.start()

    async def add_candidate(self, line: str) -> None:
        """A trickled candidate; an empty line says that there are no more. Raises CandidateError."""
        if not line:
            await self._connection.addIceCandidate(None)
            return
        try:
            candidate = candidate_from_sdp(line.removeprefix("candidate:"))
        except (ValueError, IndexError, AssertionError) as error:
            raise CandidateError("candidate is malformed") from error
        if candidate.protocol.lower() != "udp":
            return
        candidate.sdpMid = self._first_mid
        await self._connection.addIceCandidate(candidate)

    async def close(self) -> None:
        """End the call; twice is safe. Does not call `on_ended`."""
        self._closed = True
        self.picture.stop()
        self.sound.stop()
        if self.slides:
            self.slides.stop()
        for task in self._tasks:
            task.cancel()
        await self._connection.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take_picture(self, frame: EncodedFrame) -> None:
        if not self._closed:
            self.media_at = time.monotonic()
            self.incoming_video.deliver(frame)

    def _take_track(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio":
            self._spawn(self._read_sound(track))

    async def _read_sound(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, AudioFrame):
                self.media_at = time.monotonic()
                self.incoming_sound.push(mono(frame))

    def _ask_for_keyframe(self, number: int) -> None:
        """From the main picture (0) or the slides (1)."""
        receivers = [t.receiver for t in self._connection.getTransceivers() if t.kind == "video"]
        if number < len(receivers) and not self._closed:
            self._spawn(aiortc_adapter.ask_for_keyframe(receivers[number]))

    def _state_changed(self) -> None:
        if self._connection.connectionState in ("failed", "closed") and not self._closed:
            log.info("call %s: connection %s", self.uuid[:8], self._connection.connectionState)
            self._closed = True
            self._on_ended()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="clinic-call")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _capabilities(kind: str, mime_type: str) -> list[RTCRtpCodecCapability]:
    names = (mime_type.lower(), f"{kind}/rtx")
    return [codec for codec in RTCRtpSender.getCapabilities(kind).codecs if codec.mimeType.lower() in names]
