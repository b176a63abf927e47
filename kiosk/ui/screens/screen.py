"""What every layout is: a widget that shows a page."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from kivy.uix.widget import Widget

from kiosk.consultation.model import Clinic, Contact
from kiosk.ui.page import Page
from kiosk.ui.texts import Texts
from kiosk.ui.theme import THEMES, Theme
from kiosk.ui.widgets.card import KCard
from kiosk.ui.widgets.grid import Grid
from kiosk.ui.widgets.video import KVideo


@dataclass(frozen=True, slots=True)
class Setting:
    """What screens know beside the page."""

    texts: Texts
    contacts: tuple[Contact, ...]
    now: Callable[[], datetime]
    """Local time."""
    serial: str = ""
    monotonic_s: Callable[[], float] = time.monotonic
    clinic: Clinic = field(default_factory=Clinic)
    theme: Theme = THEMES["normal"]


class KScreen(Widget):  # type: ignore[misc]  # Kivy has no types
    """Built once, at start; shown with ever new pages. Creates no widget later, so that a call is never disturbed."""

    own: KVideo | None = None
    """Where the patient's own picture goes; None: nowhere."""
    remote: KVideo | None = None
    """Where the far end's picture goes."""
    slides: KVideo | None = None
    """Where its slides go."""
    has_meter = False
    """Shows the microphone's level."""

    def __init__(self, setting: Setting) -> None:
        """Build everything."""
        super().__init__(size_hint=(None, None))
        self.setting = setting
        self.card = KCard()

    def show(self, page: Page, grid: Grid) -> None:
        """Lay out and say everything anew."""
        raise NotImplementedError

    def hear(self, dbfs: float) -> None:
        """The microphone's level, for screens with a meter."""

    def step(self) -> None:
        """A new picture of the patient's is about to be drawn: what moves beside it moves now, not on its own."""

    def rest(self) -> None:
        """Not shown any more: nothing moves."""
