"""The words of the button, the lamp, the loudspeaker and the screen's light: what each says, never in prose."""

from enum import Enum
from typing import Final


class Press(Enum):
    """What a press does now. Each has one sentence in every language."""

    NOTHING = "nothing"
    LOOK_AGAIN = "look_again"
    PRACTISE = "practise"
    FINISH_PRACTICE = "finish_practice"
    CONNECT = "connect"
    JOIN = "join"
    PAUSE = "pause"
    RESUME = "resume"
    TRY_NOW = "try_now"
    TRY_VIDEO = "try_video"
    TEST_AGAIN = "test_again"


class Lamp(Enum):
    """The lamp in the button. Told apart by rhythm, never by colour alone; nothing faster than 2 Hz."""

    OFF = "off"
    DIM = "dim"
    STEADY = "steady"
    SLOW_PULSE = "slow_pulse"
    FAST_PULSE = "fast_pulse"
    TWO_SHORT = "two_short"
    THREE_SHORT = "three_short"
    SLOW_TRIPLE = "slow_triple"
    LONG_SHORT = "long_short"
    SLOW_DOUBLE = "slow_double"


Steps = tuple[tuple[float, int], ...]
"""Brightness 0..1 and milliseconds, repeated for ever; a single step is constant light."""

LAMP_STEPS: Final[dict[Lamp, Steps]] = {
    Lamp.OFF: ((0.0, 1000),),
    Lamp.DIM: ((0.15, 1000),),
    Lamp.STEADY: ((1.0, 1000),),
    Lamp.SLOW_PULSE: ((1.0, 1000), (0.1, 1000)),
    Lamp.FAST_PULSE: ((1.0, 300), (0.1, 300)),
    Lamp.TWO_SHORT: ((1.0, 300), (0.0, 300), (1.0, 300), (0.0, 1500)),
    Lamp.THREE_SHORT: ((1.0, 300), (0.0, 300), (1.0, 300), (0.0, 300), (1.0, 300), (0.0, 1500)),
    Lamp.SLOW_TRIPLE: ((1.0, 600), (0.0, 400), (1.0, 600), (0.0, 400), (1.0, 600), (0.0, 2000)),
    Lamp.LONG_SHORT: ((1.0, 1500), (0.0, 500), (1.0, 400), (0.0, 800)),
    Lamp.SLOW_DOUBLE: ((1.0, 600), (0.0, 400), (1.0, 600), (0.0, 2400)),
}


class Backlight(Enum):
    """How bright the screen is."""

    OFF = "off"
    DIM = "dim"
    FULL = "full"


class Speech(Enum):
    """A spoken sentence, named; the words are the language's. No sentence tells who or why."""

    NO_NETWORK = "no_network"
    REMIND = "remind"
    RING = "ring"
    """The room is unknown or would not let her in: she should ring."""
    CHECK = "check"
    CHECK_HEARD = "check_heard"
    CHECK_NOT_HEARD = "check_not_heard"
    CHECK_NO_PICTURE = "check_no_picture"
    CHECK_COVERED = "check_covered"
    CHECK_DARK = "check_dark"
    CHECK_BACKLIT = "check_backlit"
    CHECK_TOO_BRIGHT = "check_too_bright"
    CHECK_NOISY = "check_noisy"
    CHECK_NO_ECHO = "check_no_echo"
    CHECK_HOT = "check_hot"
    CHECK_WEAK_POWER = "check_weak_power"
    LETTER = "letter"
    LETTER_EARLY = "letter_early"
    LETTER_STRANGE = "letter_strange"
    WIFI = "wifi"
    WIFI_FAILED = "wifi_failed"
    JOINING = "joining"
    WAITING = "waiting"
    RECORDED = "recorded"
    IDENTIFY = "identify"
    PAUSED = "paused"
    STILL_THERE = "still_there"
    RECONNECTING = "reconnecting"
    PHONE = "phone"
    ENDED = "ended"
    TOO_LATE = "too_late"
    FAULT = "fault"
