"""Who is in the room, from what the plugin says."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kiosk.consultation.model import EndReason
from kiosk.rooms.janus.roster import LONGEST_NAME, MOST_PEOPLE, FeedAppeared, FeedGone, News, Roster, Speaking
from kiosk.rooms.port import RoomEnded, RoomJoined, RoomMuted, RoomPeople

DOCTOR = {"id": 2, "display": "Dr Berg", "streams": []}
NURSE = {"id": 3, "display": "A nurse"}


def joined(**fields: Any) -> tuple[Roster, list[News]]:
    roster = Roster()
    return roster, roster.take({"videoroom": "joined", "id": 1, **fields})


def event(roster: Roster, **fields: Any) -> list[News]:
    return roster.take({"videoroom": "event", **fields})


def test_those_who_are_there_already_have_not_joined() -> None:
    _, news = joined(publishers=[DOCTOR], attendees=[NURSE])
    assert news == [FeedAppeared(2), RoomPeople(3)]


def test_coming_sending_and_going() -> None:
    roster, _ = joined(publishers=[], attendees=[])
    assert event(roster, joining=DOCTOR) == [RoomJoined("Dr Berg"), RoomPeople(2)]
    assert event(roster, publishers=[DOCTOR]) == [FeedAppeared(2)]
    assert event(roster, unpublished=2) == [FeedGone(2)]
    assert event(roster, leaving=2) == [RoomPeople(1)]


def test_a_server_that_does_not_tell_who_joins() -> None:
    roster, _ = joined(publishers=[])
    assert event(roster, publishers=[DOCTOR]) == [RoomJoined("Dr Berg"), FeedAppeared(2), RoomPeople(2)]
    assert event(roster, leaving=2) == [FeedGone(2), RoomPeople(1)]


def test_ourselves_are_nobody_else() -> None:
    roster, _ = joined(publishers=[])
    assert event(roster, publishers=[{"id": 1, "display": "Kari"}], joining={"id": 1}) == []
    assert event(roster, unpublished="ok") == []


def test_only_our_own_microphone_is_muted() -> None:
    roster, _ = joined()
    roster.audio_mid = "0"
    assert event(roster, id=1, mid="0", moderation="muted") == [RoomMuted(True)]
    assert event(roster, id=1, mid="1", moderation="muted") == []
    assert event(roster, id=2, mid="0", moderation="muted") == []
    assert event(roster, id=1, mid="0", moderation="unmuted") == [RoomMuted(False)]


def test_who_speaks() -> None:
    roster, _ = joined(publishers=[DOCTOR])
    assert roster.take({"videoroom": "talking", "id": 2}) == [Speaking(2)]
    assert roster.take({"videoroom": "talking", "id": 1}) == []
    assert roster.take({"videoroom": "stopped-talking", "id": 2}) == []


def test_ends() -> None:
    roster, _ = joined()
    assert event(roster, leaving="ok", reason="kicked") == [RoomEnded(EndReason.FINISHED)]
    assert roster.take({"videoroom": "destroyed"}) == [RoomEnded(EndReason.FINISHED)]


def test_names_are_plain_and_short() -> None:
    roster, _ = joined()
    assert event(roster, joining={"id": 2, "display": "Dr\n\x1b[31m  Berg"})[0] == RoomJoined("Dr [31m Berg")
    (long, *_) = event(roster, joining={"id": 3, "display": "x" * 10_000})
    assert isinstance(long, RoomJoined)
    assert len(long.name) == LONGEST_NAME
    assert event(roster, joining={"id": 4})[0] == RoomJoined("")


def test_a_crowd_is_cut() -> None:
    roster, _ = joined()
    for number in range(2, 2 * MOST_PEOPLE):
        event(roster, joining={"id": number, "display": ""})
    assert event(roster, leaving=2) == [RoomPeople(MOST_PEOPLE)]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(0, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "display"]), inner),
    max_leaves=8,
)
KEYS = ["videoroom", "id", "joining", "attendees", "publishers", "leaving", "unpublished", "moderation", "mid"]
SAID = st.dictionaries(st.sampled_from(KEYS), ANYTHING | st.sampled_from(["event", "joined", "talking"]))


@given(st.lists(SAID, max_size=20))
def test_no_event_breaks_it_and_the_count_holds(events: list[dict[str, Any]]) -> None:
    roster, _ = joined()
    feeds: set[object] = set()
    for data in events:
        for news in roster.take(data):
            match news:
                case RoomPeople(people=people):
                    assert 1 <= people <= MOST_PEOPLE + 1
                case FeedAppeared(feed=feed):
                    feeds.add(feed)
                case FeedGone(feed=feed):
                    feeds.remove(feed)
