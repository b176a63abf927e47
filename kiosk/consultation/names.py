"""How much of a patient's name the others see. Pure."""

from dataclasses import replace

from kiosk.consultation.model import NameShown, Policy, Room


def shown_name(full: str, shown: NameShown) -> str:
    """The part of the full name that the policy lets the others see; spaces are tidied.

    FIRST is all but the last word, or the only one: "Kari Anne Nordmann-Berg" is "Kari Anne". INITIALS are those of
    the first and the last word: "K. N."
    """
    words = full.split()
    match shown:
        case NameShown.FULL:
            return " ".join(words)
        case NameShown.FIRST:
            return " ".join(words[:-1] or words)
        case NameShown.INITIALS:
            ends = [words[0], words[-1]] if len(words) > 1 else words
            return " ".join(f"{_initial(word)}." for word in ends)


def as_shown(room: Room, policy: Policy) -> Room:
    """The room, to be entered under no more of the name than the policy lets the others see."""
    return replace(room, display_name=shown_name(room.display_name, policy.display_name))


def _initial(word: str) -> str:
    # "ß" becomes two letters, of which one is enough; "O'Hara" and "(Kari)" have signs that are none.
    letters = [char for char in word if char.isalnum()]
    return (letters[0] if letters else word[0]).upper()[0]
