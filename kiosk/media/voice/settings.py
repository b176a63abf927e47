"""What is done to the patient's voice before it is sent."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Interval


@dataclass(frozen=True, slots=True)
class Settings:
    """The sound of the patient's room, table [sound]."""

    echo_cancellation: bool = True
    """Take out of the microphone's sound what the loudspeaker plays. Off only for a speakerphone that does so."""
    noise_suppression: bool = True
    """Lower what hums and hisses steadily."""
    max_gain_db: Annotated[int, Interval(ge=0, le=18)] = 12
    """A voice that is far away is made louder by so much at most; 0: never. More makes what is left of the echo
    louder too."""

    check_loudspeaker: bool = False
    """Tell the patient when a practice test does not hear the terminal's own sound. Not with a headset, nor with a
    speakerphone that takes its own sound out. The log tells in any case."""

    @property
    def wants_processing(self) -> bool:
        """Is there anything to do?"""
        return self.echo_cancellation or self.noise_suppression or self.max_gain_db > 0
