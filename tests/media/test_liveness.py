"""When silence is given up on."""

import pytest

from kiosk.errors import MediaError
from kiosk.media.liveness import POLL_S, Liveness


def test_silence_ends_at_its_time() -> None:
    liveness = Liveness(4.0)
    liveness.note(7, 0.0)
    for _ in range(15):
        liveness.note(7, 0.25)
    with pytest.raises(MediaError, match="for 4 s"):
        liveness.note(7, 0.25)


def test_any_sign_of_life_begins_anew() -> None:
    liveness = Liveness(2.0)
    for heard in range(100):
        liveness.note(heard // 7, 0.25)
    assert liveness.silent_s < 2.0


def test_a_loop_that_stood_still_accuses_nobody() -> None:
    liveness = Liveness(4.0)
    liveness.note(7, 0.0)
    liveness.note(7, 60.0)
    assert liveness.silent_s == 2 * POLL_S
