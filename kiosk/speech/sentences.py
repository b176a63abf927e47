"""What each state says aloud, as keys of sentences. None of them has a variable: a loudspeaker tells no name, no clinic
and no time (EN 301 549, 5.1.3.9)."""

from collections.abc import Mapping
from typing import Final

from kiosk.consultation.signals import Press, Speech

SENTENCES: Final[Mapping[Speech, tuple[str, ...]]] = {
    Speech.NO_NETWORK: ("no-network", "no-network-detail"),
    Speech.REMIND: ("speech-remind",),
    Speech.RING: ("refusal-detail",),
    Speech.CHECK: ("check",),
    Speech.CHECK_HEARD: ("check-heard", "check-heard-detail"),
    Speech.CHECK_NOT_HEARD: ("check-not-heard", "check-not-heard-detail"),
    Speech.CHECK_NO_PICTURE: ("check-no-picture", "check-no-picture-detail"),
    Speech.CHECK_COVERED: ("check-covered", "check-covered-detail"),
    Speech.CHECK_DARK: ("check-dark", "check-dark-detail"),
    Speech.CHECK_BACKLIT: ("check-backlit", "check-backlit-detail"),
    Speech.CHECK_TOO_BRIGHT: ("check-too-bright", "check-too-bright-detail"),
    Speech.CHECK_NOISY: ("check-noisy", "check-noisy-detail"),
    Speech.CHECK_NO_ECHO: ("check-no-echo", "check-no-echo-detail"),
    Speech.CHECK_HOT: ("check-hot", "check-hot-detail"),
    Speech.CHECK_WEAK_POWER: ("check-weak-power", "check-weak-power-detail"),
    Speech.LETTER: ("letter", "letter-detail"),
    Speech.LETTER_EARLY: ("letter",),
    Speech.LETTER_STRANGE: ("letter-strange", "refusal-detail"),
    Speech.WIFI: ("wifi", "wifi-detail"),
    Speech.WIFI_FAILED: ("wifi-failed", "refusal-detail"),
    Speech.JOINING: ("joining", "joining-detail"),
    Speech.WAITING: ("waiting", "waiting-detail"),
    Speech.IDENTIFY: ("identify",),
    Speech.RECORDED: ("recorded",),
    Speech.PAUSED: ("paused", "paused-detail"),
    Speech.STILL_THERE: ("paused-asking",),
    Speech.RECONNECTING: ("reconnecting", "reconnecting-detail"),
    Speech.PHONE: ("phone", "phone-detail"),
    Speech.ENDED: ("ended", "ended-detail"),
    Speech.TOO_LATE: ("ended-too-late", "ended-too-late-detail"),
    Speech.FAULT: ("fault-detail",),
}


def sentences(speech: Speech, press: Press) -> tuple[str, ...]:
    """What is said, and after it what a press does; nothing of a press that does nothing, and nothing after the
    request to say something: the answer would come into it."""
    said = SENTENCES[speech]
    return said if press is Press.NOTHING or speech is Speech.CHECK else (*said, f"press-{press.value}")


KEYS: Final = tuple(
    dict.fromkeys(
        [key for said in SENTENCES.values() for key in said]
        + [f"press-{press.value}" for press in Press if press is not Press.NOTHING]
    )
)
"""Every sentence that may be spoken, once."""
