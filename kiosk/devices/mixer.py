"""What ALSA's mixer says about a card's loudness."""

from typing import Any, Final

CONTROLS: Final = ("Master", "Speaker", "Headphone", "PCM")
"""The ways to the loudspeaker, the widest first."""


def is_muted(library: Any, device: str) -> bool | None:
    """Is the way to the loudspeaker switched off or turned down to nothing? None when the mixer knows nothing of it.

    `library` is alsaaudio, `device` a PCM's name. Any thread; takes a millisecond.
    """
    name = mixer_of(device)
    known = False
    try:
        for control in library.mixers(device=name):
            if control not in CONTROLS:
                continue
            mixer = library.Mixer(control, device=name)
            try:
                volumes, off = mixer.getvolume(library.PCM_PLAYBACK), _switched_off(mixer, library.ALSAAudioError)
            finally:
                mixer.close()
            known = known or bool(volumes)
            if off or (volumes and max(volumes) == 0):
                return True
    except library.ALSAAudioError:
        # A sound server's plugin may have no mixer at all.
        return None
    return False if known else None


def mixer_of(device: str) -> str:
    """plughw:CARD=X,DEV=0 plays on the card whose mixer is hw:CARD=X; default's mixer is default."""
    kind, colon, card = device.partition(":")
    return f"hw:{card.split(',')[0]}" if colon and kind.endswith("hw") else kind


def _switched_off(mixer: Any, alsa_error: type[Exception]) -> bool:
    try:
        return all(mixer.getmute())
    except alsa_error:
        # It has no switch.
        return False
