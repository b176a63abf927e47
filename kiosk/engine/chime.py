"""A sound for somebody who joins."""

from kiosk.consultation.activities import Chime
from kiosk.engine.house import House
from kiosk.engine.sounds import chime


def play_chime(activity: Chime, house: House) -> None:
    """Have it mixed into what the patient hears. Returns at once."""
    house.lines(activity.visit).own_sounds.extend(chime())
