"""What microphone and loudspeaker know about ALSA's sound cards: names, refusals, xruns. Loads no library."""

import errno
import os
import re
from collections.abc import Mapping
from typing import Final

from kiosk.errors import DeviceMissing
from kiosk.frames import SAMPLE_RATE_HZ

XRUN: Final = -errno.EPIPE
"""pyalsaaudio 0.11 returns it for an overrun or underrun and goes on; older ones raise ALSAAudioError."""
# ALSA takes its words from strerror(3), which speaks the locale's language.
_XRUN_WORDS: Final = ("Broken pipe", "Streams pipe error", os.strerror(errno.EPIPE), os.strerror(errno.ESTRPIPE))
_ON_A_CARD: Final = re.compile(r"^(?P<kind>[a-z_0-9]+):(?:CARD=)?(?P<card>[^,]+)")
_OF_NO_CARD: Final = ("default", "null", "pulse", "pipewire", "jack")


def find(device: str, name: str, cards: Mapping[int, str]) -> None:
    """Is the card there that `name` (plughw:1,0, hw:CARD=Loopback …) speaks of? Raises DeviceMissing.

    `cards` are the cards that ALSA sees, number and id. A name that speaks of no card cannot be judged without
    opening it.
    """
    found = _ON_A_CARD.match(name)
    if found is None or found["kind"] in _OF_NO_CARD:
        return
    card = found["card"]
    if card in cards.values() or (card.isdecimal() and int(card) in cards):
        return
    seen = ", ".join(cards.values()) or "none"
    raise DeviceMissing(
        device, f"there is no sound card {card} (seen: {seen}); is it plugged in? See [{device}] device"
    )


def check(device: str, name: str, info: Mapping[str, object]) -> None:
    """Did the card take what was asked for? ALSA gives the nearest it can, without a word. Raises DeviceMissing."""
    wanted = {"rate": SAMPLE_RATE_HZ, "channels": 1, "format_name": "S16_LE"}
    given = {key: info.get(key) for key in wanted}
    if given != wanted:
        raise DeviceMissing(
            device,
            f"{name} cannot do 48 kHz mono 16 bit by itself (offers {given['rate']} Hz, {given['channels']} channels, "
            f"{given['format_name']}); name it as plughw:…, which converts",
        )


def refusal(name: str, error: str) -> str:
    """One line for a card that could not be opened."""
    return f"sound card {name} cannot be opened ({error}); is it plugged in, free, and the user in the group audio?"


def is_xrun(error: str) -> bool:
    """Is this ALSAAudioError only a buffer that ran over or dry?"""
    return any(words in error for words in _XRUN_WORDS)


def not_installed(error: ImportError) -> str:
    """One line for a machine without pyalsaaudio."""
    return f"pyalsaaudio is not installed ({error}); install the terminal with its extra `sound`"
