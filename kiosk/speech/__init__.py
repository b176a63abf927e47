"""Spoken guidance: which sentences each state speaks, and where their sound is kept."""

from dataclasses import dataclass

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Whether and from where the terminal speaks."""

    spoken: bool = True
    """False: nothing is said aloud."""
    recordings: str = ""
    """A folder of recordings by people, <language>/<key>.opus, .flac or .wav, each of which goes before the voice that
    was made by machine. Empty: there are none."""
