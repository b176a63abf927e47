"""Settings name what is wrong and what is allowed."""

from typing import Any

import pytest

from kiosk.media import Settings


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"width": 0}, "width = 0: 16 to 1920"),
        ({"width": 641}, "width = 641: must be even"),
        ({"height": 2000}, "height = 2000: 16 to 1080"),
        ({"fps": 0}, "fps = 0: 1 to 60"),
        ({"connect_timeout_s": 0}, "connect_timeout_s = 0: 0.5 to 60 seconds"),
        ({"silence_timeout_s": 0.5}, "silence_timeout_s = 0.5: 1 to 60 seconds"),
        ({"video_codec": "av1"}, 'video_codec = "av1": "h264", "vp8" or "any"'),
    ],
)
def test_a_wrong_value_is_named(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Settings(**wrong)


def test_odd_rates_are_allowed() -> None:
    assert Settings(fps=15).fps == 15
