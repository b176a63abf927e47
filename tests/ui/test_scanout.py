"""Whose picture the kernel's display shows; the kernel is played, the bench of virtual hardware has a real one."""

import ctypes
import socket
from pathlib import Path
from typing import Any

import pytest

from kiosk.ui import scanout
from kiosk.ui.link import Link

from .test_app import Drawing

CARD = 7
OURS, OTHERS, NONE = 42, 40, 0


class Kernel:
    """Two displays of one card; `registered` are the frames of this process."""

    def __init__(self, registered: list[int], shown: list[int]) -> None:
        self.registered, self.shown = registered, shown

    def __call__(self, card: int, number: int, wanted: Any) -> None:
        assert card == CARD
        if isinstance(wanted, scanout.Resources):
            assert (number, ctypes.sizeof(wanted)) == (0xA0, 64)
            for at, frame in enumerate(self.registered[: wanted.frame_count]):
                ctypes.c_uint32.from_address(wanted.frames + 4 * at).value = frame
            for at in range(len(self.shown)):
                ctypes.c_uint32.from_address(wanted.displays + 4 * at).value = 100 + at
            wanted.frame_count, wanted.display_count = len(self.registered), len(self.shown)
        else:
            assert (number, ctypes.sizeof(wanted)) == (0xA1, 104)
            wanted.frame = self.shown[wanted.number - 100]


@pytest.fixture
def descriptors(tmp_path: Path) -> Path:
    (tmp_path / "0").symlink_to("/dev/tty1")
    (tmp_path / "5").symlink_to("/dev/dri/renderD128")
    (tmp_path / str(CARD)).symlink_to("/dev/dri/card1")
    return tmp_path


@pytest.mark.parametrize(
    ("registered", "shown", "ours"),
    [
        ([41, OURS], [NONE, OURS], True),
        ([41, OURS], [OURS, OTHERS], True),
        ([41, OURS], [OTHERS, NONE], False),
        ([41, OURS], [NONE, NONE], False),
        ([], [OTHERS], False),
        ([], [NONE], False),
        ([OURS], [], False),
    ],
)
def test_a_display_shows_us_when_it_scans_out_a_frame_of_ours(
    descriptors: Path, registered: list[int], shown: list[int], *, ours: bool
) -> None:
    assert scanout.is_ours(Kernel(registered, shown), descriptors) is ours


def test_without_an_open_card_nothing_is_shown(tmp_path: Path) -> None:
    assert not scanout.is_ours(Kernel([OURS], [OURS]), tmp_path)


def test_what_the_kernel_does_not_tell_is_no_fault(descriptors: Path) -> None:
    def refuses(_card: int, _number: int, _wanted: ctypes.Structure) -> None:
        raise PermissionError

    assert scanout.is_ours(refuses, descriptors)


def test_the_kernel_is_asked_only_where_there_is_no_window_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for driver, asked in (("kmsdrm", True), ("offscreen", False), ("wayland", False)):
        monkeypatch.setenv("SDL_VIDEODRIVER", driver)
        assert scanout.wanted() is asked
    monkeypatch.delenv("SDL_VIDEODRIVER")
    assert not scanout.wanted()


def test_a_screen_that_nobody_sees_gives_no_sign_of_life(
    kivy_window: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours:
        drawing = Drawing(Link(theirs.detach()))
        try:
            ours.settimeout(5)
            assert ours.recv(1) == b"o"
            ours.setblocking(False)
            monkeypatch.setattr(scanout, "wanted", lambda: True)
            monkeypatch.setattr(scanout, "is_ours", lambda: False)
            drawing.app._beat()
            drawing.app._beat()
            with pytest.raises(BlockingIOError):
                ours.recv(1)
            assert caplog.text.count("shows something else") == 1
            monkeypatch.setattr(scanout, "is_ours", lambda: True)
            drawing.app._beat()
            assert ours.recv(1) == b"b"
        finally:
            drawing.close()
