"""What a room says, in the core's words; and what still holds of it when media comes back."""

from kiosk.consultation.events import (
    Admitted,
    CallConnected,
    CameraSteered,
    CaptionHeard,
    Event,
    MediaBroken,
    MessageReceived,
    MutedByHost,
    PeopleChanged,
    RecordingChanged,
    SentToWaitingRoom,
    SlidesChanged,
    SomebodyJoined,
)
from kiosk.engine.engine import Post
from kiosk.rooms.port import (
    RoomAdmitted,
    RoomCaption,
    RoomEvent,
    RoomJoined,
    RoomMessage,
    RoomMuted,
    RoomPeople,
    RoomRecorded,
    RoomSlides,
    RoomWaiting,
)

Lasting = PeopleChanged | MutedByHost | RecordingChanged | SlidesChanged | CameraSteered


class RoomNews:
    """One attempt's news. The core knows a room only while media flows: what is said before that waits for it, and
    what lasts is said again when media comes back."""

    def __init__(self, attempt: int, waiting: bool, post: Post) -> None:
        self._post = post
        self._attempt = attempt
        self._flows = False
        self.was_connected = False
        self._held_back: list[Event] = []
        self._waiting = waiting
        self._lasting: dict[type[Lasting], Lasting] = {}

    def connected(self) -> None:
        """Media flows (again)."""
        self._flows = self.was_connected = True
        for event in (CallConnected(self._attempt, self._waiting), *self._lasting.values(), *self._held_back):
            self._post(event)
        self._held_back.clear()

    def broken(self) -> None:
        """Media flows no more."""
        self._flows = False
        self._post(MediaBroken(self._attempt))

    def steered(self, on: bool) -> None:
        """The picture we send is moved by somebody at the far end, or is whole again."""
        self.tell(CameraSteered(self._attempt, on))

    def hear(self, event: RoomEvent) -> None:
        """Pass on what is not a last word."""
        told = self._told(event)
        if told is not None:
            self.tell(told)

    def tell(self, event: Event) -> None:
        """Pass on what is news of the call; what comes before media flows waits, or is forgotten."""
        if isinstance(event, Lasting):
            self._lasting[type(event)] = event
        if self._flows:
            self._post(event)
        elif isinstance(event, MessageReceived):
            self._held_back.append(event)

    def _told(self, event: RoomEvent) -> Event | None:
        attempt = self._attempt
        match event:
            case RoomAdmitted():
                self._waiting = False
                return Admitted(attempt)
            case RoomWaiting():
                self._waiting = True
                return SentToWaitingRoom(attempt)
            case RoomPeople(people=people):
                return PeopleChanged(attempt, people)
            case RoomMuted(muted=muted):
                return MutedByHost(attempt, muted)
            case RoomMessage(text=text):
                return MessageReceived(attempt, text)
            case RoomJoined(name=name):
                return SomebodyJoined(attempt, name)
            case RoomCaption(text=text):
                return CaptionHeard(attempt, text)
            case RoomRecorded(on=on):
                return RecordingChanged(attempt, on)
            case RoomSlides(shown=shown):
                return SlidesChanged(attempt, shown)
            case _:
                return None
