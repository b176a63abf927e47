"""The clinic as a whole: its rooms, tokens and calls, and the clock that ends what has lasted too long."""

import asyncio
import logging
import time
from collections.abc import Callable
from uuid import uuid4

from .call import Call
from .event_stream import EventStream
from .faults import Faults
from .offer import Offer, OfferError, read_offer
from .participant import Participant, Role
from .room import Room
from .settings import ClinicSettings, VideoCodec
from .stage import Stage
from .tokens import TokenBook
from .transfers import TransferBook
from .wire import Refusal

log = logging.getLogger(__name__)

SWEEP_INTERVAL_S = 0.25
DEPARTURE_S = 5.0
"""How long somebody who was disconnected may still say goodbye with his token."""

REASON_TOKEN = "Timer expired awaiting token refresh"  # noqa: S105
REASON_GONE = "Call disconnected"
REASON_WAITING = "Timeout waiting for conference host to join or permit access to locked conference"
REASON_HOSTS_GONE = "All conference hosts departed hosted conference"
REASON_STOPPING = "Signaling node disconnected"
REASON_ICE = "Ice failure"


class Clinic:
    """Everything happens on one loop. `now` is monotonic seconds."""

    def __init__(self, settings: ClinicSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings = settings
        self.clock = clock
        self.faults = Faults()
        self.rooms = {room.alias: Room(room) for room in settings.rooms}
        self.stages = {alias: Stage(room, settings.silent_picture_s, clock) for alias, room in self.rooms.items()}
        for alias, room in self.rooms.items():
            room.on_change = self.stages[alias].arrange
        self.tokens = TokenBook(settings.token_lifetime_s)
        self.transfers = TransferBook()
        self._known: dict[str, Participant] = {}
        self._open_calls: set[Call] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._sweeper = asyncio.create_task(self._sweep_for_ever(), name="clinic-sweeper")
        self._sweeper.add_done_callback(_report_crash)

    # joining and leaving

    def join(
        self, room: Room, role: Role, display_name: str, *, entrance: str, is_page: bool, is_sent: bool
    ) -> tuple[Participant, str]:
        """A new participant and his token. Who is sent by a host from another room need not wait."""
        now = self.clock()
        participant = Participant(
            alias=room.settings.alias,
            display_name=display_name,
            role=role,
            waiting=not is_sent and room.must_wait(role),
            joined_at=now,
            entrance=entrance,
            is_page=is_page,
        )
        self._known[participant.uuid] = participant
        token = self.tokens.issue(participant.uuid, now)
        room.enter(participant)
        return participant, token

    def bearer(self, token: str | None, *, may_have_left: bool = False) -> Participant:
        """Whose token this is; refuses with 403."""
        if not token:
            raise Refusal(403, "Invalid token")
        uuid = self.tokens.participant_of(token, self.clock())
        participant = self._known.get(uuid) if uuid else None
        if participant is None or (participant.removed and not may_have_left):
            raise Refusal(403, "Invalid token")
        return participant

    def participant(self, uuid: str) -> Participant | None:
        """Somebody who is in one of the rooms."""
        return next((room.participants[uuid] for room in self.rooms.values() if uuid in room.participants), None)

    def refer(self, participant: Participant, alias: str, role: Role) -> None:
        """Ask a participant to go on to another room, with a token that lets him in."""
        token = self.transfers.issue(alias, role, self.clock())
        participant.transferring = True
        if participant.stream:
            participant.stream.post("refer", {"alias": alias, "token": token})
        self.rooms[participant.alias].changed()

    def record(self, room: Room, on: bool) -> None:
        """Start or stop a recording, which is a participant that everybody sees."""
        recorders = [p for p in room.participants.values() if p.is_recorder]
        if on and not recorders and room.participants:
            now = self.clock()
            room.enter(Participant(room.settings.alias, "Recording", "GUEST", False, now, is_recorder=True))
        for recorder in () if on else recorders:
            room.leave(recorder, REASON_GONE, self.clock())

    def disconnect(self, participant: Participant, reason: str) -> None:
        """Remove somebody and tell him why; his token stays good for saying goodbye."""
        if participant.removed:
            return
        now = self.clock()
        if participant.stream:
            participant.stream.post("disconnect", {"reason": reason})
        self._take_out(participant, reason)
        self.tokens.shorten(participant.uuid, now + DEPARTURE_S)

    def release(self, participant: Participant, reason: str) -> None:
        """A participant goes by himself: his token ends at once."""
        self._take_out(participant, reason)
        self.tokens.revoke(participant.uuid)
        self._known.pop(participant.uuid, None)

    def _take_out(self, participant: Participant, reason: str) -> None:
        self.end_call(participant)
        self.rooms[participant.alias].leave(participant, reason, self.clock())
        if participant.stream:
            participant.stream.end()
            participant.stream = None

    # event streams

    def open_stream(self, participant: Participant) -> EventStream:
        stream = EventStream(self.settings.keep_alive_s)
        self.rooms[participant.alias].attach(participant, stream)
        return stream

    def close_stream(self, participant: Participant, stream: EventStream) -> None:
        self.rooms[participant.alias].detach(participant, stream, self.clock())

    def end_streams(self) -> None:
        """As a proxy does that has had enough; everybody's but the pages'."""
        for participant in self._away():
            if participant.stream:
                participant.stream.end()

    def revoke_tokens(self) -> None:
        """As a restarted node does, and let it be noticed at once; everybody's but the pages'."""
        for participant in self._away():
            if participant.stream:
                participant.stream.post("refresh_token", None)
            self.tokens.revoke(participant.uuid)

    def _away(self) -> list[Participant]:
        return [p for room in self.rooms.values() for p in room.participants.values() if not p.is_page]

    # calls

    async def place_call(
        self, participant: Participant, sdp: str, media_type: str, *, slides_in_main: bool = False
    ) -> tuple[Call, str]:
        """Answer an offer; an earlier call of the same participant ends. Raises OfferError.

        `slides_in_main`: slides take the place of the main picture even if there is a section for them.
        """
        offer = read_offer(sdp, self._codec_of(participant), media_type)
        if self.rooms[participant.alias].conditions.sound_only and "video" in offer.kinds:
            raise OfferError("has a video section, but this room takes sound alone")
        return await self._connect(participant, str(uuid4()), offer, slides_in_main)

    async def update_call(self, participant: Participant, call: Call, sdp: str) -> str:
        """Answer a further offer of a call, on a new connection if it asks for one. Raises OfferError."""
        offer = read_offer(sdp, self._codec_of(participant))
        if call.can_follow(offer):
            return await call.follow(offer)
        return (await self._connect(participant, call.uuid, offer, call.slides_in_main))[1]

    def _codec_of(self, participant: Participant) -> VideoCodec:
        return self.rooms[participant.alias].settings.codec or self.settings.codec

    async def _connect(
        self, participant: Participant, uuid: str, offer: Offer, slides_in_main: bool
    ) -> tuple[Call, str]:
        born = self.faults.breaks
        call = Call(
            uuid,
            self._codec_of(participant),
            slides_in_main=slides_in_main,
            packets_are_lost=lambda: not participant.is_page and self.faults.loses_media_of(born),
            on_ended=lambda: self._call_ended(participant, call),
        )
        self._open_calls.add(call)
        try:
            answer = await call.answer(offer)
        except BaseException:
            self._close(call)
            raise
        if participant.removed:
            self._close(call)
            raise OfferError("comes from a participant who has left")
        self.end_call(participant)
        self.stages[participant.alias].add(participant, call)
        participant.has_media = True
        participant.has_sound_only = "video" not in offer.kinds
        self.rooms[participant.alias].changed()
        return call, answer

    def end_call(self, participant: Participant) -> None:
        call = self.stages[participant.alias].remove(participant)
        if call:
            self._close(call)
            participant.has_media = False
            self.rooms[participant.alias].changed()

    def _call_ended(self, participant: Participant, call: Call) -> None:
        if self.stages[participant.alias].call_of(participant) is call:
            if participant.stream:
                participant.stream.post("call_disconnected", {"call_uuid": call.uuid, "reason": REASON_ICE})
            self.end_call(participant)

    def _close(self, call: Call) -> None:
        task = asyncio.create_task(self._close_for_good(call), name="clinic-close-call")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _close_for_good(self, call: Call) -> None:
        await call.close()
        self._open_calls.discard(call)

    @property
    def call_count(self) -> int:
        """Peer connections that are not closed yet."""
        return len(self._open_calls)

    # what has lasted too long

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_INTERVAL_S)
            self.sweep()

    def sweep(self) -> None:
        now = self.clock()
        for uuid in self.tokens.expire(now):
            participant = self._known.pop(uuid, None)
            if participant:
                self.disconnect(participant, REASON_TOKEN)
        for room in self.rooms.values():
            for participant in list(room.participants.values()):
                reason = self._overdue(room, participant, now)
                if reason:
                    self.disconnect(participant, reason)
            self.stages[room.settings.alias].arrange()

    def _overdue(self, room: Room, participant: Participant, now: float) -> str | None:
        """The reason why somebody must go now, or None."""
        settings = self.settings
        if participant.waiting and now - participant.joined_at >= settings.waiting_limit_s:
            return REASON_WAITING
        hosts_gone = room.host_gone_at is not None and now - room.host_gone_at >= settings.host_gone_limit_s
        if hosts_gone and not participant.waiting:
            return REASON_HOSTS_GONE
        lost_at = participant.stream_lost_at
        if lost_at is not None and now - lost_at >= settings.gone_limit_s:
            call = self.stages[participant.alias].call_of(participant)
            if call is None or now - call.media_at >= settings.gone_limit_s:
                return REASON_GONE
        return None

    async def close(self) -> None:
        """Disconnect everybody and end every call."""
        self._sweeper.cancel()
        self.faults.switch(cut=False, stall=False)
        for room in self.rooms.values():
            for participant in list(room.participants.values()):
                self.disconnect(participant, REASON_STOPPING)
                self.tokens.revoke(participant.uuid)
        self._known.clear()
        await asyncio.gather(*self._closing, return_exceptions=True)
        await asyncio.gather(self._sweeper, return_exceptions=True)
        log.info("clinic is closed")


def _report_crash(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.critical("the clinic's sweeper has crashed", exc_info=error)
