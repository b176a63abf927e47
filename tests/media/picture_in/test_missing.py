"""What is asked for again, and when."""

import pytest

from kiosk.media.picture_in.missing import AGE_LIMIT_S, CAPACITY, FIRST_RTT_S, TRIES, TWICE_S, Missing

AGAIN_S = TWICE_S + FIRST_RTT_S * 1.1 + 0.006


def test_a_hole_is_asked_for_at_once_and_again_after_each_round_trip() -> None:
    missing = Missing()
    missing.add(10, 12, 0.0)
    assert missing.next_due_s() == 0.0
    assert missing.due(0.0) == [10, 11]
    assert missing.due(0.005) == []
    assert missing.due(TWICE_S) == [10, 11], "the question may be lost, too"
    assert missing.due(0.09) == []
    assert missing.due(AGAIN_S) == [10, 11]
    assert missing.asked == 6
    assert missing.since_s == 0.0


def test_it_is_given_up_after_so_many_times() -> None:
    missing = Missing()
    missing.add(1, 2, 0.0)
    asked = [missing.due(at * AGAIN_S + twice_s) for at in range(TRIES // 2) for twice_s in (0.0, TWICE_S)]
    assert asked == [[1]] * TRIES
    assert missing.due(TRIES * AGAIN_S) == []
    assert len(missing) == 0
    assert missing.next_due_s() is None


def test_it_is_given_up_when_nobody_would_wait_any_more() -> None:
    missing = Missing()
    missing.add(1, 2, 0.0)
    assert missing.due(AGE_LIMIT_S + 0.1) == []
    assert 1 not in missing


def test_a_loss_too_great_to_mend_is_not_remembered() -> None:
    missing = Missing()
    assert missing.add(0, CAPACITY, 0.0)
    assert not missing.add(CAPACITY, CAPACITY + 1, 0.0)
    assert len(missing) == 0


def test_the_round_trip_is_learnt_from_the_answers() -> None:
    missing = Missing()
    now_s = 0.0
    for number in range(60):
        missing.add(number, number + 1, now_s)
        missing.due(now_s)
        assert missing.came(number, now_s + 0.03, is_repair=True)
        now_s += 0.1
    assert missing.rtt_s == pytest.approx(0.03, abs=0.002)
    assert not missing.came(3, now_s, is_repair=True)


def test_a_round_trip_longer_than_believed_is_found_out() -> None:
    missing = Missing()
    now_s = 0.0
    for number in range(100):
        missing.add(number, number + 1, now_s)
        at_s = now_s
        while at_s < now_s + 0.4:
            missing.due(at_s)
            at_s += 0.01
        missing.came(number, now_s + 0.4, is_repair=True)
        now_s += 1
    assert 0.2 < missing.rtt_s <= 0.45


def test_where_packets_overtake_each_other_one_waits_a_little() -> None:
    missing = Missing()
    missing.add(1, 2, 0.0)
    missing.due(0.0)
    missing.came(1, 0.01, is_repair=False)
    missing.add(5, 6, 1.0)
    assert missing.due(1.005) == []
    assert missing.due(1.011) == [5]
    missing.came(5, 1.1, is_repair=True)
    for number in range(10, 200):
        missing.add(number, number + 1, 2.0)
        missing.due(2.1)
        missing.came(number, 2.2, is_repair=True)
    missing.add(300, 301, 3.0)
    assert missing.due(3.001) == [300]


def test_what_is_of_no_use_is_forgotten() -> None:
    missing = Missing()
    missing.add(1, 9, 0.0)
    missing.forget_before(7)
    assert missing.due(0.0) == [7, 8]
    missing.clear()
    assert len(missing) == 0
