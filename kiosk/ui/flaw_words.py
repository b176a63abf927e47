"""What the patient is told of what a look at her own picture and sound found: words and a sign for each, pure."""

from dataclasses import dataclass
from typing import Final

from kiosk.consultation.model import Flaw
from kiosk.ui.sign import Sign


@dataclass(frozen=True, slots=True)
class Told:
    """What is wrong, and its sign."""

    key: str
    """Of the sentence; what mends it is told by the one with "-detail" behind it."""
    sign: Sign
    crossed: bool = False
    """The part that the sign shows does not do what it should; otherwise the sign shows what to look at."""


TOLD: Final[dict[Flaw, Told]] = {
    Flaw.NO_PICTURE: Told("check-no-picture", Sign.CAMERA, crossed=True),
    Flaw.FROZEN: Told("check-no-picture", Sign.CAMERA, crossed=True),
    Flaw.BLACK: Told("check-covered", Sign.CAMERA, crossed=True),
    Flaw.COVERED: Told("check-covered", Sign.CAMERA, crossed=True),
    Flaw.DARK: Told("check-dark", Sign.LAMP),
    Flaw.BACKLIT: Told("check-backlit", Sign.LAMP),
    Flaw.TOO_BRIGHT: Told("check-too-bright", Sign.LAMP, crossed=True),
    Flaw.NOISY: Told("check-noisy", Sign.MICROPHONE, crossed=True),
    Flaw.NO_ECHO: Told("check-no-echo", Sign.SPEAKER, crossed=True),
    Flaw.HOT: Told("check-hot", Sign.HEAT),
    Flaw.WEAK_POWER: Told("check-weak-power", Sign.CABLE),
}
"""Of the others she is told that she was not heard."""
