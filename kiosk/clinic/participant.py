"""One participant of a room, and how others are told about him."""

import time
from dataclasses import dataclass, field
from typing import Literal
from uuid import uuid4

from .event_stream import EventStream
from .wire import Json

Role = Literal["HOST", "GUEST"]


def _yes(value: bool) -> str:
    return "YES" if value else "NO"


@dataclass(eq=False)
class Participant:
    """Times are monotonic seconds unless named otherwise."""

    alias: str
    """The room he is in."""
    display_name: str = field(repr=False)
    role: Role
    waiting: bool
    joined_at: float
    is_page: bool = False
    """Joined from the clinician's page: faults do not touch him."""
    entrance: str = ""
    """The alias in his requests; another one than his room's for somebody who came through the reception."""
    is_recorder: bool = False
    """Not a person but a recording or a broadcast: it has no token and is never alone."""
    uuid: str = field(default_factory=lambda: str(uuid4()))
    start_time_unix: int = field(default_factory=lambda: int(time.time()))
    admitted_at: float = 0.0
    muted: bool = False
    client_muted: bool = False
    video_muted: bool = False
    has_media: bool = False
    has_sound_only: bool = False
    has_camera_control: bool = False
    """His camera may be steered by others."""
    wants_captions: bool = False
    transferring: bool = False
    presenting: bool = False
    hand_raised_unix: int = 0
    """Since when; 0: not raised."""
    removed: bool = False
    stream: EventStream | None = None
    stream_lost_at: float | None = None
    shown: dict[str, Json] = field(default_factory=dict, repr=False)
    """The roster as his event stream has been told it."""
    conference_shown: Json = field(default_factory=dict)
    presenter_shown: "Participant | None" = field(default=None, repr=False)
    """Whose slides his event stream has been told of."""

    @property
    def service_type(self) -> str:
        return "waiting_room" if self.waiting else "conference"

    def may_see(self, other: "Participant") -> bool:
        """Waiting people are seen by hosts only, and see nobody: patients in a queue must not meet."""
        if self is other:
            return True
        if self.waiting:
            return False
        return self.role == "HOST" or not other.waiting

    def _protocol(self) -> str:
        if self.is_recorder:
            return "rtmp"
        return "webrtc" if self.has_media else "api"

    def as_seen_by(self, viewer: "Participant") -> Json:
        may_control = viewer.role == "HOST" and not viewer.waiting
        return {
            "uuid": self.uuid,
            "display_name": self.display_name,
            "overlay_text": self.display_name,
            "uri": "",
            "vendor": "",
            "local_alias": self.alias,
            "call_tag": "",
            "api_url": "",
            "role": "chair" if self.role == "HOST" else "guest",
            "service_type": self.service_type,
            "protocol": self._protocol(),
            "call_direction": "in",
            "encryption": "On" if self.has_media else "Off",
            "has_media": self.has_media,
            "is_muted": _yes(self.muted),
            "is_client_muted": self.client_muted,
            "is_video_muted": self.video_muted,
            "is_video_silent": False,
            "is_main_video_dropped_out": False,
            "is_presenting": _yes(self.presenting),
            "is_video_call": _yes(self.has_media and not self.has_sound_only),
            "is_audio_only_call": _yes(self.has_media and self.has_sound_only),
            "is_streaming_conference": self.is_recorder,
            "is_external": False,
            "is_idp_authenticated": False,
            "is_transferring": self.transferring,
            "is_conjoined": False,
            "needs_presentation_in_mix": False,
            "show_live_captions": self.wants_captions,
            "supports_direct_chat": True,
            "can_receive_personal_mix": False,
            "presentation_supported": _yes(self.has_media and not self.has_sound_only),
            "fecc_supported": _yes(self.has_camera_control),
            "mute_supported": _yes(may_control),
            "transfer_supported": _yes(may_control and not self.is_recorder),
            "disconnect_supported": _yes(may_control),
            "rx_presentation_policy": "ALLOW",
            "start_time": self.start_time_unix,
            "buzz_time": self.hand_raised_unix,
            "spotlight": 0,
            "last_spoken_time": 0,
            "external_node_uuid": "",
        }
