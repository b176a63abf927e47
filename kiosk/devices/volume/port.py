"""The control of loudness in the way of what the loudspeaker plays."""

from typing import Protocol


class Volume(Protocol):
    """Asked anew now and then; holds nothing open."""

    def set(self, gain_db: float) -> bool:
        """Play by so much softer than the card can: 0, or less. False: this card cannot do that by itself, and nothing
        was changed; whoever plays must make the sound softer. Any thread; at most 100 ms. Never raises."""
