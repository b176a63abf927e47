"""The code of a receipt on the screen, read from the drawn pixels as a telephone would."""

from collections.abc import Callable

import numpy as np
import pytest

from kiosk.appointments.letter import read_codes
from kiosk.ui import sample
from tests.ui.conftest import Drawn


@pytest.mark.parametrize("size", [(800, 480), (1024, 600), (1280, 800)])
def test_the_receipt_is_read_off_the_screen(draw: Callable[[str], Drawn], size: tuple[int, int]) -> None:
    drawn = draw("nb")
    seen = drawn.show(sample.views()["unassigned-wiped"], size)
    assert read_codes(np.ascontiguousarray(seen[..., :3].mean(axis=2).astype(np.uint8))) == [sample.RECEIPT]
    without = drawn.show(sample.views()["unassigned-accepted"], size)
    assert read_codes(np.ascontiguousarray(without[..., :3].mean(axis=2).astype(np.uint8))) == []
