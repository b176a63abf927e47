"""One meeting room: who may enter, who waits, and what everybody is told."""

import logging
from collections.abc import Callable

from .conditions import Conditions
from .event_stream import EventStream
from .participant import Participant, Role
from .settings import RoomSettings
from .wire import Json, Refusal

log = logging.getLogger(__name__)


class Room:
    """The only place where a room's people and rules change. `on_change` is called after each change."""

    def __init__(self, settings: RoomSettings) -> None:
        self.settings = settings
        self.participants: dict[str, Participant] = {}
        self.on_change: Callable[[], None] = lambda: None
        self.host_gone_at: float | None = None
        self.conditions = Conditions()
        self.presenter: Participant | None = None
        self.floor_taken_at = float("-inf")
        """When the presenter took the floor, monotonic seconds."""
        self.locked = self._locked_at_start()

    def _locked_at_start(self) -> bool:
        return self.settings.host_pin is not None and not self.settings.auto_admit

    # who may enter

    def role_for(self, pin: str | None) -> Role:
        """The role that this `pin` header gives; refuses with the platform's 403 answers."""
        room = self.settings
        if room.host_pin is None:
            return "HOST"
        if pin == room.host_pin:
            return "HOST"
        if pin is None or (pin == "none" and room.guest_pin is not None):
            raise Refusal(403, {"pin": "required", "guest_pin": "none" if room.guest_pin is None else "required"})
        if pin == (room.guest_pin or "none"):
            return "GUEST"
        raise Refusal(403, "Invalid PIN")

    def must_wait(self, role: Role) -> bool:
        if self.settings.host_pin is None:
            return self.locked and bool(self.participants)
        return role == "GUEST" and (self.locked or not self.started)

    @property
    def hosts(self) -> list[Participant]:
        return [p for p in self.participants.values() if p.role == "HOST" and not p.waiting]

    @property
    def started(self) -> bool:
        return bool(self.hosts)

    # changes

    def enter(self, participant: Participant) -> None:
        self.participants[participant.uuid] = participant
        log.info("room %s: %s %s enters (%s)", *self._named(participant), participant.service_type)
        if participant.role == "HOST" and not participant.waiting:
            participant.admitted_at = participant.joined_at
            self.host_gone_at = None
            if not self.locked:
                self._admit_all(participant.joined_at)
        elif not participant.waiting:
            participant.admitted_at = participant.joined_at
        self.changed()

    def leave(self, participant: Participant, reason: str, now: float) -> None:
        """Take a participant out; his own event stream hears nothing of it."""
        if self.participants.pop(participant.uuid, None) is None:
            return
        participant.removed = True
        log.info("room %s: %s %s leaves (%s)", *self._named(participant), reason)
        self.release_floor(participant)
        if participant.role == "HOST" and not self.started:
            self.host_gone_at = now
        if all(other.is_recorder for other in self.participants.values()):
            self.participants.clear()
            self.host_gone_at = None
            self.locked = self._locked_at_start()
        self.changed()

    def admit(self, participant: Participant, now: float) -> None:
        if participant.waiting:
            participant.waiting = False
            participant.admitted_at = now
            log.info("room %s: %s %s is admitted", *self._named(participant))
            self.changed()

    def lock(self, locked: bool, now: float) -> None:
        self.locked = locked
        if not locked and self.started:
            self._admit_all(now)
        self.changed()

    def take_floor(self, participant: Participant, now: float) -> None:
        """His slides are shown from now on; whoever showed slides before does so no more."""
        if self.presenter:
            self.presenter.presenting = False
        self.presenter, self.floor_taken_at = participant, now
        participant.presenting = True
        self.changed()

    def release_floor(self, participant: Participant) -> None:
        participant.presenting = False
        if self.presenter is participant:
            self.presenter = None
            self.changed()

    def _admit_all(self, now: float) -> None:
        for waiting in [p for p in self.participants.values() if p.waiting]:
            waiting.waiting = False
            waiting.admitted_at = now

    def _named(self, participant: Participant) -> tuple[str, str, str]:
        return self.settings.alias, participant.role.lower(), participant.uuid[:8]

    # what everybody is told

    def changed(self) -> None:
        """Tell every event stream what is different from what it was told before."""
        for viewer in self.participants.values():
            if viewer.stream:
                self._tell(viewer, viewer.stream)
        self.on_change()

    def attach(self, participant: Participant, stream: EventStream) -> None:
        """Give a participant his event stream, which begins with the whole roster. An older stream ends."""
        if participant.stream:
            participant.stream.end()
        participant.stream = stream
        participant.stream_lost_at = None
        participant.shown = {}
        participant.conference_shown = {}
        stream.post("participant_sync_begin", None)
        self._tell_roster(participant, stream)
        stream.post("participant_sync_end", None)
        self._tell_conference(participant, stream)
        if participant.presenter_shown is self._presenter_for(participant):
            participant.presenter_shown = None
        self._tell_slides(participant, stream)

    def detach(self, participant: Participant, stream: EventStream, now: float) -> None:
        if participant.stream is stream:
            participant.stream = None
            participant.stream_lost_at = now

    def roster_for(self, viewer: Participant) -> dict[str, Json]:
        people = [p for p in self.participants.values() if viewer.may_see(p)]
        return {p.uuid: p.as_seen_by(viewer) for p in people}

    def conference_status(self) -> Json:
        guests = [p for p in self.participants.values() if p.role == "GUEST"]
        guests_muted = bool(guests) and all(p.muted for p in guests)
        return {
            "locked": self.locked,
            "started": self.started,
            "guests_muted": guests_muted,
            "all_muted": guests_muted,
            "presentation_allowed": True,
            "guests_can_present": False,
            "guests_can_unmute": self.conditions.guests_can_unmute,
            "live_captions_available": self.conditions.captions,
            "recording": any(p.is_recorder for p in self.participants.values()),
            "direct_media": False,
            "breakout_rooms": False,
        }

    def _tell(self, viewer: Participant, stream: EventStream) -> None:
        self._tell_roster(viewer, stream)
        self._tell_conference(viewer, stream)
        self._tell_slides(viewer, stream)

    def _tell_roster(self, viewer: Participant, stream: EventStream) -> None:
        roster = self.roster_for(viewer)
        for uuid in viewer.shown.keys() - roster.keys():
            stream.post("participant_delete", {"uuid": uuid})
        for uuid, seen in roster.items():
            if uuid not in viewer.shown:
                stream.post("participant_create", seen)
            elif viewer.shown[uuid] != seen:
                stream.post("participant_update", seen)
        viewer.shown = roster

    def _tell_conference(self, viewer: Participant, stream: EventStream) -> None:
        status = self.conference_status()
        if status != viewer.conference_shown:
            stream.post("conference_update", status)
            viewer.conference_shown = status

    def _presenter_for(self, viewer: Participant) -> Participant | None:
        return None if viewer.waiting or viewer is self.presenter else self.presenter

    def _tell_slides(self, viewer: Participant, stream: EventStream) -> None:
        presenter = self._presenter_for(viewer)
        if presenter is viewer.presenter_shown:
            return
        viewer.presenter_shown = presenter
        if presenter is None:
            stream.post("presentation_stop", None)
            return
        about: Json = {"presenter_name": presenter.display_name, "presenter_uri": "", "presenter_uuid": presenter.uuid}
        stream.post("presentation_start", about)

    def caption(self, text: str, is_final: bool) -> None:
        """Pass on what has been said, to those who want to read it."""
        for reader in self.participants.values():
            if reader.wants_captions and not reader.waiting and reader.stream:
                reader.stream.post("live_captions", {"data": text, "is_final": is_final, "src_lang": "nb"})

    def say(self, sender: Participant, kind: str, text: str, to: Participant | None = None) -> None:
        """Pass a chat message to one participant, or to everybody else who is in the conference."""
        everybody = [p for p in self.participants.values() if p is not sender and not p.waiting]
        message: Json = {"origin": sender.display_name, "uuid": sender.uuid, "type": kind, "payload": text}
        message["direct"] = to is not None
        for listener in everybody if to is None else [to]:
            if listener.stream:
                listener.stream.post("message_received", message)
