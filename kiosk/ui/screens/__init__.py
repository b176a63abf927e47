"""The screens: one widget for each layout."""

from typing import Final

from kiosk.ui.page import Layout
from kiosk.ui.screens.call import KCall
from kiosk.ui.screens.camera import KCamera
from kiosk.ui.screens.clock import KClock
from kiosk.ui.screens.identify import KIdentify
from kiosk.ui.screens.notice import KNotice
from kiosk.ui.screens.screen import KScreen, Setting
from kiosk.ui.screens.telephone import KTelephone

__all__ = ["SCREENS", "KScreen", "Setting"]

SCREENS: Final[dict[Layout, type[KScreen]]] = {
    Layout.NOTICE: KNotice,
    Layout.CLOCK: KClock,
    Layout.CAMERA: KCamera,
    Layout.IDENTIFY: KIdentify,
    Layout.CALL: KCall,
    Layout.TELEPHONE: KTelephone,
}
