"""Why a room said no, in the core's words."""

from kiosk.consultation.model import Refusal
from kiosk.errors import KioskError, RoomRefused


def refusal_of(error: KioskError) -> Refusal:
    """What to tell the patient; OTHER for reasons that the core has no word for."""
    known = {refusal.value: refusal for refusal in Refusal}
    return known.get(error.reason, Refusal.OTHER) if isinstance(error, RoomRefused) else Refusal.OTHER
