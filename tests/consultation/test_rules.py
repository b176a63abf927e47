"""Rules that hold for every sequence of events and for clocks that jump: the core under random fire."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kiosk.clock import Moment
from kiosk.consultation import timing
from kiosk.consultation.activities import (
    WAKE_AT_LEAST_EVERY_S,
    Activity,
    Capture,
    HoldCall,
    Listen,
    RunSelfCheck,
    StayPaused,
    activities,
    deadline,
)
from kiosk.consultation.calls import live_visit
from kiosk.consultation.events import (
    Admitted,
    AppointmentsRead,
    ButtonPressed,
    CallConnected,
    CallEnded,
    CallLost,
    CameraSteered,
    CaptionHeard,
    DeviceFailed,
    DeviceWorks,
    Event,
    Interrupted,
    KeyMoved,
    LetterRead,
    MediaBroken,
    MessageReceived,
    Moved,
    MutedByHost,
    NetworkChanged,
    PeopleChanged,
    RecordingChanged,
    RoomChecked,
    SelfCheckDone,
    SentToWaitingRoom,
    SlidesChanged,
    SomebodyJoined,
    Started,
    Tick,
    WifiTried,
)
from kiosk.consultation.loudness import LEVELS
from kiosk.consultation.model import Appointment, Device, EndReason, Flaw, Key, LossReason, Policy, Refusal, Room
from kiosk.consultation.signals import LAMP_STEPS, Press
from kiosk.consultation.state import (
    Ended,
    Fault,
    Idle,
    InCall,
    NoNetwork,
    Paused,
    Phone,
    Reconnecting,
    Remind,
    Scheduled,
    SelfCheck,
    Starting,
    State,
    Unassigned,
    Waiting,
    initial,
)
from kiosk.consultation.update import update
from kiosk.consultation.view import CHECK_PICTURES, view
from tests.consultation.examples import LATER, WIFI, every_state, in_call, news, resting, waiting

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
OTHER_ROOM = Room(provider="pexip", host="https://join.example.org", alias="654321", token="one-time")
ROOM = Room(provider="pexip", host="https://join.example.org", alias="123456", display_name="Kari Nordmann")

devices = st.sampled_from(Device)
offsets_min = st.integers(-180, 180)


@st.composite
def appointment_lists(draw: st.DrawFn) -> tuple[Appointment, ...]:
    made = []
    for number in range(draw(st.integers(0, 3))):
        starts_at = NOON + timedelta(minutes=draw(offsets_min))
        room = ROOM if draw(st.integers(0, 4)) else None
        made.append(Appointment(f"a{number}", starts_at, starts_at + timedelta(minutes=30), room))
    return tuple(made)


class TerminalUnderFire(RuleBasedStateMachine):
    """Feeds random events at random moments and checks what must always be true."""

    def __init__(self) -> None:
        super().__init__()
        self.wall = NOON
        self.mono = 1000.0
        self.state: State = initial(Policy())
        self.presses_since_rest = 0
        self.presses: list[float] = []

    # -- the world ----------------------------------------------------------------------------------------------

    @property
    def now(self) -> Moment:
        return Moment(self.wall, self.mono)

    def feed(self, event: Event) -> None:
        before, now = self.state, self.now
        self.state = update(before, event, now)
        self._check_step(before, event, now)

    @initialize(
        assigned=st.booleans() | st.just(True),
        appointments=appointment_lists(),
        interrupted=st.none() | st.builds(Interrupted, st.sampled_from(["a0", "a1", "zz"]), st.booleans()),
    )
    def start(self, assigned: bool, appointments: tuple[Appointment, ...], interrupted: Interrupted | None) -> None:
        self.feed(Started(assigned, interrupted))
        self.feed(AppointmentsRead(appointments))

    @rule(seconds=st.sampled_from([0.0, 0.01, 0.2, 0.6, 1.0, 5.0, 11.0, 31.0, 61.0, 130.0, 700.0]))
    def time_passes(self, seconds: float) -> None:
        self.mono += seconds
        self.wall += timedelta(seconds=seconds)
        self.feed(Tick())

    @rule(key=st.sampled_from(Key), down=st.booleans())
    def a_key_moves(self, key: Key, down: bool) -> None:
        self.feed(KeyMoved(key, down))
        assert 1 <= self.state.facts.loudness.level <= LEVELS

    @rule()
    def its_deadline_comes(self) -> None:
        ahead = deadline(self.state, self.now) - self.mono
        self.mono += max(0.0, ahead)
        self.wall += timedelta(seconds=max(0.0, ahead))
        self.feed(Tick())

    @rule(minutes=offsets_min)
    def wall_clock_jumps(self, minutes: int) -> None:
        self.wall += timedelta(minutes=minutes)

    @rule()
    def press(self) -> None:
        self.feed(ButtonPressed())

    @rule(up=st.booleans())
    def network(self, up: bool) -> None:
        self.feed(NetworkChanged(up))

    @rule(appointments=appointment_lists())
    def appointments_read(self, appointments: tuple[Appointment, ...]) -> None:
        self.feed(AppointmentsRead(appointments))

    @rule(device=devices, works=st.booleans())
    def device(self, device: Device, works: bool) -> None:
        self.feed(DeviceWorks(device) if works else DeviceFailed(device))

    @rule(appointment_id=st.sampled_from(["a0", "a1"]), refusal=st.none() | st.sampled_from(Refusal))
    def room_checked(self, appointment_id: str, refusal: Refusal | None) -> None:
        self.feed(RoomChecked(appointment_id, refusal))

    @rule(behind=st.integers(0, 1), heard=st.booleans(), flaw=st.none() | st.sampled_from(Flaw))
    def check_done(self, behind: int, heard: bool, flaw: Flaw | None) -> None:
        self.feed(SelfCheckDone(self.state.facts.checks - behind, heard, flaw))

    @rule(behind=st.integers(0, 1), room=st.sampled_from([None, ROOM, OTHER_ROOM]))
    def letter_read(self, behind: int, room: Room | None) -> None:
        self.feed(LetterRead(self.state.facts.checks - behind, room, WIFI))

    @rule(behind=st.integers(0, 1), joined=st.booleans())
    def wifi_tried(self, behind: int, joined: bool) -> None:
        self.feed(WifiTried(self.state.facts.checks - behind, joined))

    @rule(
        behind=st.sampled_from([0, 0, 0, 1]),
        kind=st.sampled_from(
            [
                "connected",
                "waiting",
                "admitted",
                "back",
                "people",
                "muted",
                "message",
                "joined",
                "caption",
                "recorded",
                "slides",
                "steered",
                "broken",
                "moved",
            ]
        ),
    )
    def room_speaks(self, behind: int, kind: str) -> None:
        attempt = self.state.facts.attempts - behind
        said: dict[str, Event] = {
            "connected": CallConnected(attempt, waiting=False),
            "waiting": CallConnected(attempt, waiting=True),
            "admitted": Admitted(attempt),
            "back": SentToWaitingRoom(attempt),
            "people": PeopleChanged(attempt, 2),
            "muted": MutedByHost(attempt, muted=True),
            "message": MessageReceived(attempt, "Ten minutes more"),
            "joined": SomebodyJoined(attempt, "Tolk"),
            "caption": CaptionHeard(attempt, "How are you?"),
            "recorded": RecordingChanged(attempt, on=True),
            "slides": SlidesChanged(attempt, shown=True),
            "steered": CameraSteered(attempt, on=True),
            "broken": MediaBroken(attempt),
            "moved": Moved(attempt, OTHER_ROOM),
        }
        self.feed(said[kind])

    @rule(behind=st.sampled_from([0, 0, 0, 1]), reason=st.sampled_from(LossReason), spread=st.floats(0, 1))
    def call_lost(self, behind: int, reason: LossReason, spread: float) -> None:
        self.feed(CallLost(self.state.facts.attempts - behind, reason, spread=spread))

    @rule(behind=st.sampled_from([0, 0, 1]), reason=st.sampled_from(EndReason))
    def call_ended(self, behind: int, reason: EndReason) -> None:
        self.feed(CallEnded(self.state.facts.attempts - behind, reason))

    # -- what must hold over a step -----------------------------------------------------------------------------

    def _check_step(self, before: State, event: Event, now: Moment) -> None:
        after = self.state
        started = _of(after, HoldCall) - _of(before, HoldCall)
        fresh_visits = {hold.visit for hold in started} - set(range(before.facts.visits + 1))
        # A visit that a restart broke off had been begun by a press; it goes on once the appointments are known.
        returns = isinstance(event, AppointmentsRead) and before.facts.interrupted is not None
        if fresh_visits:
            assert isinstance(event, ButtonPressed) or returns, "only a press begins a visit"
        if _opens_capture(before, after) and not isinstance(before.phase, Joining_or_connected):
            assert isinstance(event, ButtonPressed) or returns, f"capture opened by {event}"
        if returns and before.facts.interrupted and before.facts.interrupted.paused:
            assert not _opens_capture(before, after), "a paused patient is seen after a restart"
        if isinstance(event, ButtonPressed):
            guard_s = before.facts.policy.press_guard_s
            bounced = before.facts.pressed_at_s is not None and now.monotonic_s - before.facts.pressed_at_s < guard_s
            if bounced:
                assert after.phase == before.phase, "a tremor did something"
        attempt = getattr(event, "attempt", None)
        visit = live_visit(before.phase)
        if attempt is not None and (visit is None or visit.attempt != attempt):
            assert after == before, "late words of another attempt were heard"
        assert after.facts.attempts >= before.facts.attempts
        redialled = {hold.attempt for hold in started} - {hold.attempt for hold in _of(before, HoldCall)}
        if redialled:
            # A call that begins carries a number that no call had before: it is never taken for an older one.
            assert {hold.attempt for hold in started} == {after.facts.attempts}
            assert after.facts.attempts > before.facts.attempts

    # -- what must hold always ----------------------------------------------------------------------------------

    @invariant()
    def at_most_one_of_each(self) -> None:
        for kind in (HoldCall, Capture, Listen, StayPaused, RunSelfCheck):
            assert len(_of(self.state, kind)) <= 1

    @invariant()
    def capture_only_where_the_screen_shows_it(self) -> None:
        capturing = bool(_of(self.state, Capture) | _of(self.state, RunSelfCheck))
        assert view(self.state).capturing == capturing

    @invariant()
    def pictures_only_of_what_goes_on(self) -> None:
        shown = view(self.state).pictures_of
        visit = live_visit(self.state.phase)
        if shown == CHECK_PICTURES:
            assert _of(self.state, RunSelfCheck)
        elif shown is not None:
            assert visit is not None
            assert shown == visit.id

    @invariant()
    def a_paused_patient_sends_and_hears_nothing(self) -> None:
        phase = self.state.phase
        if isinstance(phase, Paused) or (isinstance(phase, Reconnecting) and phase.paused):
            assert not _of(self.state, Capture) | _of(self.state, Listen)
            assert view(self.state).pictures_of is None
        if isinstance(phase, Paused):
            assert _of(self.state, StayPaused)

    @invariant()
    def an_ended_call_leaves_nothing_open(self) -> None:
        if live_visit(self.state.phase) is None:
            assert not _of(self.state, HoldCall) | _of(self.state, Capture) | _of(self.state, Listen)
            assert not _of(self.state, StayPaused)

    @invariant()
    def the_clock_is_looked_at_within_a_minute(self) -> None:
        assert deadline(self.state, self.now) <= self.mono + WAKE_AT_LEAST_EVERY_S

    @invariant()
    def a_deadline_that_has_passed_changes_the_state(self) -> None:
        """No busy loop: after a Tick at its deadline a state waits for something later, or is another state."""
        due = deadline(self.state, self.now)
        if due <= self.mono:
            ticked = update(self.state, Tick(), self.now)
            assert deadline(ticked, self.now) > self.mono

    @invariant()
    def lamp_and_screen_are_there(self) -> None:
        shown = view(self.state)
        assert shown.lamp in LAMP_STEPS
        assert (shown.press is Press.NOTHING) or not isinstance(self.state.phase, Starting)


Joining_or_connected = (Phone, Reconnecting, Waiting, InCall, Paused)
"""Phases of a visit: the press that began it has been made."""


A = TypeVar("A", bound=Activity)


def _of(state: State, kind: type[A]) -> frozenset[A]:
    return frozenset(activity for activity in activities(state) if isinstance(activity, kind))


def _opens_capture(before: State, after: State) -> bool:
    return bool((_of(after, Capture) | _of(after, RunSelfCheck)) - (_of(before, Capture) | _of(before, RunSelfCheck)))


TestTerminalUnderFire = TerminalUnderFire.TestCase
TestTerminalUnderFire.settings = settings(max_examples=400, stateful_step_count=60, deadline=None, derandomize=True)


def _every_timed_state() -> Iterator[State]:
    """One of each phase that must not last for ever by itself."""

    yield from (state for state in every_state() if any(when is not None for when in timing.deadlines(state)))


def test_a_state_with_a_deadline_is_left_or_renewed_at_it() -> None:
    for state in _every_timed_state():
        when = min(when for when in timing.deadlines(state) if when is not None)
        after = update(state, Tick(), Moment(NOON, when))
        assert after.phase != state.phase, type(state.phase).__name__


def test_every_state_can_be_left() -> None:
    """By a deadline, a press, or news of the world."""

    for state in every_state():
        at = Moment(NOON, 5_000.0)
        left = any(type(update(state, event, at).phase) is not type(state.phase) for event in news(state))
        timed = any(when is not None for when in timing.deadlines(state))
        assert left or timed, type(state.phase).__name__


def test_waiting_outlasts_a_jump_of_the_wall_clock() -> None:

    state = waiting()
    tomorrow = Moment(NOON + timedelta(days=1), 1_001.0)
    assert update(state, Tick(), tomorrow) == state


def test_rest_follows_wall_time_back_and_forth() -> None:

    state = resting(LATER)
    assert isinstance(state.phase, Scheduled)
    near = update(state, Tick(), Moment(LATER.starts_at, 1_100.0))
    assert isinstance(near.phase, Remind)
    back = update(near, Tick(), Moment(NOON, 1_160.0))
    assert isinstance(back.phase, Scheduled)
    over = update(back, Tick(), Moment(LATER.ends_at + timedelta(hours=2), 1_220.0))
    assert isinstance(over.phase, Idle)


def test_phases_that_rest_name_what_is_wrong_first() -> None:

    state = resting()
    now = Moment(NOON, 1_001.0)
    broken = update(update(state, NetworkChanged(up=False), now), DeviceFailed(Device.CAMERA), now)
    assert broken.phase == Fault(Device.CAMERA)
    mended = update(broken, DeviceWorks(Device.CAMERA), now)
    assert mended.phase == NoNetwork()
    assert isinstance(update(replace(mended, phase=Starting()), Started(assigned=False), now).phase, Unassigned)
    assert isinstance(update(mended, NetworkChanged(up=True), now).phase, Idle)
    assert isinstance(update(state, ButtonPressed(), now).phase, SelfCheck)


def test_an_ended_consultation_is_not_offered_again() -> None:

    state = in_call()
    ended = update(state, CallEnded(attempt=1), Moment(NOON, 1_002.0))
    assert isinstance(ended.phase, Ended)
    later = update(ended, Tick(), Moment(NOON + timedelta(minutes=1), 1_002.0 + timing.ENDED_STANDS_S))
    assert isinstance(later.phase, Idle)
