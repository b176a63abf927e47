"""When silence is given up on."""

import pytest

from kiosk.errors import MediaError
from kiosk.media.liveness import FLOWING, POLL_S, Liveness


def flowing() -> Liveness:
    liveness = Liveness(1.2)
    for packets in range(1, FLOWING + 1):
        liveness.note(packets, 0, POLL_S)
    return liveness


def test_a_stream_that_breaks_off_is_given_up_soon() -> None:
    liveness = flowing()
    for _ in range(11):
        liveness.note(FLOWING, 0, 0.1)
    with pytest.raises(MediaError, match=r"for 1\.2 s"):
        liveness.note(FLOWING, 0, 0.15)


def test_an_answer_tells_a_paused_stream_from_a_dead_path() -> None:
    liveness = flowing()
    for answers in range(1, 100):
        liveness.note(FLOWING, answers // 9, 0.1)
    assert liveness.silent_s < 1.2


def test_who_was_quiet_before_gets_longer() -> None:
    liveness = flowing()
    liveness.note(FLOWING, 1, 0.1)
    for second in range(3):
        liveness.note(FLOWING + second, 1, 0.1)
    for _ in range(39):
        liveness.note(FLOWING + 2, 1, 0.1)
    with pytest.raises(MediaError, match="for 4 s"):
        liveness.note(FLOWING + 2, 1, 0.15)


def test_a_long_timeout_holds_for_all() -> None:
    liveness = Liveness(6.0)
    for _ in range(59):
        liveness.note(0, 0, 0.1)
    with pytest.raises(MediaError, match="for 6 s"):
        liveness.note(0, 0, 0.15)


def test_a_loop_that_stood_still_accuses_nobody() -> None:
    liveness = flowing()
    liveness.note(FLOWING, 0, 60.0)
    assert liveness.silent_s == 2 * POLL_S
