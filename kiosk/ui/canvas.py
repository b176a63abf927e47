"""The stage in a window nobody sees, drawn step by step and read back: for the gallery and the tests."""

import numpy as np
from kivy.base import EventLoop
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels

from kiosk.consultation.view import View
from kiosk.shared_frames import FrameRing
from kiosk.ui.screens import Setting
from kiosk.ui.stage import KStage


class Canvas:
    """One at a time: there is one window in a process, and it never grows. For the drawing thread."""

    def __init__(self, setting: Setting, own: FrameRing, remote: FrameRing, slides: FrameRing) -> None:
        """Nothing is drawn yet."""
        self.stage = KStage(setting, own, remote, slides)
        EventLoop.ensure_window()
        Window.add_widget(self.stage)
        if EventLoop.status != "started":
            EventLoop.start()

    def arrange(self, view: View, size: tuple[int, int] | None = None) -> None:
        """Put a View on the stage without drawing it yet."""
        if size and tuple(Window.size) != size:
            Window.size = size
            EventLoop.idle()
        self.stage.apply(view)

    def draw(self, view: View, size: tuple[int, int] | None = None, *, level_dbfs: float | None = None) -> bytes:
        """Show a View, hear a level, and give what is seen: RGBA, top row first."""
        self.arrange(view, size)
        if level_dbfs is not None:
            self.stage.hear(level_dbfs)
            assert self.stage.current
            self.stage.current.step()
        return self.pixels()

    def pixels(self) -> bytes:
        """Draw, and give what is seen."""
        Window.canvas.ask_update()
        EventLoop.idle()
        width, height = Window.size
        seen = glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE)
        return np.frombuffer(seen, np.uint8).reshape(height, width * 4)[::-1].tobytes()

    def close(self) -> None:
        """Make room for the next one."""
        Window.remove_widget(self.stage)
