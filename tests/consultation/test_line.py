"""A poor connection on the screen: when it is told, how long, and that it never flickers. Simulated time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.consultation import line as rules
from kiosk.consultation.activities import deadline
from kiosk.consultation.events import (
    Admitted,
    ButtonPressed,
    CallConnected,
    CallLost,
    DeviceFailed,
    LineMeasured,
    LoudspeakerOff,
    SentToWaitingRoom,
    Tick,
)
from kiosk.consultation.line import Line, Trouble, deadlines, measured, settled
from kiosk.consultation.model import Device, LossReason, Quality
from kiosk.consultation.screens import InCallScreen
from kiosk.consultation.state import State
from kiosk.consultation.update import update
from kiosk.consultation.view import view
from tests.consultation.examples import after, at, in_call, waiting

GOOD, WEAK, BAD = Quality
Told = tuple[Trouble | None, bool]


def told(line: Line) -> Told:
    return line.told, line.words_until_s > 0


def lived(news: dict[float, tuple[Quality, Quality]], until_s: float) -> list[tuple[float, Told]]:
    """Each change of what is told, and its second, when every deadline is kept."""
    line, now_s, seen = Line(), 0.0, [(0.0, told(Line()))]
    while True:
        moments = [at_s for at_s in (*news, *deadlines(line)) if at_s > now_s]
        now_s = min(moments, default=until_s)
        if now_s >= until_s:
            return seen
        line = measured(line, *news[now_s], now_s) if now_s in news else settled(line, now_s)
        if told(line) != seen[-1][1]:
            seen.append((now_s, told(line)))


@pytest.mark.parametrize(
    ("measured_as", "expected"),
    [((BAD, GOOD), Trouble.INCOMING), ((GOOD, BAD), Trouble.OUTGOING), ((BAD, WEAK), Trouble.BOTH)],
)
def test_a_bad_line_is_told_at_once_in_words_and_then_by_a_sign(
    measured_as: tuple[Quality, Quality], expected: Trouble
) -> None:
    assert lived({5.0: measured_as}, 100) == [(0.0, (None, False)), (5.0, (expected, True)), (15.0, (expected, False))]


def test_a_weak_line_is_told_when_it_lasts() -> None:
    assert lived({5.0: (GOOD, WEAK), 14.0: (GOOD, GOOD)}, 100) == [(0.0, (None, False))]
    seen = lived({5.0: (GOOD, WEAK)}, 100)
    assert seen[1] == (15.0, (Trouble.OUTGOING, True))


def test_what_was_told_stands_until_the_line_has_been_good_for_a_while() -> None:
    news = {0.5: (BAD, BAD), 20.0: (GOOD, GOOD), 25.0: (GOOD, WEAK), 26.0: (GOOD, GOOD)}
    assert lived(news, 100)[2:] == [
        (10.5, (Trouble.BOTH, False)),
        (25.0, (Trouble.OUTGOING, False)),
        (36.0, (None, False)),
    ]


QUALITIES = st.sampled_from(Quality)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0.1, 30), QUALITIES, QUALITIES), max_size=30))
def test_it_never_flickers_and_always_ends(steps: list[tuple[float, Quality, Quality]]) -> None:
    now_s, news = 0.0, {}
    for wait_s, incoming, outgoing in steps:
        now_s += wait_s
        news[now_s] = (incoming, outgoing)
    news[now_s + 1] = (GOOD, GOOD)
    seen = lived(news, now_s + 100)
    assert seen[-1][1] == (None, False)
    shown = [(at_s, trouble is not None) for at_s, (trouble, _) in seen]
    turns = [at_s for (at_s, here), (_, before) in zip(shown[1:], shown, strict=False) if here != before]
    came, went = turns[::2], turns[1::2]
    assert all(gone - came_s >= rules.CLEAR_FOR_S for came_s, gone in zip(came, went, strict=True))


def screen(state: State) -> InCallScreen:
    shown = view(state).screen
    assert isinstance(shown, InCallScreen)
    return shown


def test_the_screen_follows_the_line_by_its_own_deadlines() -> None:
    state = after(in_call(), Tick(), now=at(60))
    state = after(state, LineMeasured(1, GOOD, WEAK), now=at(61))
    assert screen(state).poor is None
    assert deadline(state, at(61)) == at(71).monotonic_s
    state = after(state, Tick(), now=at(71))
    assert (screen(state).poor, screen(state).poor_in_words) == (Trouble.OUTGOING, True)
    state = after(state, Tick(), now=at(81))
    assert (screen(state).poor, screen(state).poor_in_words) == (Trouble.OUTGOING, False)


def test_what_is_known_in_the_waiting_room_holds_in_the_consultation_and_back() -> None:
    state = after(waiting(), LineMeasured(1, BAD, GOOD), LoudspeakerOff(1, off=True), Admitted(1))
    assert (screen(state).poor, screen(state).loudspeaker_off) == (Trouble.INCOMING, True)
    again = after(state, SentToWaitingRoom(1), Admitted(1), now=at(5))
    assert (screen(again).poor, screen(again).loudspeaker_off) == (Trouble.INCOMING, True)


def test_another_connection_begins_without_blame() -> None:
    state = after(in_call(), LineMeasured(1, BAD, BAD), CallLost(1, LossReason.MEDIA))
    state = update(state, CallConnected(2, waiting=False), at(3))
    assert screen(state).poor is None
    assert screen(after(state, LineMeasured(1, BAD, BAD))).poor is None


def test_news_of_the_line_counts_in_a_pause_too() -> None:
    state = after(in_call(), ButtonPressed(), now=at(2))
    state = after(state, LineMeasured(1, BAD, GOOD), now=at(3))
    state = after(state, ButtonPressed(), now=at(30))
    assert screen(after(state, Tick(), now=at(30))).poor is Trouble.INCOMING


def test_a_loudspeaker_that_is_off_is_told_until_it_plays_and_not_when_it_is_broken() -> None:
    state = after(in_call(), LoudspeakerOff(1, off=True))
    assert screen(state).loudspeaker_off
    assert not screen(after(state, DeviceFailed(Device.SPEAKER))).loudspeaker_off
    assert not screen(after(state, LoudspeakerOff(1, off=False))).loudspeaker_off
