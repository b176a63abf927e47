"""The screens: one widget for each layout; those with large text have widgets of their own."""

from collections.abc import Mapping
from typing import Final

from kiosk.ui.page import Layout
from kiosk.ui.screens.call import KCall
from kiosk.ui.screens.camera import KCamera
from kiosk.ui.screens.clock import KClock
from kiosk.ui.screens.identify import KIdentify
from kiosk.ui.screens.large import KLargeCamera, KLargeClock, KLargeNotice, KLargeTelephone
from kiosk.ui.screens.large_call import KLargeCall
from kiosk.ui.screens.notice import KNotice
from kiosk.ui.screens.screen import KScreen, Setting
from kiosk.ui.screens.service import KService
from kiosk.ui.screens.telephone import KTelephone
from kiosk.ui.theme import Theme

__all__ = ["KScreen", "Setting", "screens_of"]

_SCREENS: Final[Mapping[Layout, type[KScreen]]] = {
    Layout.NOTICE: KNotice,
    Layout.CLOCK: KClock,
    Layout.CAMERA: KCamera,
    Layout.IDENTIFY: KIdentify,
    Layout.CALL: KCall,
    Layout.TELEPHONE: KTelephone,
    Layout.SERVICE: KService,
}
_LARGE: Final[Mapping[Layout, type[KScreen]]] = {
    Layout.NOTICE: KLargeNotice,
    Layout.CLOCK: KLargeClock,
    Layout.CAMERA: KLargeCamera,
    Layout.IDENTIFY: KIdentify,
    Layout.CALL: KLargeCall,
    Layout.TELEPHONE: KLargeTelephone,
    Layout.SERVICE: KService,
}


def screens_of(theme: Theme) -> Mapping[Layout, type[KScreen]]:
    """The widget of each layout in that theme."""
    return _LARGE if theme.letter > 1 else _SCREENS
