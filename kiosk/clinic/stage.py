"""A room's media: who sees whose picture, and who hears whom."""

import time
from collections.abc import Callable

from .call import Call
from .encoded_video import IncomingVideo
from .participant import Participant
from .pictures import Picture
from .room import Room
from .sound import Mixer


class Stage:
    """Keeps every call of a room on the right picture. Call `arrange` after every change, and now and then."""

    def __init__(self, room: Room, silent_picture_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._room = room
        self._silent_picture_s = silent_picture_s
        self._clock = clock
        self._calls: dict[str, Call] = {}
        self._mixer = Mixer(self._may_speak, self._may_hear)

    def call_of(self, participant: Participant) -> Call | None:
        return self._calls.get(participant.uuid)

    def add(self, participant: Participant, call: Call) -> None:
        self._calls[participant.uuid] = call
        self._mixer.add(participant.uuid, call.incoming_sound, call.sound)

    def remove(self, participant: Participant) -> Call | None:
        """Take the participant's call off the stage; the caller closes it."""
        self._mixer.remove(participant.uuid)
        call = self._calls.pop(participant.uuid, None)
        if call:
            for other in self._calls.values():
                if other.picture.source in (call.incoming_video, call.incoming_slides):
                    other.picture.show(Picture.CAMERA_OFF)
                if other.slides and other.slides.source is call.incoming_slides:
                    other.slides.show(None)
        return call

    def arrange(self) -> None:
        for uuid, call in self._calls.items():
            viewer = self._room.participants.get(uuid)
            if viewer:
                slides = self._slides_for(viewer)
                in_main = call.slides is None or call.slides_in_main
                call.picture.show(slides if slides and in_main else self._picture_for(viewer))
                if call.slides:
                    call.slides.show(None if in_main else slides)

    def _slides_for(self, viewer: Participant) -> IncomingVideo | None:
        """The presenter's slides, once they have come."""
        presenter = self._room.presenter
        call = self._calls.get(presenter.uuid) if presenter else None
        if call is None or viewer.waiting or viewer is presenter:
            return None
        return call.incoming_slides if call.incoming_slides.frame_at > self._room.floor_taken_at else None

    def _picture_for(self, viewer: Participant) -> IncomingVideo | Picture:
        """The most recently admitted other participant who has a picture."""
        if viewer.waiting:
            return Picture.WAITING
        others = [p for p in self._room.participants.values() if p is not viewer and not p.waiting]
        others = [p for p in others if p.uuid in self._calls]
        if not others:
            return Picture.ALONE
        visible = [p for p in others if self._has_picture(p)]
        if not visible:
            return Picture.CAMERA_OFF
        return self._calls[max(visible, key=lambda p: p.admitted_at).uuid].incoming_video

    def _has_picture(self, participant: Participant) -> bool:
        frame_at = self._calls[participant.uuid].incoming_video.frame_at
        return not participant.video_muted and self._clock() - frame_at < self._silent_picture_s

    def _may_speak(self, uuid: str) -> bool:
        speaker = self._room.participants.get(uuid)
        return speaker is not None and not (speaker.waiting or speaker.muted or speaker.client_muted)

    def _may_hear(self, uuid: str) -> bool:
        listener = self._room.participants.get(uuid)
        return listener is not None and not listener.waiting
