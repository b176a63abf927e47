"""Everything that a screen draws, as words and signs: values without Kivy."""

from dataclasses import dataclass
from enum import Enum

from kiosk.ui.contact_card import Card
from kiosk.ui.sign import Sign
from kiosk.ui.theme import DAY, Palette


class Layout(Enum):
    """How a screen is laid out. Each has a widget in screens/."""

    NOTICE = "notice"
    """A sentence, a sign, the contact card."""
    CLOCK = "clock"
    """Clock and date on the left."""
    CAMERA = "camera"
    """The patient's own picture and the level meter on the left."""
    IDENTIFY = "identify"
    """The patient's own picture, large and as the clinician sees it."""
    CALL = "call"
    """The far end's picture."""
    TELEPHONE = "telephone"
    """A telephone number, as large as it goes."""
    SERVICE = "service"
    """A technician's table."""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything to draw, as words."""

    layout: Layout
    headline: str
    detail: str = ""
    kicker: str = ""
    """Over the headline, smaller."""
    signs: tuple[Sign, ...] = ()
    crossed: bool = False
    good: bool = False
    """The signs tell good news."""
    message: str = ""
    """From the clinic, in its own words."""
    guide: str = ""
    """What the patient is asked to do in the call; a message goes before it."""
    people: str = ""
    speaks: bool = False
    """Somebody at the far end does."""
    notices: tuple[tuple[Sign, str], ...] = ()
    """What does not work in the call, each with its sign; the weightiest first."""
    asides: tuple[tuple[Sign, str], ...] = ()
    """What is good to know in the call; the newest first."""
    code: str = ""
    """The text of a QR code."""
    caption: str = ""
    """What is being said."""
    recorded: str = ""
    """The word for it, when the call is recorded."""
    slides: bool = False
    """They take the large place."""
    steered: bool = False
    """The far end moves the patient's picture."""
    poor: bool = False
    """The connection is."""
    clock: tuple[str, str, str, str] = ("", "", "", "")
    """Time, weekday, part of the day, date."""
    rows: tuple[str, ...] = ()
    """Of the technician's table."""
    squares: tuple[str, ...] = ()
    """The same as a QR code's rows, \"1\" dark."""
    card: Card | None = None
    press: str = ""
    pressable: bool = True
    turn: int = 0
    """0, 1, 2 in the course of a minute: in large text, what has no room beside each other takes turns."""
    palette: Palette = DAY
